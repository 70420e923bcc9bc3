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

    def write(self, vals):
        """Who has chosen this meeting is told when it is moved."""
        result = super().write(vals)
        if vals.get("start") and not self.env.context.get("dont_notify"):
            self._get_citta_invitations()._deliver("booked")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_chosen(self):
        """A meeting that a person has chosen does not vanish behind the person's back."""
        if not self.env.su and self._get_citta_invitations():
            raise UserError(self.env._("The person has chosen this meeting: call the invitation off, then the person is told."))

    def _get_citta_invitations(self):
        # sudo: whoever may change the meeting, the invitation follows it
        return self.env["citta.invitation"].sudo().search([("event_id", "in", self.ids), ("state", "=", "booked")])

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
