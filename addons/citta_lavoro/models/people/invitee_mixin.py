from odoo import api, fields, models
from odoo.exceptions import UserError

OPERATOR = "citta_lavoro.group_citta_operator"
OPEN_STATES = ("draft", "sent", "booked")


class InviteeMixin(models.AbstractModel):
    """Who can be invited to a meeting: a first contact or a pathway. It names its invitations ``citta_invitation_ids``."""

    _name = "citta.invitee.mixin"
    _description = "Invited person mixin"

    citta_invitation_count = fields.Integer("Times invited", compute="_compute_citta_invitations", groups=OPERATOR)
    citta_no_show_count = fields.Integer("Did not come", compute="_compute_citta_invitations", groups=OPERATOR)

    @api.depends("citta_invitation_ids.state")
    def _compute_citta_invitations(self):
        for record in self:
            states = record.citta_invitation_ids.mapped("state")
            record.citta_invitation_count, record.citta_no_show_count = len(states), states.count("no_show")

    @api.ondelete(at_uninstall=False)
    def _unlink_invitations(self):
        """Give the places back that a deleted record has taken."""
        self._cancel_invitations()

    # -- actions -------------------------------------------------------------

    def action_invite(self):
        """Invite to a meeting: the invitation that is open, or a new one.

        :return: its form
        :raise UserError: the person is not to be invited
        """
        self.ensure_one()
        current = self.citta_invitation_ids.filtered(lambda one: one.state in OPEN_STATES)[:1]
        if not current and (why := self.env["citta.invitation"]._get_obstacle(self)):
            raise UserError(why)
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.invitation_action")
        context = {f"default_{self._get_invitation_field()}": self.id, "default_channel": self._get_channel()}
        return {**action, "views": [(False, "form")], "res_id": current.id, "context": context}

    def action_open_invitations(self):
        """All invitations of this person.

        :return: their list
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.invitation_action")
        return {**action, "domain": [(self._get_invitation_field(), "=", self.id)], "context": {}}

    def action_invite_many(self):
        """Invite all that are chosen; who cannot be reached is shown first.

        :return: the wizard's window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.invitation_bulk_action")
        return {**action, "context": {"active_model": self._name, "active_ids": self.ids}}

    # -- hooks ---------------------------------------------------------------

    def _get_invitee(self):
        """Who is invited.

        :return: dictionary with ``name``, ``email``, ``phone`` (as machines dial it), ``street``, ``town`` and ``lang``
        """
        raise NotImplementedError

    def _get_invitation_obstacle(self):
        """Why this person is not to be invited, as a sentence; False where nothing stands in the way."""
        raise NotImplementedError

    def _note_meeting(self, moment):
        """Note that the person came.

        :param moment: when
        """
        raise NotImplementedError

    def _get_wished_channel(self):
        """By which means the person likes to be reached, if that was said."""
        return False

    # -- tools ---------------------------------------------------------------

    def _cancel_invitations(self, reason=None):
        # sudo: whoever ends the case calls its meetings off
        open_ones = self.sudo().citta_invitation_ids.filtered(lambda one: one.state in OPEN_STATES)
        return open_ones._workflow_move("cancel", reason) if open_ones else True

    def _get_invitation_field(self):
        return self.env["citta.invitation"]._get_links()[self._name]

    def _get_channel(self):
        """How the person is reached best: as the person wishes, if that can be, else as is possible."""
        invitee, wish = self._get_invitee(), self._get_wished_channel()
        if wish in ("email", "sms", "letter") and not self.env["citta.invitation"]._get_unreachable(self, wish):
            return wish
        return next((channel for channel, address in (("email", "email"), ("sms", "phone")) if invitee[address]), "letter")
