from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.matching import Terms, share_out
from .posting_rule import KINDS, TOO_MUCH


class MatchRule(models.Model):
    """A sponsor's promise to add to the gifts of others: a factor under ceilings, within a window, from a pot."""

    _name = "citta.match.rule"
    _description = "Matching rule"
    _inherit = ["citta.amount.mixin", "citta.reach.mixin", "citta.claim.mixin", "mail.thread"]
    _order = "fund_id, priority, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    priority = fields.Integer(default=10, help="Lower numbers match first.")
    fund_id = fields.Many2one("citta.fund", "Fund", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="fund_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="fund_id.currency_id")
    sponsor_id = fields.Many2one("res.partner", "Sponsor", required=True, ondelete="restrict", tracking=True)
    kind = fields.Selection(KINDS, "Booked as", required=True, default="free", help="By which posting rule the match is credited.")

    # arithmetic
    factor = fields.Float(digits=(6, 4), default=1, required=True, tracking=True, help="1 doubles the gift.")
    ceiling_pot = fields.Monetary("Pot", required=True, tracking=True, help="All that the sponsor has pledged.")
    ceiling_gift = fields.Monetary("At most per gift", tracking=True, help="Zero: no ceiling.")
    ceiling_donor = fields.Monetary("At most per donor", tracking=True, help="Zero: no ceiling.")

    # whose gifts, what for, and when
    date_from = fields.Date("From", tracking=True)
    date_to = fields.Date("To", tracking=True)
    # who or what is archived stays named, and is not deleted: a rule for nobody any more would be one for everybody
    donor_ids = fields.Many2many(
        "res.partner", "citta_match_rule_donor_rel", "rule_id", "partner_id", "Only these donors", ondelete="restrict", context={"active_test": False},
    )
    fund_line_ids = fields.Many2many(
        "citta.fund.line", "citta_match_rule_line_rel", "rule_id", "fund_line_id", "Only these initiatives", domain="[('fund_id', '=', fund_id)]",
        ondelete="restrict", context={"active_test": False},
        help="The sponsor adds to what is meant for them, and only there. Empty: to all gifts.",
    )
    donor_domain = fields.Char("Only donors that are", help="A filter on contacts, for instance municipalities only.")

    # facts
    entry_ids = fields.One2many("citta.match.entry", "rule_id", "Matches")
    matched = fields.Monetary(compute="_compute_matched")
    pot_left = fields.Monetary("Left in the pot", compute="_compute_matched")
    progress = fields.Float("Matched (%)", compute="_compute_matched")
    owed = fields.Monetary("Still owed", compute="_compute_owed", help="What the sponsor has not paid yet of its matches.")
    sponsor_paid = fields.Monetary("Paid by the sponsor", compute="_compute_owed")
    date_called = fields.Date("Last called on", readonly=True, copy=False, tracking=True)

    _factor_positive = models.Constraint("CHECK (factor > 0 AND factor < 100)", "A factor is above zero and below a hundred.")
    _pot_positive = models.Constraint(f"CHECK (ceiling_pot > 0 AND ceiling_pot < {TOO_MUCH})", "The pot holds more than nothing and less than a billion.")
    _ceilings_positive = models.Constraint(
        f"CHECK (ceiling_gift >= 0 AND ceiling_donor >= 0 AND ceiling_gift < {TOO_MUCH} AND ceiling_donor < {TOO_MUCH})", "A ceiling is zero or more, and below a billion.",
    )
    _window_in_order = models.Constraint("CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)", "The window ends before it starts.")

    @api.depends("entry_ids.amount", "entry_ids.reversal_move_id", "ceiling_pot")
    def _compute_matched(self):
        groups = self.env["citta.match.entry"]._read_group(
            [("rule_id", "in", self.ids), ("reversal_move_id", "=", False)], ["rule_id"], ["amount:sum"]
        )
        sums = {rule.id: amount for rule, amount in groups}
        for rule in self:
            rule.matched = sums.get(rule.id, 0.0)
            rule.pot_left = rule.ceiling_pot - rule.matched
            rule.progress = 100 * rule.matched / rule.ceiling_pot if rule.ceiling_pot else 0

    @api.depends("entry_ids.amount", "entry_ids.reversal_move_id")
    def _compute_owed(self):
        for rule in self:
            # sudo: what a sponsor owes is a fact of its rule, the entries stay closed
            items = rule.sudo()._get_owed_items()
            rule.owed = sum(items.mapped("amount_residual"))
            rule.sponsor_paid = rule.matched - rule.owed

    @api.constrains("donor_domain")
    def _check_donor_domain(self):
        for rule in self.filtered("donor_domain"):
            try:
                self.env["res.partner"].search_count(rule._get_donor_domain(), limit=1)
            except (ValueError, SyntaxError, TypeError) as error:
                raise UserError(self.env._("The filter on donors cannot be read.")) from error

    @api.constrains("fund_line_ids", "fund_id")
    def _check_fund_lines(self):
        for rule in self:
            if rule.fund_line_ids.fund_id - rule.fund_id:
                raise UserError(self.env._("The initiative belongs to another fund."))

    @api.constrains("ceiling_gift", "ceiling_donor")
    def _check_ceilings(self):
        """A ceiling is never lowered below what was added under it: it would seem to be exceeded ever after."""
        self.env["citta.match.entry"].flush_model()
        for rule in self:
            for ceiling, key in ((rule.ceiling_gift, SQL("d.id")), (rule.ceiling_donor, SQL("d.partner_id"))):
                [[most]] = self.env.execute_query(SQL(
                    "SELECT max(added) FROM (SELECT sum(e.amount) added FROM citta_match_entry e JOIN citta_donation d ON d.id = e.donation_id"
                    " WHERE e.rule_id = %s AND e.reversal_move_id IS NULL GROUP BY %s) sums", rule.id, key,
                ))
                if ceiling and most and rule.currency_id.compare_amounts(float(most), ceiling) > 0:
                    raise UserError(self.env._("%(amount)s were added already under this ceiling: archive the rule and make another.", amount=most))

    def write(self, vals):
        """Sponsor, fund and initiatives stay once something was matched; the pot is never lowered below what was."""
        if {"sponsor_id", "fund_id", "fund_line_ids"} & set(vals) and any(rule.entry_ids for rule in self):
            raise UserError(self.env._("This rule has matched gifts: its sponsor, its fund and its initiatives stay."))
        result = super().write(vals)
        if "ceiling_pot" in vals:
            for rule in self:
                rule._claim_resize("pot")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.entry_ids:
            raise UserError(self.env._("This rule has matched gifts: archive it instead."))

    # -- actions -------------------------------------------------------------

    def action_view_entries(self):
        """Open what the rule has matched."""
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.match_entry_action")
        action["domain"] = [("rule_id", "in", self.ids)]
        return action

    def action_call(self):
        """Write to the sponsor what is to be paid, to be read over and sent. Treasurer only.

        :raise UserError: nothing is owed
        """
        self.ensure_one()
        self.env["citta.fund"]._require_treasurer()
        if self.currency_id.is_zero(self.owed):
            raise UserError(self.env._("“%(sponsor)s” owes nothing for this rule.", sponsor=self.sponsor_id.name))
        # sudo: the day of the call is written by this action only, the treasurer may not change rules
        self.sudo().date_called = fields.Date.context_today(self)
        template = self.env.ref("citta_fund.mail_template_call")
        return {
            "type": "ir.actions.act_window", "res_model": "mail.compose.message", "view_mode": "form", "target": "new",
            "context": {"default_model": self._name, "default_res_ids": self.ids, "default_template_id": template.id, "default_composition_mode": "comment"},
        }

    # -- business ------------------------------------------------------------

    def _get_owed_items(self):
        """The sponsor's open items, of matches and of their reversals."""
        moves = self.entry_ids.move_id | self.entry_ids.reversal_move_id
        return moves.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable" and not item.reconciled)

    @api.model
    def _match(self, gifts):
        """Let every rule of their fund add to posted gifts: one gift after the other by day and number, each by the order of priority.

        :param gifts: posted gifts of one fund
        :return: the new match entries
        """
        plan = self._plan(gifts)
        return self.env["citta.match.entry"]._book(plan) if plan else self.env["citta.match.entry"]

    @api.model
    def _plan(self, gifts):
        """What each rule adds to each gift. The pots are claimed, each once; the entries are still to be booked.

        :return: (rule, day) → list of (gift, amount): what stands in one entry
        """
        rules, plan = self.search([("fund_id", "=", gifts.fund_id.id)]), {}
        # in the order of payment, whatever order somebody has sorted them by on the screen
        gifts = gifts.sorted(lambda gift: (gift.date_received, gift.id))
        wanted = [(gift, gift.partner_id, gift.amount, rules.filtered(lambda rule, gift=gift: rule._is_open_to(gift))) for gift in gifts if rules]
        concerned = rules.browse().union(*(found for *_gift, found in wanted))
        for rule, gift, share in share_out(wanted, {rule: rule._get_terms(gifts) for rule in concerned}):
            plan.setdefault((rule, gift.date_received), []).append((gift, float(share)))
        for rule in concerned:
            rule._claim_shares(sum(share for (one, _day), shares in plan.items() if one == rule for _gift, share in shares))
        return plan

    def _is_open_to(self, gift):
        """Whether a gift falls in the window, is meant for one of the initiatives and comes from one of the donors; never from the sponsor."""
        self.ensure_one()
        donor, day = gift.partner_id, gift.date_received
        in_window = (not self.date_from or day >= self.date_from) and (not self.date_to or day <= self.date_to)
        own = donor and donor.commercial_partner_id == self.sponsor_id.commercial_partner_id
        return bool(in_window and not own and self._get_open_lines(gift) and self._is_open_to_donor(donor))

    def _is_open_to_donor(self, donor):
        if self.donor_ids and donor not in self.donor_ids:
            return False
        return not self.donor_domain or bool(donor.filtered_domain(self._get_donor_domain()))

    def _get_open_lines(self, gift):
        """The parts of a gift that the rule adds to: those meant for its initiatives, or all."""
        wanted = self.fund_line_ids
        return gift.line_ids.filtered(lambda line: line.fund_line_id in wanted) if wanted else gift.line_ids

    def _get_terms(self, gifts):
        """What the rule still allows, as the arithmetic wants it.

        A rival for the same donor moves the same pot, so that one of the two is run again on fresh figures.

        :param gifts: those whose donors' ceilings are asked for; unknown donors share one
        """
        return Terms(
            round(self.factor, 4), self.ceiling_pot - self._claim_used("pot"), self.ceiling_gift or None, self.ceiling_donor or None,
            self._get_donors_matched(gifts.partner_id) if self.ceiling_donor else {},
            {gift: sum(self._get_open_lines(gift).mapped("amount")) for gift in gifts} if self.fund_line_ids else {},
        )

    def _get_donors_matched(self, donors):
        """Donor → what this rule has added to the gifts of each of them, and of those who are unknown."""
        self.env["citta.match.entry"].flush_model()
        self.env["citta.donation"].flush_model(["partner_id"])
        rows = self.env.execute_query(SQL(
            "SELECT d.partner_id, sum(e.amount) FROM citta_match_entry e JOIN citta_donation d ON d.id = e.donation_id"
            " WHERE e.rule_id = %s AND e.reversal_move_id IS NULL AND (d.partner_id IS NULL OR d.partner_id IN %s) GROUP BY d.partner_id",
            self.id, tuple(donors.ids) or (0,),
        ))
        return {donors.browse(partner_id or []): amount for partner_id, amount in rows}

    def _claim_shares(self, amount):
        """Take from the pot what gifts were given.

        :raise UserError: a rival has emptied the pot in this moment
        """
        amount = self.currency_id.round(amount)
        if amount and not self._claim("pot", amount):
            raise UserError(self.env._("The pot of “%(rule)s” has just been used up: try again.", rule=self.name))

    # -- hooks ---------------------------------------------------------------

    def _get_claim_capacity(self, kind):
        return self.ceiling_pot if kind == "pot" else super()._get_claim_capacity(kind)

    def _get_donor_domain(self):
        return Domain(literal_eval(self.donor_domain or "[]"))
