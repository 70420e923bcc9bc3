from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..common.workflow_mixin import Transition
from .member import MANAGERS


class Opportunity(models.Model):
    """Something a member offers to the people of the programme: a job, an internship, a training place, time."""

    _name = "citta.opportunity"
    _description = "Opportunity"
    _inherit = ["mail.thread", "mail.activity.mixin", "citta.workflow.mixin", "citta.claim.mixin"]
    _order = "id desc"

    # A company submits, the network manager moderates: nothing reaches the public unread.
    _workflow_transitions = {
        "submit": Transition(("draft",), "submitted"),
        "send_back": Transition(("submitted",), "draft", MANAGERS),
        "publish": Transition(("submitted",), "published", MANAGERS),
        "close": Transition(("published",), "closed", MANAGERS),
        "cancel": Transition(("draft", "submitted", "published"), "cancelled", MANAGERS),
    }

    # what
    name = fields.Char("Title", required=True, size=120, tracking=True)
    kind = fields.Selection(
        [
            ("job", "Job"),
            ("internship", "Internship"),
            ("training", "Training place"),
            ("mentoring", "Mentoring"),
            ("other", "Other"),
        ],
        required=True, default="internship", index=True,
    )
    description = fields.Text(required=True)
    skill_ids = fields.Many2many("hr.skill", "citta_opportunity_skill_rel", "opportunity_id", "skill_id", "Skills")
    contract_type = fields.Selection(
        [
            ("permanent", "Permanent"),
            ("fixed_term", "Fixed-term"),
            ("apprenticeship", "Apprenticeship"),
            ("internship", "Internship"),
            ("self_employed", "Self-employed"),
            ("none", "None"),
        ],
        "Contract",
    )
    hours_week = fields.Float("Hours per week", digits=(16, 1))
    places = fields.Integer(default=1, required=True)
    date_deadline = fields.Date("Apply by", tracking=True)

    # who and where
    member_id = fields.Many2one("citta.member", "Member", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(related="member_id.partner_id", string="Offered by", store=True, index=True)
    programme_id = fields.Many2one(related="member_id.programme_id", store=True, index=True)
    territory_id = fields.Many2one(related="member_id.territory_id", string="Territory", store=True, index=True)
    city_id = fields.Many2one(
        "res.city", "Municipality", index="btree_not_null", ondelete="restrict",
        domain="[('citta_territory_id', '=', territory_id)]",
    )
    entitled_body_id = fields.Many2one(
        "res.partner", "Entitled body", index="btree_not_null", ondelete="restrict",
        domain="[('citta_is_entitled', '=', True)]",
        help="Who lawfully mediates this job (D.Lgs 276/2003, art. 6). Every job offer names it.",
    )

    # life
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("published", "Published"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft", required=True, index=True, tracking=True, copy=False, group_expand=True,
    )
    date_published = fields.Date("Published on", copy=False)
    application_ids = fields.One2many("citta.application", "opportunity_id", "Applications")
    application_count = fields.Integer(compute="_compute_application_count")

    _job_names_entitled = models.Constraint(
        "CHECK (kind != 'job' OR entitled_body_id IS NOT NULL)",
        "A job offer names the body entitled to mediate it (D.Lgs 276/2003, art. 6).",
    )
    _places_positive = models.Constraint("CHECK (places > 0)", "An opportunity has at least one place.")
    _hours_in_week = models.Constraint(
        "CHECK (hours_week IS NULL OR (hours_week >= 0 AND hours_week <= 60))", "Between 0 and 60 hours per week."
    )
    _published_idx = models.Index("(territory_id, id DESC) WHERE state = 'published'")

    def _compute_application_count(self):
        counts = dict(self.env["citta.application"]._read_group(
            [("opportunity_id", "in", self.ids)], ["opportunity_id"], ["__count"]
        ))
        for opportunity in self:
            opportunity.application_count = counts.get(opportunity, 0)

    @api.constrains("entitled_body_id")
    def _check_entitled_body_id(self):
        for opportunity in self:
            if opportunity.entitled_body_id and not opportunity.entitled_body_id.citta_is_entitled:
                raise ValidationError(self.env._(
                    "“%(body)s” is not registered as entitled to mediate jobs.",
                    body=opportunity.entitled_body_id.display_name,
                ))

    @api.constrains("state", "member_id")
    def _check_member_active(self):
        for opportunity in self:
            if opportunity.state in ("submitted", "published") and opportunity.member_id.state != "active":
                raise ValidationError(self.env._("Only an active member of the network offers opportunities."))

    def write(self, vals):
        """A change of the number of places moves the ceiling that guards them."""
        result = super().write(vals)
        if "places" in vals:
            for opportunity in self:
                opportunity._claim_resize("places")
        return result

    # -- transitions ---------------------------------------------------------

    def action_submit(self):
        """Hand the draft in for moderation."""
        return self._workflow_move("submit")

    def action_send_back(self):
        """Give it back to the member, who mends it and submits again."""
        return self._workflow_move("send_back")

    def action_publish(self):
        """Show it to the public and open it for applications."""
        return self._workflow_move("publish")

    def action_close(self):
        """End it: no more applications; those under way go on."""
        return self._workflow_move("close")

    def action_cancel(self):
        """Withdraw it without result."""
        return self._workflow_move("cancel")

    def _on_publish(self):
        """Keep the day of publication."""
        self.date_published = fields.Date.context_today(self)

    # -- actions -------------------------------------------------------------

    def action_open_applications(self):
        """Open the applications for this opportunity."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._citta_narrow("application_action", [("opportunity_id", "=", self.id)], default_opportunity_id=self.id)

    # -- business ------------------------------------------------------------

    @api.model
    def _get_open_domain(self):
        """Domain of what may be applied for today."""
        today = fields.Date.context_today(self)
        in_time = Domain("date_deadline", "=", False) | Domain("date_deadline", ">=", today)
        return Domain("state", "=", "published") & in_time

    def _is_late(self):
        """Whether the deadline has passed."""
        self.ensure_one()
        return bool(self.date_deadline) and self.date_deadline < fields.Date.context_today(self)

    def _is_full(self):
        """Whether all places are given."""
        self.ensure_one()
        return self._claim_used("places") >= self.places

    def _get_refusal(self):
        """Why nobody can apply now, in words for the person; an empty string if one can."""
        self.ensure_one()
        if self.state != "published":
            return self.env._("This opportunity is closed.")
        if self._is_late():
            return self.env._("The deadline of this opportunity has passed.")
        if self._is_full():
            return self.env._("All places of this opportunity are given.")
        return ""

    def _get_claim_capacity(self, kind):
        """Places are limited by the offer."""
        return self.places if kind == "places" else super()._get_claim_capacity(kind)

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_close_late(self):
        """Close, once a day, what is past its deadline."""
        today = fields.Date.context_today(self)
        self.search([("state", "=", "published"), ("date_deadline", "<", today)]).action_close()
