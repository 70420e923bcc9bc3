from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .follow_up import MONTHS

OUTCOMES = [
    ("job", "Job"),
    ("self_employment", "Own activity"),
    ("training", "Training"),
    ("internship", "Internship or work trial"),
    ("other_service", "Taken over by another service"),
    ("dropped_out", "Dropped out"),
    ("moved", "Moved away"),
    ("other", "Other"),
]
EXIT = {"outcome", "date_end", "closing_reason"}


class PathwayExit(models.AbstractModel):
    """How a pathway ends: what stands in its way, the coded outcome, and the follow-up after it."""

    _name = "citta.pathway.exit"
    _description = "Exit of a pathway"

    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, tracking=True)
    outcome_note = fields.Text("About the outcome", copy=False, groups="base.group_user")
    closing_reason = fields.Text(
        "Closed with open obligations because", readonly=True, copy=False, groups="base.group_user"
    )
    follow_up_ids = fields.One2many("citta.follow.up", "pathway_id", "After the exit", groups="base.group_user")

    # -- transitions ---------------------------------------------------------

    def _on_close(self):
        """Settle what was left open; without a reason that refuses. Then the follow-up begins.

        :raise UserError: obligations are open and nobody said why they are dropped, or the day has not come
        """
        if self.filtered(lambda pathway: pathway.date_end > fields.Date.context_today(self)):
            raise UserError(self.env._("A pathway is closed on a day that has come."))
        for pathway in self:
            obligations = pathway._get_open_obligations()
            if obligations and not pathway.closing_reason:
                raise UserError(self.env._(
                    "Still open: %(list)s. Settle it, or close with a reason.", list="; ".join(obligations)
                ))
            pathway._drop_obligations(pathway.closing_reason)
        self._plan_follow_ups()

    def _on_reopen(self):
        """Who is back is asked in person, not by a form."""
        # sudo: the form of an exit that was taken back is nobody's to answer
        self.sudo().follow_up_ids.filtered(lambda one: one.state in ("planned", "asked"))._workflow_move("cancel")
        # a closure that follows in this transaction plans them anew
        self.env["citta.follow.up"].flush_model(["state"])

    # -- hooks ---------------------------------------------------------------

    def _get_open_obligations(self):
        """What keeps the pathway from being closed in silence.

        A room that gives the person something to do or to wait for adds it here.

        :return: a list of short texts for the operator
        """
        self.ensure_one()
        return self.action_ids.filtered(lambda action: action.state == "open").mapped("name")

    def _drop_obligations(self, reason):
        """End what ``_get_open_obligations`` names; called once, when the pathway closes.

        :param str reason: why, as the operator wrote it
        """
        self.ensure_one()
        # sudo: the plan of a closed pathway is nobody's to write but the closure's
        self.sudo().action_ids.filtered(lambda action: action.state == "open")._workflow_move("drop", reason)

    # -- tools ---------------------------------------------------------------

    def _hold(self):
        """Of two who change what belongs to these pathways in the same moment, the later one is run again and finds what the first one did."""
        if self:
            self.env.cr.execute(SQL("UPDATE citta_pathway SET write_date = write_date WHERE id IN %s", tuple(self.ids)))

    def _check_exit(self, vals):
        closed = self.filtered(lambda pathway: pathway.state == "closed")
        frozen = EXIT | {"date_start"} if closed else EXIT
        if not self.env.su and "state" not in vals and frozen & vals.keys():
            raise UserError(self.env._("How and when a pathway ended is said when it is closed: reopen it to say otherwise."))

    def _prepare_state_values(self, vals):
        """What goes with a change of state: end and exit column with a closure, which expects no contact; their removal with any other."""
        if all(pathway.state == vals["state"] for pathway in self):
            return {}
        if vals["state"] != "closed":
            gone = {"outcome": False, "date_end": False, "closing_reason": False}
            return {**gone, "stage_id": self._get_first_stage(self.programme_id).id} if "closed" in self.mapped("state") else gone
        if not vals.get("outcome"):
            raise UserError(self.env._("Say how the pathway ended: it closes with a coded outcome."))
        return {
            "date_end": vals.get("date_end") or fields.Date.context_today(self),
            "date_next_contact": False,
            "stage_id": self.env["citta.pathway.stage"].search([("is_exit", "=", True)], limit=1).id,
        }

    def _plan_follow_ups(self):
        """Ask after three, six and twelve months how it goes; whoever moved away or dropped out is asked, too."""
        for pathway in self:
            # sudo: the exit plans them, whoever closes; nothing is added to a closed pathway by hand
            self.env["citta.follow.up"].sudo().with_context(mail_create_nolog=True, mail_create_nosubscribe=True).create([
                {"pathway_id": pathway.id, "months": str(months), "date_due": pathway.date_end + relativedelta(months=months)}
                for months in MONTHS
            ])
