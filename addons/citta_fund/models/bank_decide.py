from odoo import api, fields, models
from odoo.fields import Domain

DECIDERS = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"


class BankDecide(models.AbstractModel):
    """The doubtful lines one after the other on one screen, by the keyboard alone."""

    _name = "citta.bank.decide"
    _description = "Decisions on bank lines"

    citta_others = fields.Text("Other pledges it may be", compute="_compute_citta_others")

    @api.depends_context("uid")
    def _compute_citta_others(self):
        may_decide = self.env.su or self.env.user.has_groups(DECIDERS)
        lines = self.filtered("citta_is_gift_line") if may_decide else self.browse()
        (self - lines).citta_others = False
        if not lines:  # an accountant reads bank lines, but not who has pledged what
            return
        pledges = lines._citta_find_pledges()
        candidates = lines._citta_get_candidates(pledges, lines._citta_find_ibans(pledges.partner_id))
        for line in lines:
            line.citta_others = line._citta_list_others(candidates[line.journal_id])

    def _citta_list_others(self, candidates):
        ranking = [(pledge, score) for pledge, score in candidates.rank(self._citta_facts()) if pledge != self.citta_pledge_id]
        return "\n".join(
            f"{pledge.display_name}, {self._citta_money(pledge._get_expected())}: {self._citta_explain(pledge, score.reasons, pledge.partner_id, 0)}"
            for pledge, score in ranking[:4]
        )

    # -- actions -------------------------------------------------------------

    @api.model
    def action_citta_decide(self):
        """Open the first line that waits for a decision, or the list where none does."""
        return self._citta_open(self.search(self._citta_undecided_domain(), order="date, id", limit=1))

    def action_citta_post_next(self):
        """Post the line as it is shown, then open the next one. Treasurer only."""
        following = self._citta_following()
        if self.citta_certainty == "payout":
            self.action_citta_post_payout()
        else:
            self.action_citta_post_gift()
        return self._citta_open(following)

    def action_citta_skip(self):
        """Leave the line as it is and open the next one."""
        return self._citta_open(self._citta_following())

    def action_citta_split(self):
        """Share the line out over several initiatives or funds. Treasurer only."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.donation_split_action")
        donor = self.citta_pledge_id.partner_id or self.citta_donor_id
        return {**action, "context": {**self.env.context, "default_statement_line_id": self.id, "default_partner_id": donor.id}}

    # -- tools ---------------------------------------------------------------

    @api.model
    def _citta_undecided_domain(self):
        return Domain(self._citta_waiting_domain()) & Domain("citta_queued_by_id", "=", False)

    def _citta_following(self):
        """The next waiting line by date, the first one again after the last."""
        self.ensure_one()
        waiting = self._citta_undecided_domain() & Domain("id", "!=", self.id)
        behind = Domain("date", ">", self.date) | Domain("date", "=", self.date) & Domain("id", ">", self.id)
        return self.search(waiting & behind, order="date, id", limit=1) or self.search(waiting, order="date, id", limit=1)

    def _citta_open(self, line):
        if not line:
            return self.env["ir.actions.act_window"]._for_xml_id("citta_fund.account_bank_statement_line_action")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Decide on bank lines"), "res_model": self._name, "res_id": line.id,
            "views": [(self.env.ref("citta_fund.account_bank_statement_line_decide_view_form").id, "form")], "target": "current",
        }
