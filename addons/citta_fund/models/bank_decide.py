from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

DECIDERS = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"


class BankDecide(models.AbstractModel):
    """The doubtful lines one after the other on one screen, by the keyboard alone."""

    _name = "citta.bank.decide"
    _description = "Decisions on bank lines"

    citta_others = fields.Text("Other pledges it may be", compute="_compute_citta_others")

    citta_gift_id = fields.Many2one("citta.donation", "Posted as", compute="_compute_citta_gift_id", groups=DECIDERS)

    @api.depends("citta_donation_ids.date_undone")
    def _compute_citta_gift_id(self):
        for line in self:
            line.citta_gift_id = line.citta_donation_ids.filtered(lambda gift: not gift.date_undone)[:1]

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

    def action_citta_decide(self):
        """Open the first line that waits for a decision; say so where none does."""
        line = self.search(self._citta_undecided_domain(), order="date, id", limit=1)
        return self._citta_open(line) if line else self._citta_say(self.env._("No bank line waits for a decision."), "info")

    def action_citta_post_next(self):
        """Post the line as it is shown, say what was posted, then open the next one. Treasurer only.

        A line that somebody else has posted in the meantime is left alone.
        """
        self.env["citta.fund"]._require_treasurer()
        following = self._citta_following()
        if self.is_reconciled:
            return self._citta_say(self.env._("This line was posted in the meantime: nothing was posted twice."), "warning", following)
        if self.citta_certainty == "payout":
            self.action_citta_post_payout()
            return self._citta_say(self.env._("Payout reconciled: %(amount)s", amount=self._citta_money(self.amount)), "success", following)
        if self.citta_certainty == "sponsor":
            self.action_citta_post_debt()
            return self._citta_say(self.env._("Payment of matches reconciled: %(amount)s", amount=self._citta_money(self.amount)), "success", following)
        return self._citta_say_posted(self._citta_post(), following)

    def action_citta_skip(self):
        """Leave the line as it is and open the next one; say so where all were looked at, and where no other waits."""
        following = self._citta_following()
        if not following:
            return self._citta_say(self.env._("No other bank line waits for a decision."), "info", following)
        if (following.date, following.id) < (self.date, self.id):
            return self._citta_say(self.env._("You have seen them all: this is the first one again."), "info", following)
        return self._citta_open(following)

    def action_citta_look(self):
        """Open this line on the screen of decisions."""
        self.ensure_one()
        return self._citta_open(self)

    def action_citta_list(self):
        """Go back to the list of the lines that wait."""
        return self._citta_open(self.browse())

    def action_citta_undo(self):
        """Take back what was posted from this line, which then waits again on the same screen. Treasurer only.

        :raise UserError: nothing was posted from it
        """
        self.ensure_one()
        self.env["citta.fund"]._require_treasurer()
        if posted := self._citta_get_posted():
            posted.action_undo()
        elif self.is_reconciled:
            self.action_undo_reconciliation()
        else:
            raise UserError(self.env._("Nothing was posted from this bank line."))
        return self._citta_say(self.env._("Undone: the line waits again."), "success", self)

    def action_citta_split(self):
        """Share the line out over several initiatives or funds. Treasurer only.

        :raise UserError: the line was posted in the meantime
        """
        self.ensure_one()
        self.env["citta.donation"]._check_lines_free(self)
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
        """The screen of one line, with an address of its own to come back to; the list where there is no line."""
        name = "account_bank_statement_line_decide_action" if line else "account_bank_statement_line_action"
        # "main" keeps the way back short: lines that were decided on do not pile up in it
        return {**self.env["ir.actions.act_window"]._for_xml_id(f"citta_fund.{name}"), "res_id": line.id, "target": "main"}

    def _citta_say(self, message, kind, line=None, links=()):
        """A notification, then the screen of a line.

        :param line: the line, without a record the list; default: the screen stays as it is
        :param links: shown in place of each ``%s`` of the message
        """
        params = {"type": kind, "message": message, "links": list(links)}
        if line is not None:
            following = self._citta_open(line)
            # the client takes the help of an action within an action for text
            params["next"] = {**following, "help": html2plaintext(following["help"] or "")}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _citta_say_posted(self, gift, following):
        """What was posted, with a link to it."""
        amount, donor = self._citta_money(gift.amount), gift.partner_id.name or self.env._("unknown donor")
        link = {"label": gift.name, "url": f"/odoo/citta-gifts/{gift.id}"}
        left = self.env._("%(count)s more wait", count=self.search_count(self._citta_undecided_domain())) if following else self.env._("that was the last one")
        # the client puts the link where the message has its own %s
        message = self.env._("Posted: %(gift)s, %(amount)s, %(donor)s; %(left)s.", gift="%s", amount=amount, donor=donor.replace("%", "%%"), left=left)
        return self._citta_say(message, "success", following, [link])
