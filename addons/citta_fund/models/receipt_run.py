from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.citta_lavoro.models.common.workflow_mixin import Transition

TREASURER = "citta_fund.group_citta_treasurer"
# So many papers are numbered in one transaction: a run that is cut off loses at most these, and does them again.
STEP = 100
FACTS = {"total", "done_count", "skipped_count", "place"}


class ReceiptRun(models.Model):
    """The receipts of a year, issued in the background in small steps.

    A step numbers some donors' receipts and moves the run's place in one transaction: whatever stops the server, a step
    happened whole or not at all, and the next start goes on from the place. A gift stands on one valid receipt at most
    by the database, so that two runs of the same year cannot double one either.
    """

    _name = "citta.receipt.run"
    _description = "Receipts of a year"
    _inherit = ["citta.workflow.mixin"]
    _order = "id desc"
    _rec_name = "year"

    _workflow_transitions = {
        "queue": Transition(("draft",), "queued", TREASURER),
        "stop": Transition(("queued",), "draft", TREASURER),
        "finish": Transition(("queued",), "done", "base.group_system"),
    }

    company_id = fields.Many2one("res.company", "Issuer", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company)
    year = fields.Integer("Year of payment", required=True, aggregator=False, default=lambda self: fields.Date.context_today(self).year - 1)
    mode = fields.Selection(
        [("donor", "One for all gifts of a donor"), ("gift", "One for each gift")], "Which receipts", required=True, default="donor",
    )
    only_wanted = fields.Boolean("Only gifts whose donor asked for one", default=True)
    send_mail = fields.Boolean("E-mail them", default=True, help="Each goes out once its PDF is made, to donors with an address.")
    state = fields.Selection([("draft", "Draft"), ("queued", "Running"), ("done", "Done")], required=True, readonly=True, default="draft")

    # facts
    total = fields.Integer("To look at", readonly=True, copy=False)
    done_count = fields.Integer("Looked at", readonly=True, copy=False)
    skipped_count = fields.Integer("Without receipt", readonly=True, copy=False, help="Donors or gifts that something stands in the way of.")
    place = fields.Integer(readonly=True, copy=False, help="The last donor or gift that was looked at.")
    progress = fields.Float(compute="_compute_progress")
    receipt_ids = fields.One2many("citta.receipt", "run_id", "Issued")
    receipt_count = fields.Integer("Receipts", compute="_compute_receipt_counts")
    paper_count = fields.Integer("PDFs made", compute="_compute_receipt_counts")
    sent_count = fields.Integer("Sent", compute="_compute_receipt_counts")

    _year_sane = models.Constraint("CHECK (year BETWEEN 2000 AND 2200)", "That is no year of a gift.")

    @api.depends("total", "done_count", "state")
    def _compute_progress(self):
        for run in self:
            run.progress = 100 if run.state == "done" else 100 * run.done_count / run.total if run.total else 0

    @api.depends("receipt_ids.attachment_id", "receipt_ids.date_sent")
    def _compute_receipt_counts(self):
        groups = self.env["citta.receipt"]._read_group(
            [("run_id", "in", self.ids)], ["run_id"], ["__count", "attachment_id:count", "date_sent:count"]
        )
        counts = {run.id: found for run, *found in groups}
        for run in self:
            run.receipt_count, run.paper_count, run.sent_count = counts.get(run.id, (0, 0, 0))

    @api.depends("year", "company_id.name")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.company_id.name or ''} {run.year}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_facts(vals)
        # no default of a context lets a run begin in the middle
        return super().create([{**dict.fromkeys(FACTS, 0), **vals} for vals in vals_list])

    def write(self, vals):
        """How far a run has come is written by its steps alone; what it does stays once it has begun."""
        self.check_access("write")
        self._refuse_facts(vals)
        if {"company_id", "year", "mode", "only_wanted"} & set(vals) and any(run.done_count or run.state != "draft" for run in self):
            raise UserError(self.env._("This run has begun: make another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(run.state != "draft" or run.done_count for run in self):
            raise UserError(self.env._("A run that has begun is kept."))

    # -- actions -------------------------------------------------------------

    def action_queue(self):
        """Start the run, or go on with a stopped one; the work is done in the background. Treasurer only."""
        return self._workflow_move("queue")

    def action_stop(self):
        """Hold the run after the step under way; what was issued stays."""
        return self._workflow_move("stop")

    def action_view_receipts(self):
        """Open what the run has issued."""
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.receipt_action")
        return {**action, "domain": [("run_id", "in", self.ids)]}

    def action_view_left(self):
        """Open the gifts of the year that have no receipt; the column says why."""
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.donation_action")
        return {**action, "domain": list(self._get_domain()), "context": {}}

    # -- business ------------------------------------------------------------

    def _on_queue(self):
        """Count what is to do on the first start, and wake the scheduled job."""
        for run in self.filtered(lambda run: not run.done_count):
            # sudo: facts of the run; the right to start it was checked by the transition
            run.sudo().total = run._count_groups()
        # sudo: waking a scheduled job is no business of the user's rights
        self.env.ref("citta_fund.ir_cron_receipt_run").sudo()._trigger()

    def _step(self, size=STEP):
        """Issue the next receipts and move the place: one transaction's work. Nothing left finishes the run.

        :param int size: how many donors or gifts to look at
        :return: how many were; 0 of a run that is not under way
        """
        self.ensure_one()
        if self.state != "queued":
            return 0
        receipts, groups = self.env["citta.receipt"], self._next_groups(size)
        able = [gifts.filtered(lambda gift: not receipts._get_obstacle(gift)) for gifts in groups.values()]
        receipts._issue_many([paper for gifts in able for paper in gifts.grouped(self._get_paper_key).values()], run=self)
        if groups:
            self.write({
                "place": max(groups), "done_count": self.done_count + len(groups),
                "skipped_count": self.skipped_count + sum(not gifts for gifts in able),
            })
        else:
            self._workflow_move("finish")
        return len(groups)

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_work(self):
        """Work off the started runs, oldest first; each step is committed by itself."""
        for run in self.search([("state", "=", "queued")], order="id"):
            while run.state == "queued":
                count = run._step()
                if not self.env["ir.cron"]._commit_progress(count, remaining=max(run.total - run.done_count, 0)):
                    return
                # somebody may have stopped it in the meantime
                run.invalidate_recordset()

    # -- tools ---------------------------------------------------------------

    def _refuse_facts(self, vals):
        if FACTS & set(vals) and not self.env.su:
            raise UserError(self.env._("How far a run has come is not set by hand."))

    def _get_domain(self):
        """Traceable gifts of the year that are in the books and things that were accepted, of known donors, without receipt."""
        self.ensure_one()
        wanted = Domain("wants_receipt", "=", True) if self.only_wanted else Domain.TRUE
        money = Domain("state", "=", "posted") & Domain("is_traceable", "=", True)
        things = Domain("state", "=", "accepted") & Domain("receipt_line_ids", "not any", [("is_void", "=", False)])
        return wanted & (money | things) & Domain([
            ("company_id", "=", self.company_id.id), ("partner_id", "!=", False),
            ("date_received", ">=", date(self.year, 1, 1)), ("date_received", "<=", date(self.year, 12, 31)),
            ("fund_id.is_third_party", "=", False),
        ])

    def _get_paper_key(self, gift):
        """What stands on one paper: never things with money, nor gifts to what the issuer was before with those to what it is now."""
        return gift.is_traceable, self.env["citta.receipt"]._get_profile(gift)

    def _get_key(self):
        return SQL.identifier("partner_id" if self.mode == "donor" else "id")

    def _get_gifts_query(self):
        # sudo: which gifts are to be receipted is read in the background, for nobody's eyes
        gifts = self.env["citta.donation"].sudo()
        gifts.flush_model()
        return gifts._search(self._get_domain()).subselect()

    def _count_groups(self):
        [[count]] = self.env.execute_query(SQL(
            "SELECT count(DISTINCT %s) FROM citta_donation WHERE id IN %s", self._get_key(), self._get_gifts_query(),
        ))
        return count

    def _next_groups(self, size):
        """The next donors or gifts behind the place.

        :return: key → gifts, in order
        """
        rows = self.env.execute_query(SQL(
            "SELECT %(key)s, array_agg(id) FROM citta_donation WHERE id IN %(gifts)s AND %(key)s > %(place)s GROUP BY %(key)s ORDER BY %(key)s LIMIT %(size)s",
            key=self._get_key(), gifts=self._get_gifts_query(), place=self.place, size=size,
        ))
        together = self.env["citta.donation"].browse([gift for _key, ids in rows for gift in ids])
        return {key: together.browse(ids).with_prefetch(together.ids) for key, ids in rows}
