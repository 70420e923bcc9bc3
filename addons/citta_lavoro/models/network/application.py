from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.workflow_mixin import Transition
from .member import MANAGERS

DECIDERS = f"{MANAGERS},citta_lavoro.group_citta_operator"
OPEN_STATES = ("sent", "seen", "interview")


class Application(models.Model):
    """A person's application for an opportunity, shown to the firm only if the person agreed."""

    _name = "citta.application"
    _description = "Application"
    _inherit = ["citta.fixed.mixin", "citta.workflow.mixin", "citta.reach.mixin"]
    _order = "id desc"

    _fixed_fields = frozenset({"opportunity_id", "pathway_id"})
    _workflow_transitions = {
        "see": Transition(("sent",), "seen", DECIDERS),
        "invite": Transition(("sent", "seen"), "interview", DECIDERS),
        "accept": Transition(OPEN_STATES, "accepted", DECIDERS),
        "refuse": Transition(OPEN_STATES, "refused", DECIDERS),
        "withdraw": Transition(OPEN_STATES, "withdrawn", DECIDERS),
        "give_up": Transition(("accepted",), "withdrawn", DECIDERS),
        "resend": Transition(("withdrawn",), "sent", DECIDERS),
    }

    # what and who
    opportunity_id = fields.Many2one("citta.opportunity", "Opportunity", required=True, index=True, ondelete="restrict")
    # The case stays with those who follow it: the network manager handles an application, not a pathway.
    pathway_id = fields.Many2one(
        "citta.pathway", "Pathway", required=True, index=True, ondelete="cascade",
        groups="citta_lavoro.group_citta_operator",
    )
    partner_id = fields.Many2one(
        related="pathway_id.partner_id", string="Person", store=True, index=True,
        groups="citta_lavoro.group_citta_operator",
    )
    body_id = fields.Many2one(related="pathway_id.body_id", string="Followed by", store=True, index=True)
    territory_id = fields.Many2one(related="opportunity_id.territory_id", store=True, index=True)
    firm_id = fields.Many2one(related="opportunity_id.partner_id", string="Firm", store=True, index=True)
    message = fields.Text("Message to the firm")

    # life
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("seen", "Seen"),
            ("interview", "Interview"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        default="sent", required=True, index=True, copy=False, group_expand=True,
    )
    refusal_reason = fields.Selection(
        [
            ("skills", "Other skills were needed"),
            ("schedule", "Hours or place did not fit"),
            ("filled", "The places were given to others"),
            ("absent", "The interview did not take place"),
            ("cancelled", "The offer was withdrawn"),
            ("other", "Other"),
        ],
        "Reason of the refusal", copy=False,
    )
    is_refusal_shared = fields.Boolean("Tell the person the reason", copy=False)

    # consent
    consent_id = fields.Many2one("citta.consent", "Consent", ondelete="restrict", readonly=True, copy=False)
    is_shown = fields.Boolean("Shown to the firm", compute="_compute_is_shown", search="_search_is_shown", compute_sudo=True)
    candidate_name = fields.Char("Candidate", related="partner_id.name")
    candidate_contact = fields.Char("Contact", compute="_compute_candidate_contact", compute_sudo=True)

    _once = models.UniqueIndex("(partner_id, opportunity_id)", "This person has applied for this already.")
    _refused_with_reason = models.Constraint(
        "CHECK (state != 'refused' OR refusal_reason IS NOT NULL)", "Choose the reason before refusing."
    )

    @api.depends("consent_id.is_valid")
    def _compute_is_shown(self):
        for application in self:
            application.is_shown = application.consent_id.is_valid

    def _search_is_shown(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: whether a consent is in force is all that comes out
        valid = self.env["citta.consent"].sudo()._search([("is_valid", "=", True)])
        return [("consent_id", "in" if True in value else "not in", valid)]

    @api.depends("partner_id.email", "partner_id.phone", "is_shown")
    def _compute_candidate_contact(self):
        for application in self:
            person = application.partner_id
            application.candidate_contact = application.is_shown and " · ".join(filter(None, [person.phone, person.email]))

    @api.depends("partner_id", "opportunity_id")
    def _compute_display_name(self):
        for application in self:
            application.display_name = f"{application.candidate_name} – {application.opportunity_id.display_name}"

    @api.constrains("consent_id")
    def _check_consent(self):
        purpose = self.env.ref("citta_lavoro.purpose_show_company")
        # sudo: the consent is compared, not shown
        for application_sudo in self.sudo().filtered("consent_id"):
            consent_sudo = application_sudo.consent_id
            if consent_sudo.partner_id != application_sudo.partner_id or consent_sudo.purpose_id != purpose:
                raise ValidationError(self.env._("This is not the person's consent to be shown to a firm."))

    # -- create --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Take an application only for what is open, by a person whose pathway is under way.

        :raise UserError: with the reason, in words for the person
        """
        applications = super().create(vals_list)
        if not (self.env.su and self.env.context.get("install_mode")):
            for application in applications:
                application._check_may_apply()
        return applications

    # -- transitions ---------------------------------------------------------

    def action_see(self):
        """Note that the firm has read it."""
        return self._workflow_move("see")

    def action_invite(self):
        """The firm wants to meet the person."""
        return self._workflow_move("invite")

    def action_accept(self):
        """The firm takes the person: one place is given.

        :raise UserError: no place is left
        """
        return self._workflow_move("accept")

    def action_refuse(self):
        """The firm does not take the person; the coded reason must be there."""
        return self._workflow_move("refuse")

    def action_withdraw(self):
        """The person steps back."""
        return self._workflow_move("withdraw")

    def action_give_up(self):
        """The person steps back after having been accepted: the place is free again."""
        return self._workflow_move("give_up")

    def action_resend(self):
        """The person wants it after all."""
        return self._workflow_move("resend")

    def _on_accept(self):
        """Give one place to each.

        :raise UserError: no place is left
        """
        for application in self:
            if not application.opportunity_id._claim("places"):
                raise UserError(self.env._("All places of “%(title)s” are given.", title=application.opportunity_id.name))

    def _on_give_up(self):
        """Free the place."""
        for application in self:
            application.opportunity_id._claim_release("places")

    def _on_resend(self):
        """What was withdrawn can be sent again only while the opportunity is open."""
        for application in self:
            application._check_may_apply()

    # -- business ------------------------------------------------------------

    @api.model
    def _apply(self, opportunity, pathway, message="", is_shown=False):
        """Send an application; asking twice makes one.

        :param opportunity: what is applied for
        :param pathway: of the person who applies
        :param str message: to the firm
        :param bool is_shown: whether the person agrees to be shown to the firm
        :return: the application
        :raise UserError: closed, late, full, or not for this person
        """
        application = self.search([("opportunity_id", "=", opportunity.id), ("partner_id", "=", pathway.partner_id.id)])
        if application and application.state != "withdrawn":
            return application
        consent = self._prepare_consent(opportunity, pathway) if is_shown else self.env["citta.consent"]
        vals = {"message": message, "consent_id": consent.id}
        if application:
            application.write(vals)
            application.action_resend()
            return application
        return self.create({**vals, "opportunity_id": opportunity.id, "pathway_id": pathway.id})

    @api.model
    def _prepare_consent(self, opportunity, pathway):
        """The person's yes to being shown to this firm, given in the portal."""
        return self.env["citta.consent"].create({
            "purpose_id": self.env.ref("citta_lavoro.purpose_show_company").id,
            "partner_id": pathway.partner_id.id,
            "territory_id": pathway.territory_id.id,
            "channel": "portal",
            "proof": f"/my/opportunita/{opportunity.id}",
        })

    def _check_may_apply(self):
        """Refuse what cannot be applied for.

        :raise UserError: with the reason
        """
        self.ensure_one()
        # sudo: the manager who enters an application may not read the pathway; only its state and territory count
        pathway_sudo = self.sudo().pathway_id
        if refusal := self.opportunity_id._get_refusal():
            raise UserError(refusal)
        if pathway_sudo.state != "active":
            raise UserError(self.env._("Applications need a pathway that is under way: speak with your operator."))
        if pathway_sudo.territory_id != self.opportunity_id.territory_id:
            raise UserError(self.env._("This opportunity is for the people of another territory."))
