from odoo import api, fields, models
from odoo.exceptions import UserError

# So many lines are posted while the treasurer waits; the others follow in the background, so many in a transaction.
AT_ONCE, STEP = 100, 200
QUEUE = {"citta_queued_by_id", "citta_queue_fault"}


class BankQueue(models.AbstractModel):
    """Certain lines of a large statement, posted in the background in small steps.

    A line leaves the queue in the transaction that posts it: a server that is stopped in the middle has posted whole steps
    and goes on with the rest, and a line posted twice is refused by the database.
    """

    _name = "citta.bank.queue"
    _description = "Queue of bank lines"

    citta_queued_by_id = fields.Many2one("res.users", "Being posted for", copy=False, readonly=True, index="btree_not_null", ondelete="set null")
    citta_queue_fault = fields.Char("Not posted because", copy=False, readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._citta_refuse_queueing(vals)
            # no default of a context puts a line into somebody's queue
            vals.setdefault("citta_queued_by_id", False)
        return super().create(vals_list)

    def write(self, vals):
        """Lines are put into the queue by the treasurer's button, for the treasurer who pressed it."""
        self._citta_refuse_queueing(vals)
        return super().write(vals)

    def _citta_refuse_queueing(self, vals):
        if QUEUE & set(vals) and not self.env.su:
            raise UserError(self.env._("Lines are queued by the button “Post all certain ones”, not by hand."))

    def _citta_post_or_queue(self):
        """Post what is certain: the first lines now, the others in the background.

        :return: the gifts posted, and how many lines follow
        """
        certain = self.browse().concat(*self._citta_find_certain())
        gifts, later = certain[:AT_ONCE]._citta_post_certain(), certain[AT_ONCE:]
        if later:
            # sudo: the mark is no accounting data; the treasurer's right was checked
            later.sudo().write({"citta_queued_by_id": self.env.uid, "citta_queue_fault": False})
            # sudo: waking a scheduled job is no business of the user's rights
            self.env.ref("citta_fund.ir_cron_bank_queue").sudo()._trigger()
        return gifts, len(later)

    @api.model
    def _citta_work_queue(self, size=STEP):
        """Post the next lines of the queue, each for whoever asked; what cannot be posted leaves it with the reason.

        :return: how many lines left the queue
        """
        todo = self.search([("citta_queued_by_id", "!=", False)], order="date, id", limit=size)
        for user, lines in todo.grouped("citta_queued_by_id").items():
            lines.with_user(user).with_company(lines.company_id[:1])._citta_post_certain()
        # sudo: the mark is taken away by the step that has done with the line, and by nobody else
        todo.sudo().write({"citta_queued_by_id": False})
        return len(todo)

    def _citta_find_certain(self):
        """Which of these lines may be posted without looking: they name a pledge by its reference and bring what it expects.

        Only pledges that are named are read, so that any number of them may be open.

        :return: line → pledge, in the order of the lines
        """
        lines = self.filtered("citta_is_gift_line")
        proposals = lines._citta_propose_among(lines._citta_find_named(), {}, {}, slips=False)
        return {
            line: self.env["citta.pledge"].browse(proposals[line.id]["citta_pledge_id"])
            for line in lines if proposals[line.id]["citta_certainty"] == "certain"
        }

    def _citta_post_certain(self):
        """Post the certain ones of these lines. Of two that name one pledge the second is looked at again after the first.

        :return: the gifts
        """
        gifts, left = self.env["citta.donation"], self
        while pledges := left._citta_find_certain():
            first = {}
            for line, pledge in pledges.items():
                first.setdefault(pledge, line)
            now = self.browse().concat(*first.values())
            gifts += now._citta_post_queued(pledges)
            left = self.browse().concat(*pledges) - now
        return gifts

    def _citta_post_queued(self, pledges):
        """Post these lines in one go; where one stands in the way it is parted from the others, and keeps the reason."""
        try:
            return self._citta_post(pledges)
        except UserError as error:
            if len(self) > 1:
                half = len(self) // 2
                return self[:half]._citta_post_queued(pledges) + self[half:]._citta_post_queued(pledges)
            # sudo: the reason is shown on the line, which stays as it was
            self.sudo().citta_queue_fault = str(error)
        return self.env["citta.donation"]

    @api.model
    def _cron_post_queued(self):
        """Work the queue off; each step is committed by itself."""
        while count := self._citta_work_queue():
            left = self.search_count([("citta_queued_by_id", "!=", False)])
            if not self.env["ir.cron"]._commit_progress(count, remaining=left):
                return
