from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .suspension import REASONS


class PathwayPause(models.TransientModel):
    """Asks why, and until when, a pathway is paused or extended."""

    _name = "citta.pathway.pause"
    _description = "Pause or extend a pathway"
    _inherit = ["citta.reach.mixin"]

    pathway_id = fields.Many2one("citta.pathway", "Pathway", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection([("suspension", "Pause"), ("extension", "Extension")], required=True, readonly=True, default="suspension")
    reason = fields.Selection(REASONS, required=True)
    date_planned = fields.Date("Until", compute="_compute_date_planned", store=True, readonly=False, required=True, precompute=True)
    note = fields.Char()
    limit = fields.Char(compute="_compute_limit")

    @api.depends("pathway_id", "kind")
    def _compute_date_planned(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            wizard.date_planned = (
                wizard.pathway_id.date_planned_end or today if wizard.kind == "extension" else today
            ) + relativedelta(months=1)

    @api.depends("pathway_id", "kind")
    def _compute_limit(self):
        for wizard in self:
            programme = wizard.pathway_id.programme_id
            wizard.limit = (
                self.env._("At most %s days in all.", programme.suspension_days) if wizard.kind == "suspension"
                else self.env._("At most %s months in all.", programme.extension_months)
            )

    def _check_later(self):
        """:raise ValidationError: an extension would say nothing but that the pathway ends as it ends anyway"""
        end = self.pathway_id.date_planned_end
        if self.kind == "extension" and end and self.date_planned <= end:
            raise ValidationError(self.env._("The pathway lasts until %(date)s already: choose a later day.", date=format_date(self.env, end)))

    def action_confirm(self):
        """Pause or extend the pathway.

        :return: the order to close the dialogue
        :raise ValidationError: longer than the programme allows
        """
        self.ensure_one()
        pathway = self.pathway_id
        pathway.check_access("write")
        self._check_later()
        self.env["citta.suspension"].create({
            "pathway_id": pathway.id, "kind": self.kind, "reason": self.reason, "date_planned": self.date_planned, "note": self.note,
        })
        return {"type": "ir.actions.act_window_close"}
