from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

WORDS = {"name", "display_name", "description", "location", "videocall_location"}


class CalendarEvent(models.Model):
    """A meeting with a person of the programme: private, and counted as a service once it has been held."""

    _name = "calendar.event"
    _inherit = ["citta.reach.mixin", "calendar.event"]

    citta_pathway_id = fields.Many2one(
        "citta.pathway", "Pathway", index="btree_not_null", ondelete="set null", groups="citta_lavoro.group_citta_operator"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Whom we meet is nobody else's business: such a meeting is private unless somebody says otherwise."""
        events = super().create([{"privacy": "private", **vals} if vals.get("citta_pathway_id") else vals for vals in vals_list])
        events._keep_persons_private()
        return events

    def write(self, vals):
        """Who has chosen this meeting is told when it is moved; one to which a person is added later becomes private, too."""
        result = super().write(vals)
        if {"partner_ids", "citta_pathway_id"} & vals.keys():
            self._keep_persons_private()
        if vals.get("start") and not self.env.context.get("dont_notify"):
            self._get_citta_invitations()._deliver("booked")
        return result

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Words of a private meeting are not even asked for: core hides them, and lets everybody search in them."""
        asked = {condition.field_expr.split(".")[0] for condition in Domain(domain).iter_conditions()}
        if not self.env.su and asked & WORDS:
            domain = Domain(domain) & (Domain(self._get_default_privacy_domain()) | Domain("partner_ids", "in", self.env.user.partner_id.ids))
        return super()._search(domain, *args, **kwargs)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_chosen(self):
        """A meeting that a person has chosen does not vanish behind the person's back."""
        if not self.env.su and self._get_citta_invitations():
            raise UserError(self.env._("The person has chosen this meeting: call the invitation off, then the person is told."))

    def _keep_persons_private(self):
        """Meetings with persons of the programme, about whose privacy nobody said anything."""
        # sudo: whoever enters the meeting may not see every person who takes part
        open_sudo = self.sudo().filtered(lambda event: not event.privacy)
        open_sudo.filtered(lambda event: event.citta_pathway_id or any(event.partner_ids.mapped("citta_is_person"))).privacy = "private"

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
