from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestFundGuard(FundCommon):
    """What the administrator of a fund cannot turn round either."""

    def setUp(self):
        super().setUp()
        self.own = self.fund.with_user(self.fund_admin)

    def test_books_and_holder_stay_once_money_came_in(self):
        self.own.write({"is_third_party": True, "holder_partner_id": self.foundation.id})
        self.own.write({"is_third_party": False, "holder_partner_id": self.company.partner_id.id})
        self.post(10)
        other = self.env["res.company"].create({"name": "Invented other books"})
        for vals in ({"is_third_party": True}, {"holder_partner_id": self.foundation.id, "is_third_party": True}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "are in the books"):
                self.own.write(vals)
        with self.assertRaisesRegex(UserError, "are in the books"):
            self.fund.write({"company_id": other.id, "bank_journal_id": False, "cash_journal_id": False, "journal_id": False})
        self.own.write({"is_third_party": False, "holder_partner_id": self.company.partner_id.id, "name": "The same, sent again"})

    def test_opening_balances_alone_hold_the_books(self):
        opening = self.env["citta.fund.opening"].create({"fund_id": self.fund.id, "account_id": self.bank.default_account_id.id})
        opening.line_ids[0].received = 100
        opening.action_post()
        with self.assertRaisesRegex(UserError, "are in the books"):
            self.own.is_third_party = True

    def test_money_of_another_body_is_marked_so(self):
        with self.assertRaisesRegex(ValidationError, "held by a third party"):
            self.own.holder_partner_id = self.foundation
        other = self.env["res.company"].create({"name": "Invented other books"})
        held = self.env["citta.fund"].create({"name": "Other", "code": "other", "company_id": other.id})
        self.assertEqual(held.holder_partner_id, other.partner_id, "whose books they are")

    def test_donors_pay_the_holder_and_nobody_else(self):
        banks = self.env["res.partner.bank"].create([
            {"acc_number": number, "partner_id": partner.id} for number, partner in (("INVENTED1", self.citizen), ("INVENTED2", self.company.partner_id))
        ])
        with self.assertRaisesRegex(ValidationError, "not the holder's"):
            self.own.partner_bank_id = banks[0]
        self.own.partner_bank_id = banks[1]

    def test_sums_and_opening_entry_are_no_input(self):
        entry = self.post(10).move_id
        for vals in ({"summary_mark": 10**8}, {"opening_move_id": entry.id}, {"opening_move_id": False}):
            with self.subTest(vals=vals):
                with self.assertRaisesRegex(UserError, "come from the ledger"):
                    self.own.write(vals)
                with self.assertRaisesRegex(UserError, "come from the ledger"):
                    self.env["citta.fund"].with_user(self.fund_admin).create({"name": "New", "code": "new", "company_id": self.company.id, **vals})
        forged = self.env["citta.fund"].with_user(self.fund_admin).with_context(default_summary_mark=10**8, default_opening_move_id=entry.id)
        new = forged.create({"name": "New", "code": "new", "company_id": self.company.id})
        self.assertFalse(new.summary_mark or new.opening_move_id)

    def test_address_stays_once_somebody_may_hold_it(self):
        self.own.code = "renamed"
        self.own.is_published = True
        with self.assertRaisesRegex(UserError, "/fondo/renamed, which stays"):
            self.own.code = "other"
        self.own.write({"code": "renamed", "name": "Another name"})
        self.own.is_published = False
        self.own.code = "renamed-again"
        self.pledge(5)
        with self.assertRaisesRegex(UserError, "has pledges"):
            self.own.write({"code": "other", "is_published": False})

    def test_initiative_stays_with_its_fund(self):
        self.post(10)
        other = self.env["citta.fund"].create({"name": "Second", "code": "second", "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "stays with its fund"):
            self.labs.with_user(self.fund_admin).fund_id = other
        with self.assertRaisesRegex(UserError, "stays with its fund"):
            other.with_user(self.fund_admin).line_ids = [Command.link(self.labs.id)]
        self.assertEqual(self.figures()["received"], 10)

    def test_nobody_points_to_a_person_out_of_sight(self):
        """A link shows a name: whoever may write a number would learn whom it means."""
        person = self.env["res.partner"].create({"name": "Invented participant"})
        person.sudo().citta_is_person = True
        self.assertFalse(self.env["res.partner"].with_user(self.officer).search([("id", "=", person.id)]))
        pledges, gifts = (self.env[name].with_user(self.officer) for name in ("citta.pledge", "citta.donation"))
        line, rules = self.bank_line(5), self.env["citta.match.rule"].with_user(self.fund_admin)
        sheets = self.env["citta.donation.sheet"].with_user(self.officer)
        deeds = {
            "pledge": lambda: pledges.create({"fund_id": self.fund.id, "partner_id": person.id, "amount": 5}),
            "pledge changed": lambda: self.pledge(5).with_user(self.officer).write({"partner_id": person.id}),
            "gift": lambda: gifts.create({"fund_id": self.fund.id, "partner_id": person.id, "amount": 5}),
            "sponsor": lambda: rules.create({"name": "Rule", "fund_id": self.fund.id, "sponsor_id": person.id, "ceiling_pot": 5}),
            "donors of a rule": lambda: self.rule.with_user(self.fund_admin).write({"donor_ids": [Command.link(person.id)]}),
            "split": lambda: self.env["citta.donation.split"].with_user(self.treasurer).create({"statement_line_id": line.id, "partner_id": person.id}),
            "bank line of a list": lambda: sheets.create({
                "name": "List", "fund_id": self.fund.id, "fund_line_id": self.labs.id, "statement_line_id": line.id,
            }),
        }
        for name, deed in deeds.items():
            with self.subTest(name), self.assertRaises(AccessError), self.env.cr.savepoint():
                deed()
