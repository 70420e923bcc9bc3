from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_fund_page import HOSTILE, WebCommon


@tagged("post_install", "-at_install")
class TestFundMilestone(WebCommon):
    """What the gifts have done: told to their donors and on the fund's page, small numbers of people hidden."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.donor = new_test_user(cls.env, "story_donor", groups="base.group_portal", name="Donor A")
        cls.other = new_test_user(cls.env, "story_other", groups="base.group_portal", name="Donor B")
        cls.donor.partner_id.write({"citta_fiscal_code": "BNCMRT75M41F205U", "street": "Via di Prova 1", "lang": "en_US"})
        make = cls.env["citta.fund.milestone"].create
        cls.lab = make({"name": "The lab has ended", "fund_line_id": cls.labs.id, "people_count": 14, "is_published": True, "description": HOSTILE})
        cls.few = make({"name": "Tickets were paid", "fund_line_id": cls.labs.id, "people_count": 3, "is_published": True})
        cls.draft = make({"name": "Not yet told", "fund_line_id": cls.labs.id, "people_count": 20})
        cls.elsewhere = make({"name": "Bills were paid", "fund_line_id": cls.aid.id, "is_published": True})

    def test_public_page(self):
        text = self.url_open("/fondo/prova").text
        shown = " ".join(self.get_page("/fondo/prova").get_element_by_id("milestones").text_content().split())
        for there in ("The lab has ended", "14 people", "Tickets were paid", "a few people", "Bills were paid"):
            self.assertIn(there, shown)
        for hidden in ("Not yet told", "3 people", "20 people"):
            self.assertNotIn(hidden, shown)
        self.assertNotIn("<script>alert(1)", text)

    def test_story_of_an_own_gift(self):
        self.rule.donor_ids = False
        pledge = self.pledge(50, self.donor.partner_id, date="2026-02-01", date_due="2026-03-15", wants_receipt=True)
        gift = self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(self.bank_line(50).with_user(self.treasurer), pledge=pledge)
        self.authenticate("story_donor", "story_donor")
        self.assertIn(f"/my/donazioni/dono/{gift.id}", self.url_open("/my/donazioni").text)
        page = self.get_page(f"/my/donazioni/dono/{gift.id}")
        steps = page.xpath("//*[@id='steps']/li/@data-step")
        self.assertEqual(steps, ["pledged", "expected", "received", "posted", "matched", "receipted"])
        text = " ".join(page.text_content().split())
        self.assertIn("Invented foundation added to it", text)
        self.assertRegex(text, r"sponsors included: 100\.00\s€")
        self.assertIn("The lab has ended", text)
        self.assertIn("a few people", text)
        for hidden in ("Not yet told", "Bills were paid", "3 people"):
            self.assertNotIn(hidden, text)
        gift.with_user(self.treasurer).action_refund()
        steps = self.get_page(f"/my/donazioni/dono/{gift.id}").xpath("//*[@id='steps']/li/@data-step")
        self.assertEqual(steps, ["pledged", "expected", "received", "posted", "refunded"])

    def test_nobody_elses(self):
        gift = self.post(5, self.donor.partner_id)
        self.authenticate("story_other", "story_other")
        for path in (f"/my/donazioni/dono/{gift.id}", "/my/donazioni/dono/0"):
            self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(f"/my/donazioni/dono/{gift.id}").url)

    def test_gift_in_kind_has_its_own_way(self):
        gift = self.env["citta.donation"].create({
            "fund_id": self.fund.id, "partner_id": self.donor.partner_id.id, "amount": 100, "means": "in_kind", "in_kind_items": "1 bench", "value_basis": "market",
        })
        self.env["ir.attachment"].create({"name": "deed", "raw": b"x", "res_model": gift._name, "res_id": gift.id})
        gift.with_user(self.treasurer).action_accept()
        self.assertEqual([code for code, _day, _text in gift._get_steps()], ["received", "accepted"])

    def test_who_tells(self):
        self.draft.with_user(self.officer).write({"is_published": True})
        for user in (self.auditor, self.operator):
            self.assertTrue(self.lab.with_user(user).name)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.lab.with_user(user).write({"name": "x"})
        with self.assertRaises(AccessError):
            self.lab.with_user(self.donor).read(["name"])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.lab.people_count = -1
            self.env.flush_all()

    def test_analytic_accounts_by_initiative(self):
        plan = self.env["account.analytic.plan"].sudo().create({"name": "Invented plan"})
        fund = self.fund.with_user(self.fund_admin)
        fund.analytic_plan_id = plan
        for _time in range(2):
            fund.action_make_analytic_accounts()
        accounts = fund.line_ids.analytic_account_id
        self.assertEqual((len(accounts), accounts.plan_id), (2, plan))
        gift = self.post(30, line_ids=[Command.create({"fund_line_id": self.labs.id, "amount": 10}), Command.create({"fund_line_id": self.aid.id, "amount": 20})])
        items = gift.move_id.line_ids.filtered("citta_nature")
        self.assertEqual({item.citta_fund_line_id: item.analytic_distribution for item in items}, {line: {str(line.analytic_account_id.id): 100} for line in fund.line_ids.sudo(False).with_env(self.env)})
