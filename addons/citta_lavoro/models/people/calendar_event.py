from odoo import api, fields, models
from odoo.exceptions import UserError


class CalendarEvent(models.Model):
    """A meeting with a person of the programme: private, and counted as a service once it has been held."""

    _inherit = "calendar.event"

    citta_pathway_id = fields.Many2one(
        "citta.pathway", "Pathway", index="btree_not_null", ondelete="set null", groups="citta_lavoro.group_citta_operator"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Whom we meet is nobody else's business: such a meeting is private unless somebody says otherwise."""
        return super().create([{"privacy": "private", **vals} if vals.get("citta_pathway_id") else vals for vals in vals_list])

    def action_citta_deliver(self):
        """Count the meeting as a service.

        :return: the service's form, filled in
        :raise UserError: it has not begun, it is counted already, or it belongs to no pathway
        """
        self.ensure_one()
        if not self.citta_pathway_id or self.start > fields.Datetime.now():
            raise UserError(self.env._("A meeting with a person is counted after it has begun."))
        if self.env["citta.delivery"].search_count([("event_id", "=", self.id)], limit=1):
            raise UserError(self.env._("This meeting is counted already."))
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.delivery_action_new")
        day = fields.Datetime.context_timestamp(self, self.start).date()
        return {**action, "context": {
            "default_event_id": self.id, "default_pathway_id": self.citta_pathway_id.id, "default_date": day,
            "default_quantity": self.duration or 1,
        }}
