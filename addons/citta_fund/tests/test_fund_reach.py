import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FundCommon
from .test_fund_page import WebCommon

# Every model that says who gave what.
DONORS = (
    "citta.donation", "citta.donation.line", "citta.donation.sheet", "citta.pledge", "citta.receipt", "citta.receipt.line", "citta.receipt.run",
    "citta.receipt.void", "citta.match.rule", "citta.match.entry", "citta.fund.register", "citta.fund.check", "citta.fund.summary", "citta.fund.count",
    "citta.donation.split", "citta.donation.split.part", "citta.donation.bank", "citta.fund.opening", "citta.fund.opening.line",
)
SETTINGS = ("citta.posting.rule", "citta.statement.format", "citta.tax.profile")
PORTAL = {"citta.donation", "citta.pledge", "citta.receipt"}
WORK = ("operator", "coordinator", "administrator", "network_manager", "observatory_editor", "reviewer", "privacy_officer")


class Reach:
    """Everybody who is no donor and not of the fund, and one row of each model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.others = {name: new_test_user(cls.env, f"reach_{name}", groups=f"citta_lavoro.group_citta_{name}", **companies) for name in WORK}
        cls.others["employee"] = new_test_user(cls.env, "reach_employee", groups="base.group_user", **companies)
        cls.others["accountant"] = new_test_user(cls.env, "reach_accountant", groups="account.group_account_user", **companies)
        cls.donor = new_test_user(cls.env, "reach_donor", groups="base.group_portal", name="Reach Donor")
        cls.donor.partner_id.write({"citta_fiscal_code": "BNCMRT75M41F205U", "street": "Via di Prova 1", "email": "reach@esempio.example"})
        cls.others["other donor"] = new_test_user(cls.env, "reach_other", groups="base.group_portal")
        cls.others["public"] = cls.env.ref("base.public_user")
        cls.rows = cls.make_rows(cls)

    def make_rows(self):
        """One row of each model, of a donor who is none of the others."""
        donor, env = self.donor.partner_id, self.env
        rule = env["citta.match.rule"].create({"name": "Reach", "fund_id": self.fund.id, "sponsor_id": self.foundation.id, "ceiling_pot": 1000})
        line = env["account.bank.statement.line"].create({"journal_id": self.bank.id, "date": "2026-03-01", "amount": 40, "payment_ref": "reach"})
        gift = env["citta.donation"]._post_from_statement_line(line, vals={"partner_id": donor.id, "wants_receipt": True})
        sheet = env["citta.donation.sheet"].create({
            "name": "Reach", "fund_id": self.fund.id, "fund_line_id": self.labs.id, "content": base64.b64encode(b"Nome;Importo\nAnna;5"), "filename": "x.csv",
        })
        waiting = env["account.bank.statement.line"].create({"journal_id": self.bank.id, "date": "2026-03-02", "amount": 30, "payment_ref": "split"})
        split = env["citta.donation.split"].create({
            "statement_line_id": waiting.id, "partner_id": donor.id, "part_ids": [Command.create({"fund_line_id": self.labs.id, "amount": 30})],
        })
        account = self.fund.bank_journal_id.default_account_id
        opening = env["citta.fund.opening"].create({"fund_id": self.fund.id, "account_id": account.id})
        env["citta.fund.check"]._run(self.company)
        env["citta.fund.summary"].sudo().create({"fund_id": self.fund.id, "fund_line_id": self.labs.id, "month": "2020-01-01", "nature": "gift"})
        env["citta.fund.count"].sudo().create({"fund_id": self.fund.id, "month": "2020-01-01", "gifts": 1})
        return {
            "citta.donation": gift, "citta.donation.line": gift.line_ids, "citta.donation.sheet": sheet,
            "citta.pledge": env["citta.pledge"].create({"fund_id": self.fund.id, "partner_id": donor.id, "amount": 70}),
            "citta.receipt": gift.receipt_id, "citta.receipt.line": gift.receipt_line_ids, "citta.receipt.run": env["citta.receipt.run"].create({"year": 2026}),
            "citta.receipt.void": env["citta.receipt.void"].create({"receipt_id": gift.receipt_id.id, "reason": "x"}),
            "citta.match.rule": rule, "citta.match.entry": gift.match_entry_ids, "citta.fund.register": env["citta.fund.register"].create({"year": 2026}),
            "citta.fund.check": env["citta.fund.check"].search([], limit=1), "citta.fund.summary": env["citta.fund.summary"].search([], limit=1),
            "citta.fund.count": env["citta.fund.count"].search([], limit=1),
            "citta.donation.bank": env["citta.donation.bank"].create({
                "donation_id": env["citta.donation"].create({"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 41, "means": "cheque"}).id,
            }),
            "citta.donation.split": split, "citta.donation.split.part": split.part_ids, "citta.fund.opening": opening, "citta.fund.opening.line": opening.line_ids,
            "citta.posting.rule": self.fund.posting_rule_ids[:1],
            "citta.statement.format": env["citta.statement.format"].create({"name": "Reach", "company_id": self.company.id, "journal_id": self.bank.id}),
            "citta.tax.profile": env["citta.tax.profile"].search([], limit=1),
        }


@tagged("post_install", "-at_install")
class TestFundReach(Reach, FundCommon):
    """What operators, coordinators, network managers, accountants, other donors and passers-by reach of donors: nothing."""

    def assert_shut(self, deed, kind=AccessError):
        """The deed is refused to everybody on every model."""
        for who, user in self.others.items():
            for name, row in self.rows.items():
                with self.subTest(who=who, model=name), self.assertRaises(kind), self.cr.savepoint():
                    deed(row.with_user(user).with_context(allowed_company_ids=self.company.ids))

    def assert_found_nothing(self, deed):
        """The deed is refused, or answers as if there were no row; on the portal's models a donor finds own rows only."""
        for who, user in self.others.items():
            for name, row in self.rows.items():
                with self.subTest(who=who, model=name):
                    if name in PORTAL and who == "other donor":
                        self.assertFalse(deed(row.with_user(user)))
                    else:
                        with self.assertRaises(AccessError):
                            deed(row.with_user(user))

    def test_the_walk_covers_the_addon(self):
        everybodys = {"citta.fund", "citta.fund.line", "citta.fund.milestone"}
        ours = {name for name, model in self.env.registry.items() if model._original_module == "citta_fund" and not model._abstract}
        self.assertEqual(ours, {*DONORS, *SETTINGS, *everybodys})
        self.assertEqual(set(self.rows), {*DONORS, *SETTINGS})
        self.assertTrue(all(self.rows.values()))

    def test_nothing_is_searched(self):
        self.assert_found_nothing(lambda row: row.search_read([], ["id"]))
        self.assert_found_nothing(lambda row: row.search_count([]))
        self.assert_found_nothing(lambda row: row.search([]).ids)

    def test_nothing_is_grouped(self):
        self.assert_found_nothing(lambda row: row.formatted_read_group([], [], ["__count"])[0]["__count"])

    def test_nothing_is_found_by_name(self):
        self.assert_found_nothing(lambda row: row.name_search(""))

    def test_nothing_is_read_by_id(self):
        self.assert_shut(lambda row: row.read(["display_name"]))
        self.assert_shut(lambda row: row.web_read({"display_name": {}}))

    def test_nothing_is_exported(self):
        self.assert_shut(lambda row: row.export_data(["id"]), UserError)

    def test_nothing_is_changed(self):
        self.assert_shut(lambda row: row.write({"create_uid": row.env.uid}))
        self.assert_shut(lambda row: row.unlink())
        self.assert_shut(lambda row: row.copy())
        self.assert_shut(lambda row: row.create({}))

    def test_no_button_works(self):
        gift, pledge, receipt, line = (self.rows[name] for name in ("citta.donation", "citta.pledge", "citta.receipt", "citta.match.rule"))
        waiting = self.bank_line(9)
        for who, user in self.others.items():
            for deed in (
                gift.with_user(user).action_refund, gift.with_user(user).action_undo, gift.with_user(user).action_issue_receipt,
                gift.with_user(user).action_accept, gift.with_user(user).action_post, pledge.with_user(user).action_cancel,
                pledge.with_user(user).action_stop, pledge.with_user(user).action_remind, receipt.with_user(user).action_send,
                line.with_user(user).action_call, waiting.with_user(user).action_citta_post_gift, waiting.with_user(user).action_citta_post_certain,
                waiting.with_user(user).action_citta_post_payout, waiting.with_user(user).action_citta_post_return,
                self.rows["citta.receipt.run"].with_user(user).action_queue, self.rows["citta.donation.sheet"].with_user(user).action_post,
                self.rows["citta.fund.register"].with_user(user).action_make, self.rows["citta.receipt.void"].with_user(user).action_void,
                self.rows["citta.fund.check"].with_user(user).action_run,
            ):
                with self.subTest(who=who, deed=deed.__name__), self.assertRaises(AccessError), self.cr.savepoint():
                    deed()

    def test_an_accountant_sees_the_entry_and_not_the_gift(self):
        """Odoo's own rights on the books stay as they are; what the fund adds to a bank line is for its people."""
        line = self.rows["citta.donation"].statement_line_id.with_user(self.others["accountant"])
        self.assertEqual(line.amount, 40)
        for name in ("citta_donation_ids", "citta_pledge_id", "citta_donor_id", "citta_chosen_pledge_id", "citta_sheet_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                line.read([name])
        waiting = self.bank_line(70, payment_ref=self.rows["citta.pledge"].reference)
        row = waiting.with_user(self.others["accountant"]).read(["citta_reasons", "citta_certainty", "citta_others", "citta_return_reasons", "citta_points"])[0]
        self.assertFalse(any(value for name, value in row.items() if name != "id"))
        self.assertEqual(waiting.with_user(self.treasurer).citta_certainty, "certain")

    def test_hidden_rows_are_not_guessed_by_a_path(self):
        """A filter over a relation answers no question about what is shut."""
        for who, domain in (
            ("operator", [("match_rule_ids.sponsor_id.name", "ilike", "a")]), ("operator", [("posting_rule_ids.account_id.code", "ilike", "3")]),
        ):
            with self.subTest(domain), self.assertRaises(AccessError):
                self.env["citta.fund"].with_user(self.others[who]).search(domain)
        gifts = self.env["citta.donation"].with_user(self.donor)
        for path in ("partner_id.citta_fiscal_code", "match_entry_ids.amount", "statement_line_id.account_number", "note",
                     "receipt_line_ids.trace", "sheet_id.name", "payment_transaction_id.reference", "message_ids.body", "activity_ids.note"):
            with self.subTest(path), self.assertRaises(AccessError):
                gifts.search([(path, "ilike", "a")])
        # a donor may read invoices of their own, so Odoo lets this be asked; there are none
        self.assertFalse(gifts.search([("move_id.line_ids.name", "ilike", "")]))

    def test_own_rows_are_all_that_a_donor_has(self):
        for name in sorted(PORTAL):
            mine = self.env[name].with_user(self.donor)
            self.assertEqual(mine.search([]), self.rows[name], name)
            self.assertEqual([row[0] for row in mine.name_search("")], self.rows[name].ids)
            for deed in (lambda row: row.write({"create_uid": row.env.uid}), lambda row: row.unlink(), lambda row: row.copy()):
                with self.assertRaises(AccessError):
                    deed(self.rows[name].with_user(self.donor))
            with self.assertRaises(UserError):
                self.rows[name].with_user(self.donor).export_data(["id"])

    def test_what_is_written_beside_gifts_stays_with_them(self):
        """Notes, files, activities and the log of moves follow the rights of their record."""
        gift, receipt = self.rows["citta.donation"], self.rows["citta.receipt"]
        gift.message_post(body="Secret note about the donor")
        attachment = self.env["ir.attachment"].create({"name": "deed.pdf", "raw": b"secret", "res_model": "citta.donation", "res_id": gift.id})
        gift.activity_schedule("mail.mail_activity_data_todo", user_id=self.treasurer.id, note="Secret")
        receipt.with_user(self.treasurer)._void("Secret reason")
        for who, user in {**self.others, "donor": self.donor}.items():
            for model, domain in (
                ("mail.message", [("model", "in", DONORS)]), ("ir.attachment", [("res_model", "in", DONORS)]),
                ("mail.activity", [("res_model", "in", DONORS)]), ("citta.workflow.log", [("res_model", "in", DONORS)]),
            ):
                with self.subTest(who=who, model=model):
                    rows = self.env[model].with_user(user)
                    self.assertFalse(rows.has_access("read") and rows.search(domain))
            with self.subTest(who=who), self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw", "name"])
        for user in (self.officer, self.treasurer, self.auditor):
            self.assertTrue(self.env["mail.message"].with_user(user).search([("model", "=", "citta.donation"), ("body", "ilike", "Secret note")]))
            self.assertEqual(attachment.with_user(user).raw, b"secret")

    def test_no_rights_of_ours_on_the_books(self):
        """Odoo's own groups say who does what in accounting; the fund adds no line to them."""
        lines = self.env["ir.model.access"].sudo().search([("model_id.model", "=like", "account.%")])
        ids = lines.get_external_id()
        self.assertGreater(len(lines), 50)
        self.assertFalse([name for name in ids.values() if name.startswith(("citta_fund.", "citta_lavoro."))])
        groups = self.env["res.groups"].sudo().search([("privilege_id.name", "in", ("Solidarity fund", "Fund audit"))])
        self.assertFalse(lines.filtered(lambda line: line.group_id in groups))
        rules = self.env["ir.rule"].sudo().search([("model_id.model", "=like", "account.%")])
        self.assertFalse([name for name in rules.get_external_id().values() if name.startswith(("citta_fund.", "citta_lavoro."))])


@tagged("post_install", "-at_install")
class TestFundReachWeb(Reach, WebCommon, HttpCase):
    """The same from outside: files, papers, pages, conversations and addresses with a token."""

    def each(self):
        """Everybody else, logged in."""
        for who, user in self.others.items():
            if who == "public":
                self.authenticate(None, None)
            else:
                self.authenticate(user.login, user.login)
            yield who

    def test_files_and_papers(self):
        receipt, sheet, gift = self.rows["citta.receipt"], self.rows["citta.donation.sheet"], self.rows["citta.donation"]
        paper = self.env["ir.attachment"].sudo().create({"name": "x.pdf", "raw": b"%PDF-1.7 secret", "res_model": "citta.receipt", "res_id": receipt.id})
        receipt.sudo().write({"attachment_id": paper.id, "pdf_sha256": "x"})
        reports = self.env["ir.actions.report"].search([("report_name", "=like", "citta_fund.%")])
        self.assertGreaterEqual(len(reports), 3)
        pages = [
            f"/web/content/{paper.id}", f"/web/content/{paper.id}?download=true", f"/web/content/citta.donation.sheet/{sheet.id}/content",
            f"/web/image/citta.donation.sheet/{sheet.id}/content", f"/web/content?model=citta.donation.sheet&id={sheet.id}&field=content&access_token=x",
            f"/my/donazioni/ricevuta/{receipt.id}", f"/my/donazioni/ricevuta/{receipt.id}?access_token={self.rows['citta.pledge']._portal_ensure_token()}",
            f"/my/donazioni/promessa/{self.rows['citta.pledge'].id}/lettera",
            *(f"/report/{kind}/{report.report_name}/{gift.id if report.model == 'citta.donation' else receipt.id}" for report in reports for kind in ("html", "pdf", "text")),
        ]
        for who in self.each():
            for page in pages:
                with self.subTest(who=who, page=page), mute_logger("odoo.http", "odoo.addons.web.controllers.report"):
                    response = self.url_open(page, allow_redirects=False)
                    self.assertNotIn(b"%PDF-1.7 secret", response.content)
                    self.assertNotIn("Reach Donor", response.text)
                    if "/report/" not in page:
                        self.assertIn(response.status_code, (303, 302, 301, 403, 404) if "/image/" not in page else (200, 403, 404))
        self.authenticate("reach_donor", "reach_donor")
        self.assertIn(b"secret", self.url_open(f"/my/donazioni/ricevuta/{receipt.id}").content)

    def test_conversations(self):
        """Whoever holds a pledge's address neither reads nor writes in its conversation; other donors do not either."""
        pledge = self.rows["citta.pledge"]
        token = pledge._portal_ensure_token()
        pledge.message_post(body="Secret to the donor", message_type="comment", subtype_xmlid="mail.mt_comment")
        pledge._remind()
        thread = {"thread_model": "citta.pledge", "thread_id": pledge.id, "token": token, "access_token": token}
        for who in self.each():
            for route, params in (
                ("/mail/chatter_fetch", {**thread, "fetch_params": {"limit": 30}}),
                ("/mail/thread/messages", {**thread, "fetch_params": {"limit": 30}}),
                ("/portal/chatter_init", thread), ("/mail/thread/data", {**thread, "request_list": ["followers", "suggestedRecipients"]}),
            ):
                with self.subTest(who=who, route=route), mute_logger("odoo.http"):
                    text = self.url_open(route, json={"params": params}).text
                    self.assertNotIn("Secret", text)
                    self.assertNotIn("Reach Donor", text)
                    self.assertNotIn("reach@esempio", text)
            with self.subTest(who=who), mute_logger("odoo.http"):
                self.url_open("/mail/message/post", json={"params": {**thread, "post_data": {"body": f"Forged {who}", "message_type": "comment"}}})
        self.env.invalidate_all()
        self.assertFalse(pledge.message_ids.filtered(lambda message: "Forged" in (message.body or "")))

    def test_call_over_the_web(self):
        """The client's own address for calls is no other door."""
        for who in self.each():
            if who == "public":
                continue
            for name, row in self.rows.items():
                for method, arguments in (("read", [row.ids, ["display_name"]]), ("web_search_read", [[], {"display_name": {}}]), ("unlink", [row.ids])):
                    with self.subTest(who=who, model=name, method=method), mute_logger("odoo.http"):
                        answer = self.url_open(f"/web/dataset/call_kw/{name}/{method}", json={
                            "params": {"model": name, "method": method, "args": arguments, "kwargs": {}},
                        }).json()
                        found = answer.get("result") or {}
                        self.assertTrue("error" in answer or not (found.get("length") if isinstance(found, dict) else found), answer)
        self.assertTrue(all(row.exists() for row in self.rows.values()))
