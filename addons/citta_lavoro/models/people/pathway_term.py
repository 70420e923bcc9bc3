from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date


class PathwayTerm(models.AbstractModel):
    """How long a pathway lasts: the programme's length, pauses and extensions."""

    _name = "citta.pathway.term"
    _description = "Term of a pathway"
    _inherit = ["citta.pathway.exit"]

    suspension_ids = fields.One2many("citta.suspension", "pathway_id", "Pauses and extensions", groups="base.group_user")
    date_planned_end = fields.Date(
        "Planned end", compute="_compute_date_planned_end", store=True, precompute=True, groups="base.group_user",
        help="The programme's length from the start, longer by the pauses, or what an extension says.",
    )

    @api.depends(
        "date_start", "programme_id.pathway_months", "suspension_ids.kind", "suspension_ids.date_planned", "suspension_ids.date_end"
    )
    def _compute_date_planned_end(self):
        for pathway in self:
            extensions = pathway.suspension_ids.filtered(lambda one: one.kind == "extension").mapped("date_planned")
            pathway.date_planned_end = max([pathway._get_term(), *extensions]) if pathway.date_start else False

    @api.model
    def _add_precomputed_values(self, vals_list):
        """A new pathway without pauses ends when its programme says; worked out once for those that begin together."""
        # sudo: as in the compute of a stored field
        programmes, ends = self.env["citta.programme"].sudo(), {}
        for vals in vals_list:
            begin = (vals.get("programme_id"), fields.Date.to_date(vals.get("date_start")))
            if all(begin) and not vals.get("suspension_ids"):
                if begin not in ends:
                    ends[begin] = begin[1] + relativedelta(months=programmes.browse(begin[0]).pathway_months)
                vals["date_planned_end"] = ends[begin]
        super()._add_precomputed_values(vals_list)

    def _get_term(self):
        """The end without extensions; a pause that was forgotten makes the pathway no longer than the programme allows."""
        paused = sum(one._get_days() for one in self.suspension_ids if one.kind == "suspension")
        paused = min(paused, self.programme_id.suspension_days)
        return self.date_start + relativedelta(months=self.programme_id.pathway_months, days=paused)

    # -- actions -------------------------------------------------------------

    def action_ask_pause(self):
        """Ask why and until when the pathway is paused.

        :return: the wizard's window action
        """
        return self._ask("suspension")

    def action_ask_extension(self):
        """Ask why and until when the pathway is extended.

        :return: the wizard's window action
        """
        return self._ask("extension")

    def _ask(self, kind):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.pathway_pause_action")
        names = {"suspension": self.env._("Pause the pathway"), "extension": self.env._("Extend the pathway")}
        return {**action, "name": names[kind], "context": {"default_pathway_id": self.id, "default_kind": kind}}

    # -- transitions ---------------------------------------------------------

    def _on_suspend(self):
        """A pause that nobody gave a term to has the longest that is left."""
        for pathway in self:
            if not pathway.suspension_ids.filtered(lambda one: one.kind == "suspension" and not one.date_end):
                today = fields.Date.context_today(self)
                used = sum(one._get_days() for one in pathway.suspension_ids if one.kind == "suspension")
                left = max(pathway.programme_id.suspension_days - used, 0)
                self.env["citta.suspension"].create({
                    "pathway_id": pathway.id, "reason": "other", "date_start": today, "date_planned": today + relativedelta(days=left),
                })

    def _on_resume(self):
        """The pause ends today."""
        self._end_pauses()

    def _on_close(self):
        """An exit ends the pauses."""
        super()._on_close()
        self._end_pauses()

    def _end_pauses(self):
        today = fields.Date.context_today(self)
        # sudo: a decision is nobody's to rewrite; here only its end is noted
        pauses = self.sudo().suspension_ids.filtered(lambda one: one.kind == "suspension" and not one.date_end)
        for pause in pauses:
            pause.date_end = max(today, pause.date_start)
        # a pause that follows in this transaction must find them ended
        pauses.flush_recordset(["date_end"])

    def _extend(self, decision, reason):
        """Note the longer term in the history."""
        self._message_log(body=self.env._(
            "Extended until %(date)s: %(reason)s", date=format_date(self.env, decision.date_planned), reason=reason
        ))

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_pauses_over(self):
        """Remind the referent, or a coordinator, of a pause whose planned end has come, once."""
        today = fields.Date.context_today(self)
        over = self.env["citta.suspension"].search([
            ("kind", "=", "suspension"), ("date_end", "=", False), ("date_planned", "<=", today), ("pathway_id.state", "=", "suspended"),
        ]).pathway_id
        for pathway in over:
            summary = self.env._("The pause is over: take the pathway up again, or close it")
            keeper = pathway._get_keeper()
            if keeper and summary not in pathway.activity_ids.mapped("summary"):
                pathway.activity_schedule("mail.mail_activity_data_todo", user_id=keeper.id, summary=summary)
        return over
