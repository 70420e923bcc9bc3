import base64
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from ..models.posting_rule import STANDING
from ..tools.table_file import csv_bytes, xlsx_bytes

MAY_READ = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"
PUBLIC_BODIES = ("municipality", "public_service")
# Art. 1 c. 127 L. 124/2017: below this sum of a year nothing need be published.
PUBLISH_FROM = 10000
YEARS = range(2000, 2201)


class FundRegister(models.TransientModel):
    """The two lists that the law wants of a year, as files: gifts for the revenue agency, public money received.

    Sources: for the agency, the decree on the pre-filled tax return (natural persons, traceable gifts, sums given back
    with the year of the gift; the record layout is the agency's own, these are its data); art. 1 c. 125–129 L. 124/2017.
    """

    _name = "citta.fund.register"
    _description = "File for the authorities"

    company_id = fields.Many2one("res.company", "Body", required=True, default=lambda self: self.env.company)
    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year - 1)
    kind = fields.Selection(
        [("agency", "Gifts of persons, for the revenue agency"), ("public", "Public money received (L. 124/2017)")], "List", required=True, default="agency",
    )
    file_format = fields.Selection([("csv", "CSV"), ("xlsx", "XLSX")], "Format", required=True, default="xlsx")
    summary = fields.Char("In short", compute="_compute_summary")
    content = fields.Binary("File", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends("company_id", "year", "kind")
    def _compute_summary(self):
        for register in self:
            rows = register._get_rows()[1:] if register.year in YEARS else []
            register.summary = " ".join(filter(None, [register._get_summary(rows), register._get_left_out()]))

    # -- actions -------------------------------------------------------------

    def action_make(self):
        """Make the file and show the form again, to download it. Treasurer and auditor only."""
        self.ensure_one()
        rows = self._get_rows()
        name = {"agency": "erogazioni-liberali", "public": "contributi-pubblici"}[self.kind]
        data = csv_bytes(rows) if self.file_format == "csv" else xlsx_bytes(rows, str(self.year))
        self.write({"content": base64.b64encode(data), "filename": f"{name}-{self.year}.{self.file_format}"})
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.fund_register_action")
        return {**action, "res_id": self.id}

    # -- business ------------------------------------------------------------

    def _get_rows(self):
        """The list as rows of cells, titles first.

        :raise AccessError: the user is neither treasurer nor auditor
        """
        if not (self.env.su or self.env.user.has_groups(MAY_READ)):
            raise AccessError(self.env._("Only the treasurer and the auditor make these files."))
        if self.year not in YEARS:
            raise UserError(self.env._("%(year)s is no year of gifts: choose one from %(first)s on.", year=self.year, first=YEARS[0]))
        return {"agency": self._get_agency_rows, "public": self._get_public_rows}[self.kind]()

    def _get_agency_rows(self):
        """One row for each person and year of gift: what came in in the year, and what was given back in it of earlier years."""
        titles = [
            self.env._("Record"), self.env._("Fiscal code"), self.env._("Donor"), self.env._("Year of the gift"),
            self.env._("Amount"), self.env._("Number of gifts"),
        ]
        given, returned = self._find_agency_gifts()
        return [titles, *self._sum_up(self.env._("gift"), given), *self._sum_up(self.env._("given back"), returned, self._find_rests(returned))]

    def _find_agency_gifts(self):
        """What persons gave in the year, and what was given back in it of earlier years.

        :return: two recordsets of gifts
        """
        first, last = self._get_span()
        of_persons = [
            ("company_id", "=", self.company_id.id), ("is_traceable", "=", True), ("fund_id.is_third_party", "=", False),
            ("partner_id.is_company", "=", False),
        ]
        given = self.env["citta.donation"].search([
            *of_persons, *self._get_kept_domain(), ("state", "in", (*STANDING, "refunded")),
        ])
        returned = self.env["citta.donation"].search([
            *of_persons, ("date_received", "<", first), ("refund_move_id.date", ">=", first), ("refund_move_id.date", "<=", last),
        ])
        return given, returned

    def _get_kept_domain(self):
        """What came in in the year and was there at its end; of a gift of which a part went back later, the whole and not its rest."""
        first, last = self._get_span()
        return [
            ("date_received", ">=", first), ("date_received", "<=", last), "|", ("refund_move_id", "=", False), ("refund_move_id.date", ">", last),
            "|", ("rest_of_id", "=", False), ("rest_of_id.refund_move_id.date", "<=", last),
        ]

    def _find_rests(self, gifts):
        """Gift → what is left of it where only a part went back."""
        rests = self.env["citta.donation"].search([("rest_of_id", "in", gifts.ids), ("date_undone", "=", False)])
        return {rest.rest_of_id: rest.amount for rest in rests}

    def _sum_up(self, record, gifts, rests=None):
        """A row for each fiscal code and year of gift, by fiscal code; gifts without a valid one cannot be reported.

        :param rests: gift → the part of it that is not meant
        """
        sums = {}
        for gift in gifts:
            code = self.env["citta.receipt"]._get_tax_code(gift.partner_id)
            if len(code) == 16:
                _name, amount, count = sums.get((code, gift.date_received.year), ("", 0.0, 0))
                sums[code, gift.date_received.year] = (gift.partner_id.name, amount + gift.amount - (rests or {}).get(gift, 0), count + 1)
        return [
            [record, code, name, year, round(amount, 2), count] for (code, year), (name, amount, count) in sorted(sums.items())
        ]

    def _get_public_rows(self):
        """One row for each sum of public money cashed in the year, by payer, and for each thing given, which the law names beside it."""
        titles = [self.env._("Payer"), self.env._("Payer's fiscal code"), self.env._("Amount"), self.env._("Cashed on"), self.env._("Reason")]
        first, last = self._get_span()
        gifts = self.env["citta.donation"].search([
            ("company_id", "=", self.company_id.id), ("fund_id.is_third_party", "=", False), ("state", "in", (*STANDING, "refunded", "accepted")),
            ("partner_id.citta_body_kind", "in", PUBLIC_BODIES), *self._get_kept_domain(),
        ])
        cashed = [(gift.partner_id, gift.amount, gift.date_received, self._get_reason(gift)) for gift in gifts] + self._get_sponsors_money(first, last)
        return [titles, *[
            [payer.name, self.env["citta.receipt"]._get_tax_code(payer), amount, day, reason]
            for payer, amount, day, reason in sorted(cashed, key=lambda row: (row[0].name, row[2], row[1]))
        ]]

    def _get_sponsors_money(self, first, last):
        """What public bodies paid as sponsors, by the payments that were reconciled with their matches.

        :return: list of (payer, amount, day, reason)
        """
        rules = self.env["citta.match.rule"].with_context(active_test=False).search([
            ("company_id", "=", self.company_id.id), ("fund_id.is_third_party", "=", False), ("sponsor_id.citta_body_kind", "in", PUBLIC_BODIES),
        ])
        paid = []
        for rule in rules:
            # sudo: what a sponsor has paid is a fact of its rule; treasurer and auditor read the books anyway
            owed, reversals = rule.sudo().entry_ids.move_id.line_ids, rule.sudo().entry_ids.reversal_move_id
            for part in owed.filtered(lambda item: item.account_id.account_type == "asset_receivable").matched_credit_ids:
                item = part.credit_move_id
                if item.move_id not in reversals and first <= item.date <= last:
                    paid.append((rule.sponsor_id, part.amount, item.date, self.env._("Match by the rule “%(rule)s” of “%(fund)s”", rule=rule.name, fund=rule.fund_id.name)))
        return paid

    def _get_reason(self, gift):
        initiatives = ", ".join(gift.line_ids.mapped("fund_line_id.name"))
        if gift.means == "in_kind":
            return self.env._("Contribution in kind to “%(fund)s”: %(initiatives)s", fund=gift.fund_id.name, initiatives=initiatives)
        return self.env._("Contribution to “%(fund)s”: %(initiatives)s", fund=gift.fund_id.name, initiatives=initiatives)

    # -- tools ---------------------------------------------------------------

    def _get_span(self):
        return date(self.year, 1, 1), date(self.year, 12, 31)

    def _get_left_out(self):
        """How many gifts of persons the agency cannot be told of, because their donor has no valid fiscal code; an empty string where none."""
        if self.kind != "agency" or self.year not in YEARS:
            return ""
        left = self._find_agency_gifts()[0].filtered(lambda gift: len(self.env["citta.receipt"]._get_tax_code(gift.partner_id)) != 16)
        amount = format_amount(self.env, sum(left.mapped("amount")), self.company_id.currency_id)
        return self.env._("Left out for want of a donor's valid fiscal code: %(count)s gifts, %(amount)s.", count=len(left), amount=amount) if left else ""

    def _get_summary(self, rows):
        """How much came in by the rows; what was given back of earlier years is no part of it."""
        count, back = len(rows), self.env._("given back")
        total = sum(cell for row in rows if row[0] != back for cell in row if isinstance(cell, float))
        amount = format_amount(self.env, total, self.company_id.currency_id)
        if self.kind == "agency":
            return self.env._("%(count)s rows, %(amount)s. To be sent by 16 March.", count=count, amount=amount)
        if total >= PUBLISH_FROM:
            return self.env._("%(count)s sums, %(amount)s: to be published by 30 June.", count=count, amount=amount)
        return self.env._("%(count)s sums, %(amount)s: below the sum from which publishing is a duty.", count=count, amount=amount)
