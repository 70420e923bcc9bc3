from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.rf_reference import is_valid_rf, make_rf, normalise_rf
from .posting_rule import KINDS, STANDING, TOO_MUCH

ANONYMITY = [
    ("public", "Name shown"),
    ("initials", "Initials shown"),
    ("hidden", "Hidden in public"),
]
# Set by what happens to a pledge, not by hand.
FACTS = {
    "is_cancelled", "state", "amount_received", "amount_open", "instalments", "date_next", "date_stopped", "date_reminded", "payment_token_id",
    "charge_failures",
}
START = {"is_cancelled": False, "instalments": 1, "date_stopped": False, "date_reminded": False, "payment_token_id": False, "charge_failures": 0}


class Pledge(models.Model):
    """A promised gift with the reference that the donor writes on the transfer. What came in is read from the gifts."""

    _name = "citta.pledge"
    _description = "Pledge"
    _inherit = [
        "citta.amount.mixin", "citta.reach.mixin", "citta.gift.occasion", "citta.pledge.public", "citta.pledge.charge", "citta.pledge.recurring",
        "citta.internal.thread.mixin", "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _citta_chatter_needs = "read"  # auditors change nothing, and read all
    _rec_name = "reference"
    _rec_names_search = ["reference", "partner_id.name"]

    reference = fields.Char(required=True, readonly=True, copy=False, help="ISO 11649: the bank carries it with the transfer.")
    fund_id = fields.Many2one(
        "citta.fund", "Fund", required=True, index=True, ondelete="restrict", default=lambda self: self.env["citta.fund"]._get_default()
    )
    fund_line_id = fields.Many2one(
        "citta.fund.line", "Initiative", required=True, index=True, ondelete="restrict", domain="[('fund_id', '=', fund_id)]",
        compute="_compute_fund_line_id", store=True, readonly=False, precompute=True,
    )
    company_id = fields.Many2one(related="fund_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="fund_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Donor", required=True, index=True, ondelete="restrict", tracking=True)
    amount = fields.Monetary(required=True, tracking=True)
    kind = fields.Selection(KINDS, "Kind of gift", required=True, default="free", tracking=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_due = fields.Date("Expected by")
    anonymity = fields.Selection(ANONYMITY, required=True, default="hidden")
    wants_receipt = fields.Boolean("Wants a receipt", default=True)

    # facts
    is_cancelled = fields.Boolean("Cancelled", readonly=True, copy=False, tracking=True)
    donation_ids = fields.One2many("citta.donation", "pledge_id", "Gifts")
    amount_received = fields.Monetary("Received", compute="_compute_received", store=True)
    amount_open = fields.Monetary("Open", compute="_compute_received", store=True)
    state = fields.Selection(
        [("open", "Expected"), ("partial", "Partly received"), ("received", "Received in full"), ("cancelled", "Cancelled")],
        compute="_compute_received", store=True, index=True, tracking=True,
    )

    _reference_uniq = models.UniqueIndex("(reference)", "Another pledge has this reference already.")
    _amount_positive = models.Constraint(f"CHECK (amount > 0 AND amount < {TOO_MUCH})", "A pledge has an amount above zero and below a billion.")

    @api.depends("fund_id")
    def _compute_fund_line_id(self):
        for pledge in self.filtered(lambda pledge: pledge.fund_line_id.fund_id != pledge.fund_id):
            pledge.fund_line_id = pledge.fund_id.default_line_id

    @api.depends("amount", "is_cancelled", "instalments", "donation_ids.amount", "donation_ids.state")
    def _compute_received(self):
        for pledge in self:
            counted = pledge.donation_ids.filtered(lambda gift: gift.state in STANDING)
            pledge.amount_received = sum(counted.mapped("amount"))
            pledge.amount_open = 0 if pledge.is_cancelled else max(pledge._get_amount_due() - pledge.amount_received, 0)
            pledge.state = pledge._get_state()

    @api.constrains("fund_id", "fund_line_id")
    def _check_fund_line(self):
        for pledge in self:
            if pledge.fund_line_id.fund_id != pledge.fund_id:
                raise UserError(self.env._("The initiative belongs to another fund."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            given = vals.get("reference") or make_rf(self.env["ir.sequence"].next_by_code("citta.pledge"))
            vals["reference"] = normalise_rf(given)
            if not is_valid_rf(given):
                raise UserError(self.env._("“%(reference)s” is no reference that a bank would carry (ISO 11649).", reference=given))
            self._refuse_facts(vals)
        # no default of a context makes a pledge received or stopped
        return super().create([{**START, **vals} for vals in vals_list])

    def write(self, vals):
        """What was promised stays as it was once money has come in; the reference never changes."""
        self.check_access("write")
        self._refuse_facts(vals, "reference")
        if {"partner_id", "fund_id", "company_id", "amount"} & set(vals) and any(pledge.amount_received for pledge in self):
            raise UserError(self.env._("Money has come in for this pledge: its donor, its fund and its amount stay."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_gifts(self):
        if self.donation_ids:
            raise UserError(self.env._("A pledge with gifts stays; cancel it instead."))

    @api.depends("reference", "partner_id.name")
    def _compute_display_name(self):
        for pledge in self:
            pledge.display_name = f"{pledge.reference or ''} {pledge.partner_id.name or ''}".strip()

    @api.model
    def _search_display_name(self, operator, value):
        """By the reference also as letters print it, in groups of four and whatever case, and by the donor's name."""
        domain = super()._search_display_name(operator, value)
        compact = normalise_rf(value) if operator == "ilike" and isinstance(value, str) else ""
        return Domain(domain) | Domain("reference", "ilike", compact) if compact else domain

    # -- actions -------------------------------------------------------------

    def action_print_letter(self):
        """Print the letter with the reference and the QR code for the transfer."""
        return self.env.ref("citta_fund.pledge_letter_action").report_action(self)

    def action_cancel(self):
        """The donor withdraws: nothing is expected any more. A late transfer can still be posted on it.

        :raise UserError: when everything has been received
        """
        if any(pledge.state == "received" for pledge in self):
            raise UserError(self.env._("This pledge has been received."))
        self.check_access("write")
        # sudo: the mark is set by this action only, after the right to write was checked
        self.sudo().write({"is_cancelled": True})
        return True

    def action_reopen(self):
        """Expect a cancelled pledge again."""
        self.check_access("write")
        # sudo: the mark is set by this action only, after the right to write was checked
        self.sudo().write({"is_cancelled": False})
        return True

    # -- tools ---------------------------------------------------------------

    def _refuse_facts(self, vals, *more):
        if set(more) & set(vals) or not self.env.su and FACTS & set(vals):
            raise UserError(self.env._("The reference and the state of a pledge cannot be set by hand."))

    def _get_state(self):
        if self.is_cancelled:
            return "cancelled"
        if self.amount_received and self.currency_id.compare_amounts(self.amount_received, self._get_amount_due()) >= 0:
            return "received"
        return "partial" if self.amount_received else "open"

    def _prepare_donation_vals(self):
        """What a gift takes over from its pledge.

        :return: dict of values
        """
        self.ensure_one()
        return {
            "pledge_id": self.id,
            "fund_id": self.fund_id.id,
            "partner_id": self.partner_id.id,
            "kind": self.kind,
            "anonymity": self.anonymity,
            "wants_receipt": self.wants_receipt,
            **self._prepare_occasion_vals(),
        }
