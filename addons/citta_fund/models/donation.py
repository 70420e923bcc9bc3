from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from .pledge import ANONYMITY
from .posting_rule import KINDS, STANDING, TOO_MUCH

MEANS = [
    ("transfer", "Bank transfer"),
    ("card", "Card"),
    ("cheque", "Cheque"),
    ("cash", "Cash"),
    ("in_kind", "In kind"),
]
TRACEABLE = {"transfer", "card", "cheque"}
# Facts are set by the steps below and by nobody else; what was recorded stays once the gift is in the books.
FACTS = {"move_id", "statement_line_id", "payment_transaction_id", "refund_move_id", "date_undone", "date_accepted", "sheet_id", "date_thanked", "rest_of_id"}
DERIVED = {"state", "is_traceable", "company_id"}
# By these a gift comes into the books and leaves them.
COUNTED = {"move_id", "refund_move_id", "date_undone"}
RECORDED = {
    "name", "fund_id", "partner_id", "date_received", "amount", "means", "trace", "kind", "pledge_id", "line_ids",
    "in_kind_items", "value_basis", "appraisal_date",
}


class Donation(models.Model):
    """A gift as it came in. Its state is read from facts: an entry in the books, a receipt, a refund, an undoing."""

    _name = "citta.donation"
    _description = "Gift"
    _inherit = [
        "citta.amount.mixin", "citta.reach.mixin", "citta.gift.occasion", "citta.donation.posting", "citta.donation.online",
        "citta.donation.reversal", "citta.donation.in.kind", "citta.donation.story",
        "citta.internal.thread.mixin", "mail.activity.mixin",
    ]
    _order = "date_received desc, id desc"
    _citta_chatter_needs = "read"  # auditors change nothing, and read all

    name = fields.Char("Number", required=True, readonly=True, copy=False)
    fund_id = fields.Many2one(
        "citta.fund", "Fund", required=True, index=True, ondelete="restrict", default=lambda self: self.env["citta.fund"]._get_default()
    )
    company_id = fields.Many2one(related="fund_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="fund_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Donor", index=True, ondelete="restrict", help="Empty: the donor is unknown.")
    pledge_id = fields.Many2one("citta.pledge", "Pledge", index="btree_not_null", ondelete="restrict", copy=False)
    date_received = fields.Date("Date of payment", required=True, default=fields.Date.context_today, index=True)
    amount = fields.Monetary(required=True)
    line_ids = fields.One2many("citta.donation.line", "donation_id", "Initiatives", copy=True)
    kind = fields.Selection(KINDS, "Kind of gift", required=True, default="free")
    means = fields.Selection(MEANS, required=True, default="transfer")
    is_traceable = fields.Boolean("Traceable", compute="_compute_is_traceable", store=True, precompute=True)
    trace = fields.Char(copy=False, help="What proves the payment: the bank's reference, the number of the cheque.")
    anonymity = fields.Selection(ANONYMITY, required=True, default="hidden")
    wants_receipt = fields.Boolean("Wants a receipt")
    note = fields.Text(groups="base.group_user")

    # facts
    sheet_id = fields.Many2one("citta.donation.sheet", "List", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank line", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    payment_transaction_id = fields.Many2one("payment.transaction", "Online payment", readonly=True, copy=False, ondelete="restrict")
    move_id = fields.Many2one("account.move", "Entry", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    date_booked = fields.Date("Booked on", related="move_id.date", help="Another day than that of the payment where its books were closed already.")
    refund_move_id = fields.Many2one("account.move", "Refund entry", readonly=True, copy=False, ondelete="restrict")
    date_undone = fields.Date("Undone on", readonly=True, copy=False)
    date_thanked = fields.Date("Thanked on", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("accepted", "Accepted in kind"), ("posted", "Posted"), ("receipted", "Receipted"), ("refunded", "Refunded"), ("undone", "Undone")],
        compute="_compute_state", store=True, index=True,
    )
    match_entry_ids = fields.One2many("citta.match.entry", "donation_id", "Matches")
    amount_matched = fields.Monetary("Matched", compute="_compute_amount_matched")
    receipt_line_ids = fields.One2many("citta.receipt.line", "donation_id", "Receipt lines")
    receipt_id = fields.Many2one("citta.receipt", "Receipt", compute="_compute_receipt_id")
    receipt_obstacle = fields.Char("Why no receipt", compute="_compute_receipt_obstacle")

    _amount_positive = models.Constraint(f"CHECK (amount > 0 AND amount < {TOO_MUCH})", "A gift has an amount above zero and below a billion.")
    _bank_line_uniq = models.UniqueIndex(
        "(statement_line_id) WHERE statement_line_id IS NOT NULL AND date_undone IS NULL", "This bank line is a gift already."
    )
    _transaction_uniq = models.UniqueIndex(
        "(payment_transaction_id) WHERE payment_transaction_id IS NOT NULL AND date_undone IS NULL AND refund_move_id IS NULL", "This payment is a gift already."
    )
    _public_idx = models.Index(f"(fund_id, date_received) WHERE state IN {STANDING}")
    _count_idx = models.Index(f"(fund_id, id) WHERE state IN {STANDING}")
    _refund_needs_entry = models.Constraint("CHECK (refund_move_id IS NULL OR move_id IS NOT NULL)", "Only a posted gift is refunded.")

    @api.depends("means")
    def _compute_is_traceable(self):
        for gift in self:
            gift.is_traceable = gift.means in TRACEABLE

    @api.depends("move_id", "refund_move_id", "date_undone", "date_accepted", "receipt_line_ids.is_void")
    def _compute_state(self):
        for gift in self:
            facts = (
                ("undone", gift.date_undone),
                ("refunded", gift.refund_move_id),
                # sudo: an entry in the books is a fact, also for whoever may not open it
                ("receipted", gift.means != "in_kind" and gift.sudo().receipt_line_ids.filtered(lambda line: not line.is_void)),
                ("posted", gift.move_id),
                ("accepted", gift.date_accepted),
            )
            gift.state = next((state for state, fact in facts if fact), "draft")

    @api.depends("match_entry_ids.amount", "match_entry_ids.reversal_move_id")
    def _compute_amount_matched(self):
        for gift in self:
            gift.amount_matched = sum(gift.match_entry_ids.filtered("is_standing").mapped("amount"))

    @api.depends("receipt_line_ids.is_void")
    def _compute_receipt_id(self):
        for gift in self:
            gift.receipt_id = gift.receipt_line_ids.filtered(lambda line: not line.is_void)[:1].receipt_id

    @api.depends("state", "partner_id", "means", "fund_id", "statement_line_id")
    def _compute_receipt_obstacle(self):
        for gift in self:
            # sudo: whoever sees the gift may know why it has no receipt; only the reason is shown
            gift.receipt_obstacle = gift.state != "draft" and self.env["citta.receipt"]._get_obstacle(gift.sudo())

    @api.constrains("fund_id", "pledge_id")
    def _check_pledge(self):
        for gift in self:
            if gift.pledge_id and gift.pledge_id.fund_id != gift.fund_id:
                raise ValidationError(self.env._("The pledge was made to another fund."))

    @api.constrains("amount", "line_ids", "fund_id")
    def _check_parts(self):
        for gift in self:
            if gift.line_ids.fund_line_id.fund_id != gift.fund_id:
                raise ValidationError(self.env._("The initiatives of a gift belong to its fund."))
            if gift.currency_id.compare_amounts(sum(gift.line_ids.mapped("amount")), gift.amount):
                raise ValidationError(self.env._("The parts of the gift do not add up to its amount."))

    @api.onchange("amount", "fund_id")
    def _onchange_amount(self):
        """One initiative is the usual case: it follows the amount."""
        if len(self.line_ids) <= 1 and self.fund_id and self.amount:
            line = self.line_ids.fund_line_id.filtered(lambda line: line.fund_id == self.fund_id) or self.fund_id.default_line_id
            self.line_ids = [Command.clear(), Command.create({"fund_line_id": line.id, "amount": self.amount})]

    @api.model_create_multi
    def create(self, vals_list):
        for vals, number in zip(vals_list, self._take_numbers(len(vals_list)), strict=True):
            self._refuse_facts(vals)
            # no default of a context makes a gift posted
            vals.update(dict.fromkeys(FACTS - set(vals), False))
            self._fill_vals(vals)
            vals["name"] = number
        return super().create(vals_list)

    def write(self, vals):
        """A gift in the books is a record: it is undone or refunded, never rewritten."""
        self.check_access("write")
        self._refuse_facts(vals)
        if RECORDED & set(vals):
            self._refuse_if_posted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        self._refuse_if_posted()

    # -- actions -------------------------------------------------------------

    def action_post(self):
        """Post gifts in cash, match them and issue the receipt where one is wanted and allowed. Treasurer only.

        :raise UserError: for other means, which are posted from their bank line
        """
        self._post_cash()
        return True

    def action_issue_receipt(self):
        """Issue a receipt for each gift. Treasurer only.

        :raise UserError: with the reason why there can be none
        """
        for gift in self:
            gift._issue_receipt()
        return True

    def action_refund(self):
        """Give the money back: a counter-entry owes it to the donor, the match falls, the receipt is voided."""
        for gift in self:
            gift._refund()
        return True

    def action_undo_refund(self):
        """Take back a refund that was not paid out: nothing is owed any more, the gift counts and is matched again. Treasurer only."""
        for gift in self:
            gift._undo_refund()
        return True

    def action_undo(self):
        """Take back a wrong recording: the bank line waits again, the match falls, the receipt is voided."""
        for gift in self:
            gift._undo()
        return True

    def action_thank(self):
        """Open a letter of thanks to the donor, to be read over and sent; several donors are thanked at once, each only once."""
        template = self.env.ref("citta_fund.mail_template_thanks")
        if len(self) > 1:
            return self._thank_all(template)
        return {
            "type": "ir.actions.act_window", "name": self.env._("Thank the donor"), "res_model": "mail.compose.message", "view_mode": "form", "target": "new",
            "context": {
                "default_model": self._name, "default_res_ids": self.ids, "default_template_id": template.id, "default_composition_mode": "comment",
                "citta_thanks": True,
            },
        }

    def action_open_receipt(self):
        """Open the receipt."""
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.receipt_action")
        return {**action, "views": [(False, "form")], "res_id": self.receipt_id.id}

    # -- thanks --------------------------------------------------------------

    def _thank_all(self, template):
        """Queue the thanks of those that have come whose donor has an address and was not thanked yet.

        :param template: mail.template record
        :return: a notification that says how many
        """
        self.check_access("write")
        waiting = self.filtered(lambda gift: gift.state in ("accepted", *STANDING) and gift.partner_id.email and not gift.date_thanked)
        for gift in waiting.with_context(citta_thanks=True):
            gift.message_post_with_source(template, subtype_xmlid="mail.mt_comment")
        return {
            "type": "ir.actions.client", "tag": "display_notification", "params": {
                "type": "success" if waiting else "info", "message": self.env._("Thanked: %(count)s of %(all)s.", count=len(waiting), all=len(self)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _message_post_after_hook(self, message, msg_values):
        """Note that the donor was thanked, once the letter has gone out."""
        if self.env.context.get("citta_thanks"):
            self._set_facts(date_thanked=fields.Date.context_today(self))
        return super()._message_post_after_hook(message, msg_values)

    # -- tools ---------------------------------------------------------------

    def _fill_vals(self, vals):
        """One line for the whole amount where none is given."""
        pledge, fund = self.env["citta.pledge"].browse(vals.get("pledge_id")), self.env["citta.fund"].browse(vals.get("fund_id"))
        fund = fund or pledge.fund_id or self.env["citta.fund"]._get_default()
        vals["fund_id"] = fund.id
        line = pledge.fund_line_id or fund.default_line_id
        if not vals.get("line_ids") and line:
            vals["line_ids"] = [Command.create({"fund_line_id": line.id, "amount": vals.get("amount")})]

    @api.model
    def _take_numbers(self, count):
        """The next numbers of the sequence, in one query for a list of gifts."""
        # sudo: numbers of gifts come from a technical record
        sequence = self.env.ref("citta_fund.sequence_donation").sudo()
        if sequence.implementation != "standard" or sequence.use_date_range or count < 2:
            return [sequence.next_by_id() for _number in range(count)]
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence.id:03d}", count))
        return [sequence.get_next_char(number) for [number] in rows]

    def _refuse_facts(self, vals):
        if (FACTS | DERIVED) & set(vals) and not self.env.su:
            raise UserError(self.env._("The state of a gift and its entries are set by posting it, not by hand."))

    def _refuse_if_posted(self):
        if any(gift.state != "draft" for gift in self):
            raise UserError(self.env._("This gift is in the books: undo or refund it instead."))

    def _set_facts(self, **facts):
        if COUNTED & set(facts):
            self.env["citta.fund.count"]._drop(self)
        # sudo: facts are nobody's to write but the posting steps', each of which has checked the right before
        self.sudo().write(facts)
