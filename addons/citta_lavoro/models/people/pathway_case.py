from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...tools import assessment as tools
from .path_rule import PATHS

OPERATOR = "citta_lavoro.group_citta_operator"


class PathwayCase(models.AbstractModel):
    """What grows around a pathway's plan: canvas, assessments, agreements, services, internships, skills and experience."""

    _name = "citta.pathway.case"
    _description = "Case of a pathway"
    _inherit = ["citta.invitee.mixin", "citta.pathway.exit"]

    canvas_ids = fields.One2many("citta.canvas", "pathway_id", "Canvases", groups=OPERATOR)
    assessment_ids = fields.One2many("citta.assessment", "pathway_id", "Assessments", groups=OPERATOR)
    compass_ids = fields.One2many("survey.user_input", "citta_pathway_id", "Answers to the compass", groups="base.group_system")
    path = fields.Selection(PATHS, "Path", readonly=True, copy=False, tracking=True, help="As decided on an assessment.", groups="base.group_user")
    delivery_ids = fields.One2many("citta.delivery", "pathway_id", "Services", groups=OPERATOR)
    skill_ids = fields.One2many("citta.person.skill", "pathway_id", "Skills", groups=OPERATOR)
    experience_ids = fields.One2many("citta.experience", "pathway_id", "Experience", groups=OPERATOR)
    agreement_ids = fields.One2many("citta.agreement", "pathway_id", "Agreements", groups=OPERATOR)
    internship_ids = fields.One2many("citta.internship", "pathway_id", "Internships", groups=OPERATOR)
    citta_invitation_ids = fields.One2many("citta.invitation", "pathway_id", "Invitations", groups=OPERATOR)
    agreement_status = fields.Selection(
        [("none", "None yet"), ("draft", "Being written"), ("proposed", "To sign"), ("signed", "In force"), ("outdated", "Plan changed since")],
        "Agreement", compute="_compute_agreement_status", groups=OPERATOR,
    )
    distance = fields.Html("Distance travelled", compute="_compute_distance", sanitize=False, groups=OPERATOR)

    def write(self, vals):
        """:raise ValidationError: the beginning would move behind a service that was given"""
        result = super().write(vals)
        if "date_start" in vals:
            self._check_begins_before_services()
        return result

    def _check_begins_before_services(self):
        # sudo: a service counts, also one that the user does not see
        first = dict(self.env["citta.delivery"].sudo()._read_group([("pathway_id", "in", self.ids)], ["pathway_id"], ["date:min"]))
        for pathway in self:
            day = first.get(pathway)
            if day and day < pathway.date_start:
                raise ValidationError(self.env._(
                    "The first service of %(person)s was given on %(date)s: the pathway began then or earlier.",
                    person=pathway.display_name, date=format_date(self.env, day),
                ))

    @api.depends("assessment_ids.state", "assessment_ids.line_ids.level")
    def _compute_distance(self):
        for pathway in self:
            values = pathway._get_distance()
            pathway.distance = values and self.env["ir.qweb"]._render("citta_lavoro.assessment_distance", values)

    @api.depends("agreement_ids.state", "agreement_ids.is_outdated")
    def _compute_agreement_status(self):
        for pathway in self:
            open_one = pathway.agreement_ids.filtered(lambda one: one.state in ("draft", "proposed"))[:1]
            latest = open_one or pathway.agreement_ids.filtered(lambda one: one.state == "signed")
            pathway.agreement_status = "outdated" if latest.is_outdated else latest.state or "none"

    def action_open_canvas(self):
        """Open the current canvas, or a new one where there is none.

        :return: its form
        """
        self.ensure_one()
        current = self.canvas_ids.filtered("is_current")
        return {**self._open_record(current or self.env["citta.canvas"]), "context": {"default_pathway_id": self.id}}

    def _begin_alone(self, name, values):
        """What there is one of in a pathway, begun by the person in the portal; of two tabs the later one is run again and finds it there.

        :param str name: model
        :param dict values: its own
        :return: the new record
        """
        self._hold()
        return self.env[name].create({**values, "pathway_id": self.id})

    def action_assess(self):
        """Begin an assessment on the grid.

        :return: a new assessment's form
        """
        self.ensure_one()
        return {**self._open_record(self.env["citta.assessment"]), "context": {"default_pathway_id": self.id}}

    def action_use_template(self):
        """Ask for a template and put its goals and actions into the plan.

        :return: the wizard's window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.plan_apply_action")
        return {**action, "context": {"default_pathway_id": self.id}}

    def action_open_agreement(self):
        """Open the agreement that counts: the one being written or signed, else a new one.

        :return: its form
        """
        self.ensure_one()
        latest = self.agreement_ids.filtered(lambda one: one.state in ("draft", "proposed", "signed")).sorted("version")[-1:]
        return {**self._open_record(latest or self.env["citta.agreement"]), "context": {"default_pathway_id": self.id}}

    def action_open_meetings(self):
        """The meetings with the person; new ones are private.

        :return: the calendar
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("calendar.action_calendar_event")
        return {
            **action, "domain": [("citta_pathway_id", "=", self.id)],
            "context": {"default_citta_pathway_id": self.id, "default_privacy": "private"},
        }

    # -- exit ------------------------------------------------------------------

    def _on_close(self):
        """What the person had begun to answer goes.

        :raise UserError: an internship is running: insured and communicated as it is, no reason drops it; or a service lies after the end
        """
        for pathway in self:
            last = max(pathway.delivery_ids.mapped("date"), default=False)
            if last and last > pathway.date_end:
                raise UserError(self.env._("The last service was given on %s: the pathway ends then or later.", format_date(self.env, last)))
        for internship in self.internship_ids.filtered(lambda one: one.state == "running"):
            raise UserError(self.env._("The internship at %s is running: end or interrupt it first.", internship.host_id.name))
        super()._on_close()
        self._drop_compass()

    def _get_open_obligations(self):
        """An agreement that is not signed yet waits for something; an internship that is agreed or running, too."""
        interns = self.internship_ids.filtered(lambda one: one.state in ("draft", "agreed", "running"))
        return [
            *super()._get_open_obligations(),
            *self._get_open_agreements().mapped("display_name"),
            *(self.env._("Internship at %s", one.host_id.name) for one in interns),
        ]

    def _drop_obligations(self, reason):
        """With the pathway's end unsigned agreements are taken back, meetings called off, and internships that did not begin, too."""
        super()._drop_obligations(reason)
        self._get_open_agreements()._workflow_move("cancel", reason)
        self._cancel_invitations(reason)
        self.internship_ids.filtered(lambda one: one.state in ("draft", "agreed"))._workflow_move("cancel", reason)

    def _get_open_agreements(self):
        return self.agreement_ids.filtered(lambda one: one.state in ("draft", "proposed"))

    # -- meetings --------------------------------------------------------------

    def _get_invitee(self):
        # sudo: an invitation goes to the person's address, whoever prepares it
        person_sudo = self.sudo().partner_id
        return {
            "name": person_sudo.name, "email": person_sudo.email_normalized, "phone": person_sudo.phone_sanitized,
            "street": person_sudo.street, "town": " ".join(filter(None, (person_sudo.zip, person_sudo.city))), "lang": person_sudo.lang,
        }

    def _get_wished_channel(self):
        # sudo: as above
        return self.sudo().partner_id.citta_contact_channel

    def _get_invitation_obstacle(self):
        return self.state == "closed" and self.env._("The pathway is closed.")

    def _note_meeting(self, moment):
        """The last contact is the day on which the person came."""
        day = fields.Datetime.context_timestamp(self, moment).date()
        self.date_last_contact = max(day, self.date_last_contact or day)

    # -- agreement -------------------------------------------------------------

    def _describe_profile(self):
        """The employability profile in a few words: path, strengths, what is worked on. An operator completes it.

        :return: text
        """
        last = self.assessment_ids.filtered(lambda one: one.state == "done").sorted(lambda one: (one.date, one.id))[-1:]
        strong = last.line_ids.filtered(lambda line: line.level in ("4", "5")).domain_id.mapped("name")
        wanted = last.line_ids.filtered("is_priority").domain_id.mapped("name")
        path = dict(self._fields["path"]._description_selection(self.env)).get(self.path)
        parts = (
            (path, self.env._("Path: %s.", path)),
            (strong, self.env._("Strengths: %s.", ", ".join(strong))),
            (wanted, self.env._("To work on: %s.", ", ".join(wanted))),
        )
        return "\n".join(text for known, text in parts if known)

    # -- curriculum --------------------------------------------------------------

    def _get_cv(self):
        """What goes into the curriculum: headline, experience by kind, skills by kind.

        :return: rendering values
        """
        self.ensure_one()
        labels = dict(self.env["citta.experience"]._fields["kind"]._description_selection(self.env))
        shown, skills = self.experience_ids.filtered("on_cv"), self.skill_ids.filtered(lambda one: one.on_cv and not one.is_expired)
        blocks = {label: shown.filtered(lambda one, kind=kind: one.kind == kind) for kind, label in labels.items()}
        kinds = skills.skill_type_id.sorted()
        return {
            "headline": self.canvas_ids.filtered("is_current").profession_ids[:1].text,
            "experiences": [(label, found) for label, found in blocks.items() if found],
            "skills": [(kind.name, skills.filtered(lambda one, kind=kind: one.skill_type_id == kind)) for kind in kinds],
        }

    # -- compass -----------------------------------------------------------------

    def _has_compass_on(self, day):
        """Whether the person has filled in an assessment on this day: one a day is enough.

        :param date day: the person's own
        """
        return bool(self.assessment_ids.filtered(lambda one: one.filled_by == "person" and one.date == day))

    def _drop_compass(self):
        # sudo: half an answer is for nobody's eyes, and whoever closes the pathway ends it
        self.sudo().compass_ids.filtered(lambda one: one.state != "done").unlink()

    # -- distance travelled ----------------------------------------------------

    def _get_distance(self, filled_by=None):
        """First and last confirmed assessment that were filled in the same way: others cannot be compared.

        :param str filled_by: who filled them in; by default whoever filled in the last one
        :return: rendering values for ``assessment_distance``, or an empty dictionary
        """
        self.ensure_one()
        done = self.assessment_ids.filtered(lambda one: one.state == "done").sorted(lambda one: (one.date, one.id))
        done = done.filtered(lambda one: one.filled_by == (filled_by or done[-1:].filled_by))
        if not done:
            return {}
        first, last = done[0], done[-1]
        domains = {domain.id: domain.name for domain in done.line_ids.domain_id.sorted()}
        rows = tools.travelled(domains, first._get_levels() if first != last else {}, last._get_levels())
        labels = [domains[row.domain] for row in rows]
        title = self.env._("Distance travelled: the table beside says the same in words.")
        return {
            "first": first, "last": last, "rows": list(zip(labels, rows, strict=True)), "mean": tools.mean_change(rows),
            "levels": dict(self.env["citta.assessment.line"]._fields["level"]._description_selection(self.env)),
            "radar": Markup(tools.radar(labels, rows, title)),  # noqa: S704  # the drawing escapes its own labels
        }
