from odoo import fields, models
from odoo.fields import Command
from odoo.tools import email_normalize

from ..common.workflow_mixin import Transition

MANAGERS = "citta_lavoro.group_citta_network_manager,citta_lavoro.group_citta_administrator"


class Member(models.Model):
    """The adhesion of a body or firm to the territorial network of one programme."""

    _name = "citta.member"
    _description = "Network member"
    _inherit = ["mail.thread", "mail.activity.mixin", "citta.workflow.mixin"]
    _rec_name = "partner_id"
    _order = "id desc"

    _workflow_transitions = {
        "activate": Transition(("applied",), "active", MANAGERS),
        "suspend": Transition(("active",), "suspended", MANAGERS),
        "resume": Transition(("suspended",), "active", MANAGERS),
        "leave": Transition(("applied", "active", "suspended"), "left", MANAGERS),
    }

    # who
    partner_id = fields.Many2one(
        "res.partner", "Body", required=True, index=True, ondelete="restrict", tracking=True,
        domain="[('citta_body_kind', '!=', False)]",
    )
    kind = fields.Selection(related="partner_id.citta_body_kind", string="Kind of body", store=True)
    city_id = fields.Many2one(related="partner_id.city_id", string="Municipality", store=True)
    contact_ids = fields.Many2many(
        "res.partner", "citta_member_contact_rel", "member_id", "partner_id", "Contact persons",
        domain="[('parent_id', '=', partner_id)]",
        help="Those with a portal login act for the member: sheet, opportunities, candidates.",
    )
    description = fields.Text("Presentation", help="What the member does, as the public may read it.")

    # where
    programme_id = fields.Many2one(
        "citta.programme", "Programme", required=True, index=True, ondelete="restrict", default=lambda self: self.env["citta.programme"]._get_own(),
    )
    territory_id = fields.Many2one(related="programme_id.territory_id", string="Territory", store=True, index=True)

    # adhesion
    state = fields.Selection(
        [("applied", "Applied"), ("active", "Active"), ("suspended", "Suspended"), ("left", "Left")],
        default="applied", required=True, index=True, tracking=True, copy=False, group_expand=True,
    )
    protocol_reference = fields.Char("Protocol", help="Number of the signed adhesion in the lead body's register.")
    date_applied = fields.Date("Applied on", default=fields.Date.context_today, copy=False)
    date_joined = fields.Date("Joined on", copy=False)
    date_left = fields.Date("Left on", copy=False)

    # what it brings
    commitment_ids = fields.One2many("citta.commitment", "member_id", "Commitments")
    service_ids = fields.One2many("citta.service", "member_id", "Services")
    opportunity_ids = fields.One2many("citta.opportunity", "member_id", "Opportunities")
    opportunity_count = fields.Integer(compute="_compute_opportunity_count")

    _adhesion_uniq = models.UniqueIndex(
        "(partner_id, programme_id) WHERE state != 'left'", "This body is in the programme's network already."
    )

    def _compute_opportunity_count(self):
        counts = dict(self.env["citta.opportunity"]._read_group(
            [("member_id", "in", self.ids)], ["member_id"], ["__count"]
        ))
        for member in self:
            member.opportunity_count = counts.get(member, 0)

    # -- transitions ---------------------------------------------------------

    def action_activate(self):
        """Admit an applicant to the network."""
        return self._workflow_move("activate")

    def action_suspend(self):
        """Suspend a member: it keeps its sheet and publishes nothing new."""
        return self._workflow_move("suspend")

    def action_resume(self):
        """Take a suspended member back."""
        return self._workflow_move("resume")

    def action_leave(self):
        """End the adhesion; the body may apply again later with a new one."""
        return self._workflow_move("leave")

    def _on_activate(self):
        """The adhesion counts from the day of admission, unless a signed date was entered."""
        self.filtered(lambda member: not member.date_joined).date_joined = fields.Date.context_today(self)

    def _on_leave(self):
        """Record the day on which the adhesion ended."""
        self.date_left = fields.Date.context_today(self)
        # A new adhesion may follow in the same transaction, and its insert would meet this row still open.
        self.flush_recordset()

    # -- actions -------------------------------------------------------------

    def action_open_opportunities(self):
        """Open the member's opportunities."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._citta_narrow("opportunity_action", [("member_id", "=", self.id)], default_member_id=self.id)

    # -- business ------------------------------------------------------------

    def _grant_portal(self, contact):
        """Give a contact person of the member a portal login and invite them by mail.

        Nothing happens for a person who has a login, lacks a valid address, or whose address is somebody's
        login already: the manager reads why in the chatter.

        :param contact: a child contact of the member's body
        """
        self.ensure_one()
        # sudo: whoever may admit a member may let its contact person in; users are nobody else's to make
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False, no_reset_password=True)
        login = email_normalize(contact.email or "")
        if users_sudo.search_count([("partner_id", "=", contact.id)], limit=1):
            return
        if not login or users_sudo.search_count([("login", "=", login)], limit=1):
            self.message_post(body=self.env._("No portal login was made: the address is missing or already in use."))
            return
        user_sudo = users_sudo._create_user_from_template({
            "name": contact.name,
            "login": login,
            "email": login,
            "partner_id": contact.id,
            "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.company.ids)],
        })
        # sudo: the invitation carries a token that no user may read; it goes through the mail queue
        self.env.ref("auth_signup.portal_set_password_email").sudo().send_mail(user_sudo.id)
