from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class FundCommon(AccountTestInvoicingCommon):
    """A fund in Italian books: a bank, two initiatives, the Foundation's rule, and one user for each role."""

    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("it")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.env.user.group_ids |= cls.env.ref("citta_fund.group_citta_fund_administrator") | cls.env.ref("base.group_partner_manager")
        cls.company = cls.company_data["company"]
        cls.company.write({"currency_id": cls.env.ref("base.EUR").id, "vat": "IT99999990023"})
        cls.bank = cls.company_data["default_journal_bank"]
        cls.fund = cls.env["citta.fund"].create({
            "name": "Test fund",
            "code": "test-fund",
            "company_id": cls.company.id,
            "bank_journal_id": cls.bank.id,
            "cash_journal_id": cls.company_data["default_journal_cash"].id,
            "journal_id": cls.company_data["default_journal_misc"].id,
            "line_ids": [Command.create({"name": "Labs", "code": "labs"}), Command.create({"name": "Aid", "code": "aid"})],
        })
        cls.labs, cls.aid = cls.fund.line_ids
        cls.env["citta.tax.profile"].create({
            "company_id": cls.company.id, "legal_form": "ets", "runts_number": "000", "valid_from": "2020-01-01", "may_issue": True,
        })
        cls._make_partners()
        cls.rule = cls.env["citta.match.rule"].create({
            "name": "The Foundation doubles the district", "fund_id": cls.fund.id, "sponsor_id": cls.foundation.id,
            "ceiling_pot": 40000, "donor_ids": [Command.set(cls.district.ids)],
        })
        cls._make_users()

    @classmethod
    def _create_company(cls, **create_values):
        """The main company where it has the Italian chart already: loading one takes longer than most tests."""
        main = cls.env.ref("base.main_company")
        return main if main.chart_template == cls.chart_template else super()._create_company(**create_values)

    @classmethod
    def _make_partners(cls):
        create = cls.env["res.partner"].create
        cls.district = create({"name": "Invented district", "is_company": True, "citta_body_kind": "municipality", "vat": "IT99999990031"})
        cls.foundation = create({"name": "Invented foundation", "is_company": True, "citta_body_kind": "foundation"})
        cls.citizen = create({"name": "Invented citizen", "citta_fiscal_code": "RSSMRA80A01F205X", "street": "Invented road 1"})

    @classmethod
    def _make_users(cls):
        companies = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        for name, group in (
            ("officer", "group_citta_fund_officer"), ("treasurer", "group_citta_treasurer"),
            ("fund_admin", "group_citta_fund_administrator"), ("auditor", "group_citta_fund_auditor"),
        ):
            setattr(cls, name, new_test_user(cls.env, f"fund_{name}", groups=f"citta_fund.{group}", **companies))
        cls.operator = new_test_user(cls.env, "fund_operator", groups="citta_lavoro.group_citta_operator", **companies)

    # -- makers --------------------------------------------------------------

    def bank_line(self, amount, **vals):
        """A statement line as an import leaves it."""
        return self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-03-01", "amount": amount, "payment_ref": "test", **vals,
        })

    def pledge(self, amount, partner=None, **vals):
        """A pledge to the first initiative."""
        return self.env["citta.pledge"].create({
            "fund_id": self.fund.id, "partner_id": (partner or self.citizen).id, "amount": amount, "wants_receipt": False, **vals,
        })

    def post(self, amount, partner=None, user=None, **vals):
        """A posted gift that came by the bank."""
        gifts = self.env["citta.donation"].with_user(user or self.treasurer)
        line = self.bank_line(amount).with_user(user or self.treasurer)
        return gifts._post_from_statement_line(line, vals={"partner_id": (self.citizen if partner is None else partner).id, **vals})

    def figures(self):
        """What the ledger says of the fund now."""
        self.env.flush_all()
        return self.fund._get_figures()[self.fund.id]
