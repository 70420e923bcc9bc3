from odoo import api, fields, models
from odoo.exceptions import UserError

from .invitation import CHANNELS
from .invitation_letter import TODO
from .invitee_mixin import OPEN_STATES


class InvitationBulk(models.TransientModel):
    """Many invited at once: who cannot be reached is named before, and put on the list of calls after."""

    _name = "citta.invitation.bulk"
    _description = "Invitations for many"
    _inherit = ["citta.chosen.mixin", "citta.reach.mixin"]

    lead_ids = fields.Many2many("crm.lead", string="First contacts", default=lambda self: self._default_chosen("crm.lead"))
    pathway_ids = fields.Many2many("citta.pathway", string="Pathways", default=lambda self: self._default_chosen("citta.pathway"))
    channel = fields.Selection(CHANNELS, required=True, default="email")
    message = fields.Text("A few words of yours")
    own_slots = fields.Boolean("Only my slots")
    ready = fields.Integer("Can be invited", compute="_compute_ready")
    left_out = fields.Text("Cannot be invited", compute="_compute_ready")

    @api.depends("lead_ids", "pathway_ids", "channel")
    def _compute_ready(self):
        for wizard in self:
            reasons = wizard._get_reasons()
            wizard.ready = len([record for record, why in reasons if not why])
            wizard.left_out = "\n".join(f"{record._get_invitee()['name']}: {why}" for record, why in reasons if why)

    def action_confirm(self):
        """Invite all that can be; a call is put on the list for each of the others.

        :return: the invitations that were sent; letters are printed from their list
        :raise UserError: nobody can be invited
        """
        self.ensure_one()
        reasons = self._get_reasons()
        items = self.env["citta.invitation"].create([self._prepare_values(record) for record, why in reasons if not why])
        if not items:
            raise UserError(self.env._("Nobody of them can be invited this way:\n%s", self.left_out or ""))
        items.action_send()
        for record, why in reasons:
            if why:
                record.activity_schedule(TODO, user_id=self.env.uid, summary=self.env._("Call: could not be invited. %s", why))
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.invitation_action")
        return {**action, "domain": [("id", "in", items.ids)], "context": {}}

    def _prepare_values(self, record):
        """Values of one invitation.

        :param record: the first contact or pathway
        """
        link = self.env["citta.invitation"]._get_links()[record._name]
        return {link: record.id, "channel": self.channel, "message": self.message, "own_slots": self.own_slots}

    def _get_reasons(self):
        """Each of the chosen with the reason why it cannot be invited, or False."""
        Invitation = self.env["citta.invitation"]
        return [
            (record, Invitation._get_obstacle(record) or self._get_open(record) or Invitation._get_unreachable(record, self.channel))
            for chosen in (self.lead_ids._origin, self.pathway_ids._origin) for record in chosen
        ]

    def _get_open(self, record):
        waiting = any(one.state in OPEN_STATES for one in record.citta_invitation_ids)
        return waiting and self.env._("An invitation is open already.")
