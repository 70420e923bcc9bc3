import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.citta_lavoro.models.common.workflow_mixin import Transition

from ..tools.gift_list import read_list
from ..tools.statement_csv import TableFault
from .account_move_line import BOOKING
from .posting_rule import STANDING

TREASURER = "citta_fund.group_citta_treasurer"


class DonationSheet(models.Model):
    """One transfer that brings the gifts of many: payroll giving, a collection. One entry with an item for each donor."""

    _name = "citta.donation.sheet"
    _description = "List of gifts"
    _inherit = ["citta.reach.mixin", "citta.workflow.mixin", "mail.thread"]
    _order = "id desc"

    _workflow_transitions = {
        "post": Transition(("draft",), "posted", TREASURER),
        "undo": Transition(("posted",), "undone", TREASURER),
    }

    name = fields.Char(required=True, help="For instance: payroll giving of March, firm so-and-so.")
    fund_id = fields.Many2one(
        "citta.fund", "Fund", required=True, index=True, ondelete="restrict", default=lambda self: self.env["citta.fund"]._get_default()
    )
    fund_line_id = fields.Many2one("citta.fund.line", "Initiative", required=True, index=True, ondelete="restrict", domain="[('fund_id', '=', fund_id)]")
    company_id = fields.Many2one(related="fund_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="fund_id.currency_id")
    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank line", index="btree_not_null", ondelete="restrict", copy=False)
    content = fields.Binary("List (CSV)", attachment=True, help="Columns: Nome; Codice fiscale; E-mail; Importo; Ricevuta. Name and amount are needed.")
    filename = fields.Char()
    donation_ids = fields.One2many("citta.donation", "sheet_id", "Gifts", readonly=True)
    gift_count = fields.Integer("Number of gifts", compute="_compute_totals")
    total = fields.Monetary(compute="_compute_totals")
    state = fields.Selection([("draft", "Draft"), ("posted", "Posted"), ("undone", "Undone")], required=True, readonly=True, default="draft", index=True)

    _line_uniq = models.UniqueIndex("(statement_line_id) WHERE state = 'posted'", "This bank line is a list of gifts already.")
    _posted_has_line = models.Constraint("CHECK (state = 'draft' OR statement_line_id IS NOT NULL)", "A list is posted from its bank line.")

    @api.depends("donation_ids.amount")
    def _compute_totals(self):
        for sheet in self:
            sheet.gift_count, sheet.total = len(sheet.donation_ids), sum(sheet.donation_ids.mapped("amount"))

    def write(self, vals):
        """What was posted stays as it was."""
        self.check_access("write")
        if {"fund_id", "fund_line_id", "statement_line_id", "content"} & set(vals) and any(sheet.state != "draft" for sheet in self):
            raise UserError(self.env._("This list is in the books: undo it instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(sheet.state != "draft" for sheet in self):
            raise UserError(self.env._("This list is in the books: undo it instead."))

    # -- actions -------------------------------------------------------------

    def action_read(self):
        """Read the file and make a draft gift of each row; drafts of an earlier reading go.

        :raise UserError: with the row and what is wrong in it; nothing is changed then
        """
        for sheet in self:
            if sheet.state != "draft":
                raise UserError(self.env._("This list is in the books: undo it instead."))
            rows = sheet._read_rows()
            sheet.donation_ids.unlink()
            sheet._make_gifts(rows)
        return True

    def action_post(self):
        """Post all gifts of the list from its bank line, match them and issue the receipts asked for. Treasurer only."""
        return self._workflow_move("post")

    def action_undo(self):
        """Take the whole list back: the bank line waits again, matches fall, receipts are voided. Treasurer only."""
        return self._workflow_move("undo")

    # -- business ------------------------------------------------------------

    def _on_post(self):
        """Replace the suspense of the bank line by one item for each gift and initiative."""
        for sheet in self:
            # read together to the end, also once what the list knows of them is forgotten
            line, gifts = sheet.statement_line_id, sheet.donation_ids.with_prefetch().sorted("id")
            gifts._check_lines_free(line)
            gifts._check_bank_means()
            if not gifts or sheet.currency_id.compare_amounts(sheet.total, line.amount):
                raise UserError(self.env._("The gifts of the list do not add up to the bank line."))
            if sheet.fund_id.bank_journal_id != line.journal_id:
                raise UserError(self.env._("The money did not come on the bank account of “%(fund)s”.", fund=sheet.fund_id.display_name))
            gifts.write({"date_received": line.date, "trace": gifts._get_bank_vals(line)["trace"]})
            line._citta_replace_suspense([item for gift in gifts for item in gift._prepare_items("gift", -1)])
            gifts._set_facts(move_id=line.move_id.id)
            gifts._complete()

    def _on_undo(self):
        """Everything falls, then the bank line waits again."""
        for sheet in self:
            standing = sheet.donation_ids.filtered(lambda gift: gift.state in STANDING)
            if standing != sheet.donation_ids:
                raise UserError(self.env._("A gift of this list was refunded: it cannot be undone as a whole."))
            standing._refuse_closed_period(sheet.statement_line_id.move_id)
            for gift in standing:
                gift._leave(self.env._("The list of gifts was undone."))
            standing._set_facts(date_undone=fields.Date.context_today(self))
            sheet.statement_line_id.with_context(**BOOKING).action_undo_reconciliation()

    # -- tools ---------------------------------------------------------------

    def _read_rows(self):
        try:
            return read_list(base64.b64decode(self.content or b""))
        except TableFault as fault:
            messages = {
                "amount": self.env._("Row %(row)s: “%(text)s” is no amount of a gift.", row=fault.row, text=fault.text),
                "code": self.env._("Row %(row)s: “%(text)s” is no valid fiscal code.", row=fault.row, text=fault.text),
                "name": self.env._("Row %(row)s has no name.", row=fault.row),
            }
            raise UserError(messages.get(fault.code) or self.env["citta.statement.format"]._explain(fault)) from fault

    def _make_gifts(self, rows):
        donors = self._find_donors(rows)
        gifts = self.env["citta.donation"].create([{
            "fund_id": self.fund_id.id, "partner_id": donor.id, "amount": row.amount, "means": "transfer", "wants_receipt": row.receipt,
            "line_ids": [fields.Command.create({"fund_line_id": self.fund_line_id.id, "amount": row.amount})],
        } for row, donor in zip(rows, donors, strict=True)])
        gifts._set_facts(sheet_id=self.id)

    def _find_donors(self, rows):
        """The contact of each row, told by fiscal code; without one, or where it is new, a contact of its own.

        Persons of the programme are left alone: what they give is no matter of their pathway.
        """
        partners, codes = self.env["res.partner"], {row.code for row in rows if row.code}
        known = partners.search([
            ("citta_is_person", "=", False), "|", ("citta_fiscal_code", "in", list(codes)), ("vat", "in", [*codes, *(f"IT{code}" for code in codes)]),
        ]) if codes else partners
        by_code = {code: one for one in known for code in (one.citta_fiscal_code, (one.vat or "").removeprefix("IT")) if code}
        new = {row.code or place: row for place, row in enumerate(rows) if not row.code or row.code not in by_code}
        made = dict(zip(new, partners.create([self._prepare_donor(row) for row in new.values()]), strict=True))
        return [by_code.get(row.code) or made[row.code or place] for place, row in enumerate(rows)]

    def _prepare_donor(self, row):
        """A contact as the list names it."""
        is_body = len(row.code) == 11
        return {
            "name": row.name, "email": row.email, "is_company": is_body, "vat": f"IT{row.code}" if is_body else False,
            "citta_fiscal_code": False if is_body else row.code,
        }
