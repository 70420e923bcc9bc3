from odoo import api, fields, models
from odoo.exceptions import UserError


class MatchEntry(models.Model):
    """What one rule added to one gift, with its entry in the books. Never changed; a refund of the gift reverses it."""

    _name = "citta.match.entry"
    _description = "Match"
    _order = "id desc"
    _rec_name = "donation_id"

    rule_id = fields.Many2one("citta.match.rule", "Rule", required=True, readonly=True, index=True, ondelete="restrict")
    donation_id = fields.Many2one("citta.donation", "Gift", required=True, readonly=True, index=True, ondelete="restrict")
    fund_id = fields.Many2one(related="donation_id.fund_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="donation_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="donation_id.currency_id")
    sponsor_id = fields.Many2one(related="rule_id.sponsor_id")
    amount = fields.Monetary(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    move_id = fields.Many2one("account.move", "Entry", required=True, readonly=True, ondelete="restrict")
    reversal_move_id = fields.Many2one("account.move", "Reversal", readonly=True, ondelete="restrict")
    is_standing = fields.Boolean("Stands", compute="_compute_is_standing")

    _gift_uniq = models.UniqueIndex("(rule_id, donation_id) WHERE reversal_move_id IS NULL", "This rule has matched this gift already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A match is above zero.")

    @api.depends("reversal_move_id")
    def _compute_is_standing(self):
        for entry in self:
            entry.is_standing = not entry.reversal_move_id

    def write(self, vals):
        """Only the reversal is added, once."""
        self.check_access("write")
        if set(vals) - {"reversal_move_id"} or any(entry.reversal_move_id for entry in self):
            raise UserError(self.env._("A match is never changed; refund or undo the gift to reverse it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A match is never deleted; refund or undo the gift to reverse it."))

    # -- business ------------------------------------------------------------

    @api.model
    def _book(self, plan):
        """Book what sponsors owe for gifts: sponsor's receivable to the account of the match, all entries in one go.

        :param plan: (rule, day) → list of (gift, amount) whose pots were claimed
        """
        return self._record(plan, self.env["citta.donation"]._post_moves(self._prepare_moves(plan)))

    @api.model
    def _prepare_moves(self, plan):
        """The entries of planned matches: one for each rule and day, with an item for each gift and what the sponsor owes for all of them.

        :return: list of values, in the order of the plan
        """
        return [self._prepare_move(rule, day, shares) for (rule, day), shares in plan.items()]

    def _prepare_move(self, rule, day, shares):
        """The entry of what one rule adds to the gifts of a day.

        :param shares: list of (gift, amount)
        """
        [first, *others] = gifts = [gift for gift, _amount in shares]
        name = self.env._("%(count)s gifts", count=len(gifts)) if others else first.name
        owed = self._prepare_owed(rule, name, rule.currency_id.round(sum(amount for _gift, amount in shares)))
        items = [item for gift, amount in shares for item in self._prepare_items(rule, gift, amount, -1)]
        return {**first._prepare_move(rule.fund_id._get_journal(), day, [owed, *items]), "ref": name}

    @api.model
    def _record(self, plan, moves):
        """Tie each share to its rule, its gift and the posted entry that it stands in."""
        # sudo: matches are made by posting a gift and by no other way; the right to post was checked
        entries = self.sudo().create([
            {"rule_id": rule.id, "donation_id": gift.id, "amount": amount, "date": day, "move_id": move.id}
            for ((rule, day), shares), move in zip(plan.items(), moves, strict=True) for gift, amount in shares
        ])
        return entries.sudo(False)

    def _reverse(self, day=None):
        """Book the contrary and give the amount back to the pot.

        :param day: of the entry; default: today
        """
        day = day or fields.Date.context_today(self)
        for entry in self:
            gift = entry.donation_id
            of_fund = entry.move_id.line_ids.filtered("citta_nature")
            owed = self._prepare_owed(entry.rule_id, gift.name, -entry.amount, (entry.move_id.line_ids - of_fund).account_id)
            items = self._prepare_items(entry.rule_id, gift, entry.amount, 1, of_fund.account_id[:1])
            move = gift._create_move(gift.fund_id._get_journal(), day, [owed, *items])
            entry._settle(move)
            # sudo: the reversal is the one thing that is ever added, by refunding or undoing the gift
            entry.sudo().reversal_move_id = move
            entry.rule_id._claim_release("pot", entry.amount)

    def _prepare_owed(self, rule, name, amount, account=None):
        """The item that a sponsor owes, or no longer owes.

        :param account: where it was booked, for a reversal; default: the sponsor's receivable of today
        """
        account = account or rule.sponsor_id.with_company(rule.company_id).property_account_receivable_id
        return {"account_id": account.id, "partner_id": rule.sponsor_id.id, "name": f"{rule.name} {name}", "balance": amount, "analytic_distribution": False}

    def _prepare_items(self, rule, gift, amount, sign, account=None):
        """The items of a match or of its reversal on the initiatives of a gift.

        :param int sign: -1 books the match, 1 its reversal
        :param account: where the match was booked, for its reversal; default: by the posting rule
        """
        items = gift._prepare_items("match", sign, amount=amount, kind=rule.kind, account=account, parts=rule._get_open_lines(gift))
        return [{**item, "partner_id": rule.sponsor_id.id} for item in items]

    def _settle(self, reversal):
        """Close the reversal against what the sponsor owes by the entry, as far as that was not paid already."""
        items = (self.move_id | reversal).line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and not item.reconciled
        )
        if len(items) > 1:
            items.reconcile()
