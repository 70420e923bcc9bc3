from odoo import api, fields, models
from odoo.exceptions import UserError


class Enrolment(models.TransientModel):
    """Asks where the person of a pathway is to be enrolled."""

    _name = "citta.enrolment"
    _description = "Enrolment of a person"
    _inherit = ["citta.reach.mixin"]

    pathway_id = fields.Many2one("citta.pathway", "Person", required=True, readonly=True)
    territory_id = fields.Many2one(related="pathway_id.territory_id")
    kind = fields.Selection(
        [("event", "Lab, course or event"), ("channel", "Online course")], "Where", required=True, default="event"
    )
    event_id = fields.Many2one(
        "event.event", "Lab or course",
        domain="[('citta_territory_id', '=', territory_id), ('citta_kind', 'in', ('lab', 'course', 'public')), ('date_end', '>=', 'now')]",
    )
    channel_id = fields.Many2one("slide.channel", "Online course", domain="[('citta_territory_id', '=', territory_id)]")
    notice = fields.Char(compute="_compute_notice")

    @api.depends("event_id", "channel_id", "kind", "pathway_id")
    def _compute_notice(self):
        for wizard in self:
            wizard.notice = wizard._get_notice()

    def action_enrol(self):
        """Enrol the person; who is enrolled already stays as is.

        :raise UserError: nothing was chosen, or the pathway is closed
        :return: a message, and the dialog closes
        """
        self.ensure_one()
        self.pathway_id._check_may_enrol()
        if self.kind == "event" and self.event_id:
            registration = self.pathway_id._enrol_in_event(self.event_id)
            message = self.env._("Registered.")
            if registration.citta_waiting:
                message = self.env._("On the waiting list, place %(place)s.", place=registration.citta_waiting_position)
        elif self.kind == "channel" and self.channel_id:
            self.pathway_id._enrol_in_channel(self.channel_id)
            message = self.env._("Enrolled in the online course.")
        else:
            raise UserError(self.env._("Choose a lab, a course or an online course."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "success", "next": {"type": "ir.actions.act_window_close"}},
        }

    # -- tools ---------------------------------------------------------------

    def _get_notice(self):
        """What the operator should know before pressing the button."""
        if self.kind != "event" or not self.event_id:
            return False
        if self.pathway_id._is_registered(self.event_id):
            return self.env._("This person is registered there already.")
        if self.event_id._citta_takes_waiting():
            return self.env._("No place is free: the person will stand in line and move up by itself.")
        return False
