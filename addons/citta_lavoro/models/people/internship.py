from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...tools import internship as tools
from ..common.workflow_mixin import Transition
from .internship_project import HEADINGS

PROJECT = {
    *HEADINGS, "kind", "promoter_id", "tutor_id", "host_id", "date_start", "date_end", "longer_allowed", "longer_paper", "weekly_hours",
    "allowance", "has_meals", "exemption", "currency_id",
}
INSURANCE = {"inail_number", "policy_insurer", "policy_number", "date_notice", "notice_number"}
WORDS = {"assessment", "date_assessed"}
#: What may still be written in each state; lists of days and skills have rules of their own.
EDITABLE = {
    "draft": PROJECT | INSURANCE, "agreed": INSURANCE | {"date_extended"},
    "running": INSURANCE | WORDS | {"date_extended", "interruption_reason"}, "ended": WORDS, "interrupted": WORDS, "cancelled": set(),
}
LISTS = {"day_ids", "skill_ids", "state"}
TAKING_PLACE = "state IN ('agreed', 'running', 'ended', 'interrupted')"


class Internship(models.Model):
    """An internship or work trial in a firm: who, for what, how long, with which allowance, insurance and presences.

    The individual project is frozen as a PDF when it is agreed. Terms and least allowance are the programme's, after the
    guidelines of State and Regions of 25 May 2017. Nothing about health is kept: a longer term has a paper that was seen.
    """

    _name = "citta.internship"
    _description = "Internship"
    _inherit = ["citta.internship.project", "citta.internship.presence", "citta.workflow.mixin", "citta.pathway.item"]
    _order = "date_start desc, id desc"
    _rec_name = "host_id"
    _rec_names_search = ["partner_id", "host_id"]

    _is_obligation = True
    _workflow_transitions = {
        "agree": Transition(("draft",), "agreed"),
        "start": Transition(("agreed",), "running"),
        "end": Transition(("running",), "ended"),
        "interrupt": Transition(("running",), "interrupted"),
        "cancel": Transition(("draft", "agreed"), "cancelled"),
    }

    state = fields.Selection(
        [
            ("draft", "Being written"), ("agreed", "Agreed"), ("running", "Running"), ("ended", "Ended"),
            ("interrupted", "Interrupted"), ("cancelled", "Cancelled"),
        ],
        required=True, default="draft", readonly=True, copy=False,
    )
    kind = fields.Selection([("internship", "Internship"), ("trial", "Work trial")], required=True, default="internship")

    # parties
    promoter_id = fields.Many2one(
        "res.partner", "Promoted by", required=True, ondelete="restrict", index=True, domain="[('citta_body_kind', '!=', False)]",
        compute="_compute_promoter_id", store=True, readonly=False, precompute=True,
    )
    tutor_id = fields.Many2one(
        "res.users", "Tutor of the promoter", required=True, ondelete="restrict", index=True, default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    host_id = fields.Many2one("res.partner", "Host", required=True, ondelete="restrict", index=True, domain="[('is_company', '=', True)]")
    host_tutor = fields.Char("Tutor of the host", size=200, help="Name and role.")

    # terms
    date_start = fields.Date("From", required=True)
    date_end = fields.Date("Until", required=True)
    date_extended = fields.Date("Prolonged until", copy=False)
    date_closed = fields.Date("Ended on", readonly=True, copy=False)
    date_last = fields.Date("Last day", compute="_compute_date_last", store=True, precompute=True)
    longer_allowed = fields.Boolean("Longer term allowed", copy=False, help="Only after the paper that allows it was seen.")
    longer_paper = fields.Char("Paper that was seen", copy=False, help="Its kind and date, never what it says: nothing about health.")
    longer_user_id = fields.Many2one("res.users", "Checked by", compute="_compute_longer_user_id", store=True)
    weekly_hours = fields.Float("Hours a week", required=True, default=30, digits=(5, 2))
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self._default_currency_id())
    allowance = fields.Monetary("Allowance a month")
    has_meals = fields.Boolean("Meals or vouchers")
    exemption = fields.Char("Less than the minimum because", help="The rule that allows it, for instance income support.")

    # insurance and communication
    inail_number = fields.Char("INAIL position", size=50)
    policy_insurer = fields.Char("Liability insurer", size=100)
    policy_number = fields.Char("Liability policy", size=50)
    date_notice = fields.Date("Mandatory communication", copy=False)
    notice_number = fields.Char("Number of the communication", size=50, copy=False)

    # course
    interruption_reason = fields.Char("Interrupted because", copy=False, help="In general terms; nothing about health.")

    # end
    assessment = fields.Text("Words of the host's tutor", copy=False)
    date_assessed = fields.Date("Assessed on", copy=False)
    date_fed = fields.Date("Skills taken over on", readonly=True, copy=False)

    _dates_in_order = models.Constraint("CHECK (date_end >= date_start)", "An internship cannot end before it begins.")
    _prolonged_after_end = models.Constraint("CHECK (date_extended > date_end)", "A longer term ends later than the first one.")
    _closed_after_start = models.Constraint("CHECK (date_closed >= date_start)", "An internship cannot end before it begins.")
    _hours_positive = models.Constraint("CHECK (weekly_hours > 0 AND weekly_hours <= 40)", "An internship has between 0 and 40 hours a week.")
    _allowance_positive = models.Constraint("CHECK (allowance >= 0)", "An allowance cannot be negative.")
    # the operators of ranges are in every PostgreSQL; a person's number is a range of one
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH &&, daterange(date_start, date_last, '[]') WITH &&)"
        f" WHERE (partner_id IS NOT NULL AND date_last IS NOT NULL AND {TAKING_PLACE})",
        "This person has another internship in these days.",
    )
    _scope_idx = models.Index("(territory_id, body_id, date_start, id)")

    # -- defaults and computes -------------------------------------------------

    @api.model
    def _default_currency_id(self):
        return self.env.ref("base.EUR", raise_if_not_found=False) or self.env.company.currency_id

    @api.depends("pathway_id")
    def _compute_promoter_id(self):
        for internship in self:
            internship.promoter_id = internship.promoter_id or internship.pathway_id.body_id

    @api.depends("date_end", "date_extended", "date_closed")
    def _compute_date_last(self):
        for internship in self:
            internship.date_last = internship.date_closed or internship.date_extended or internship.date_end

    @api.depends("longer_allowed")
    def _compute_longer_user_id(self):
        for internship in self:
            internship.longer_user_id = internship.longer_allowed and (internship.longer_user_id or self.env.user)

    @api.depends("partner_id", "host_id")
    def _compute_display_name(self):
        for internship in self:
            internship.display_name = self.env._(
                "%(person)s at %(host)s", person=internship.partner_id.name, host=internship.host_id.name or ""
            ) if internship.partner_id else False

    # -- constraints -----------------------------------------------------------

    @api.constrains("date_start", "date_end", "date_extended", "longer_allowed", "pathway_id")
    def _check_term(self):
        """:raise ValidationError: longer than the programme allows"""
        for internship in self:
            programme = internship.pathway_id.programme_id
            months = programme.internship_months_longer if internship.longer_allowed else programme.internship_months
            latest = tools.latest_end(internship.date_start, months)
            if (internship.date_extended or internship.date_end) > latest:
                raise ValidationError(self.env._(
                    "An internship of this programme lasts at most %(months)s months: until %(date)s.",
                    months=months, date=format_date(self.env, latest),
                ))

    @api.constrains("host_id", "promoter_id", "tutor_id")
    def _check_parties(self):
        for internship in self:
            if not internship.host_id.is_company:
                raise ValidationError(self.env._("The host is a firm or a body, not a person."))
            if internship.host_id == internship.promoter_id:
                raise ValidationError(self.env._("Nobody promotes an internship in its own house."))
            if internship.tutor_id.share:
                raise ValidationError(self.env._("The tutor works for one of the bodies: portal users cannot be it."))

    # -- create, write, delete -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """What the course of an internship writes is not said in advance."""
        known = self._get_editable("draft") | LISTS | {"pathway_id"}
        return super(Internship, self._citta_only_defaults(known)).create(self._citta_only_values(vals_list, known)).with_env(self.env)

    def write(self, vals):
        """What was agreed stays; what comes later is written when it comes.

        :raise UserError: the internship is beyond that
        """
        if not self.env.su:
            self.check_access("write")
            for internship in self:
                internship._check_editable(vals)
        return super().write(vals)

    def _check_editable(self, vals):
        if frozen := sorted(vals.keys() - LISTS - self._get_editable(self.state)):
            raise UserError(self.env._(
                "“%(field)s” stays as it is: the internship is “%(state)s”.",
                field=self._fields[frozen[0]]._description_string(self.env) if frozen[0] in self._fields else frozen[0],
                state=self._workflow_label(self.state),
            ))

    @api.model
    def _get_editable(self, state):
        """Fields that may be written in a state; a later room adds its own by ``super()``."""
        return EDITABLE[state]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if not self.env.su and any(internship.state != "draft" for internship in self):
            raise UserError(self.env._("An internship that was agreed is kept."))

    # -- actions ---------------------------------------------------------------

    def action_start(self):
        """Begin: the insurance and the mandatory communication are there.

        :raise UserError: one of them is missing, or the day has not come
        """
        return self._workflow_move("start")

    def action_end(self):
        """End at the term; the hours of presence become a service.

        :raise UserError: the term has not come, or no presence is filled in
        """
        return self._workflow_move("end")

    def action_interrupt(self):
        """End before the term, with a reason.

        :raise UserError: no reason is written
        """
        return self._workflow_move("interrupt")

    def action_cancel(self):
        """Take an internship back that has not begun."""
        return self._workflow_move("cancel")

    def action_feed_skills(self):
        """Take the levels reached over into the person's skills, once.

        :raise UserError: it is running still, no level is chosen, or it was done
        """
        self.ensure_one()
        self.check_access("write")
        reached = self.skill_ids.filtered("level_end_id")
        if self.state not in ("ended", "interrupted") or not reached:
            raise UserError(self.env._("Choose the levels reached when the internship is over."))
        if self.date_fed:
            raise UserError(self.env._("The skills were taken over on %s.", format_date(self.env, self.date_fed)))
        for line in reached:
            line._feed()
        # sudo: the day is written by this deed alone
        self.sudo().date_fed = fields.Date.context_today(self)
        return True

    # -- transitions -----------------------------------------------------------

    def _on_start(self):
        """Nobody begins without insurance and communication.

        :raise UserError: see ``action_start``
        """
        self._check_pathway_open()
        today = fields.Date.context_today(self)
        for internship in self:
            internship._check_filled(("inail_number", "policy_number", "date_notice"))
            if internship.date_start > today:
                raise UserError(self.env._("It begins on %s, not before.", format_date(self.env, internship.date_start)))
            if internship.date_notice > internship.date_start:
                raise UserError(self.env._("The mandatory communication is made before the first day: change the days, or cancel and write anew."))

    def _on_end(self):
        """The term has come.

        :raise UserError: see ``action_end``
        """
        for internship in self:
            if internship.date_last > fields.Date.context_today(self):
                raise UserError(self.env._("It lasts until %s: before that it is interrupted, with a reason.", format_date(self.env, internship.date_last)))
            if not internship.day_ids:
                raise UserError(self.env._("Fill in the presences first."))
            internship._close(internship.date_last)

    def _on_interrupt(self):
        """It ends today, with its reason.

        :raise UserError: see ``action_interrupt``
        """
        for internship in self:
            if not (internship.interruption_reason or "").strip():
                raise UserError(self.env._("Write why it is interrupted, in general terms."))
            internship._close(min(internship.date_last, fields.Date.context_today(self)))

    # -- business --------------------------------------------------------------

    def _close(self, day):
        """Note the end and count the hours as a service, once."""
        # sudo: the day is written by the transition alone
        self.sudo().date_closed = day
        if self.hours_done > 0:
            # sudo: a service given by the firm, counted for whoever ends the internship
            self.env["citta.delivery"].sudo().create({
                "pathway_id": self.pathway_id.id, "internship_id": self.id, "date": day, "quantity": self.hours_done,
                "type_id": self.env.ref("citta_lavoro.delivery_type_internship").id, "user_id": self.tutor_id.id, "note": self.host_id.name,
            })
