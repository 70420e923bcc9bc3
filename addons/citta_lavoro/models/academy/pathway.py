from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.attendance import absences_in_row, rate

RISKY_ABSENCES = 3


class Pathway(models.Model):
    """What the person attends, and how faithfully."""

    _inherit = "citta.pathway"

    registration_ids = fields.One2many(
        "event.registration", "citta_pathway_id", "Labs and courses", groups="base.group_user"
    )
    attendance_ids = fields.One2many("citta.attendance", "pathway_id", "Presences", groups="base.group_user")
    registration_count = fields.Integer(
        "Number of labs and courses", compute="_compute_registration_count", groups="base.group_user"
    )
    channel_count = fields.Integer(
        "Number of online courses", compute="_compute_channel_count", groups="base.group_user"
    )
    attendance_rate = fields.Float(
        "Attendance (%)", compute="_compute_attendance", store=True, default=0, digits=(5, 1), aggregator="avg", groups="base.group_user",
        help="Sessions attended of those marked; an excused absence counts neither way.",
    )
    absences_in_row = fields.Integer(
        "Absences in a row", compute="_compute_attendance", store=True, default=0, aggregator="max", groups="base.group_user"
    )
    is_absence_risk = fields.Boolean(
        "Missing too often", compute="_compute_attendance", store=True, default=False, groups="base.group_user",
        help="Three sessions in a row missed without a word."
    )

    _absence_risk_idx = models.Index("(territory_id) WHERE is_absence_risk IS TRUE")

    @api.depends("registration_ids.state", "registration_ids.active")
    def _compute_registration_count(self):
        counts = dict(self.env["event.registration"]._read_group(
            [("citta_pathway_id", "in", self.ids), ("state", "!=", "cancel")], ["citta_pathway_id"], ["__count"]
        ))
        for pathway in self:
            pathway.registration_count = counts.get(pathway._origin, 0)

    def _compute_channel_count(self):
        members = self._get_channel_members().grouped("partner_id")
        for pathway in self:
            pathway.channel_count = len(members.get(pathway.partner_id, ()))

    @api.depends("attendance_ids.status", "attendance_ids.date")
    def _compute_attendance(self):
        attended = self.filtered("attendance_ids")
        # those without presences, as are all that are new, in one go
        idle = self - attended
        idle.attendance_rate, idle.absences_in_row, idle.is_absence_risk = 0, 0, False
        for pathway in attended:
            marks = pathway.attendance_ids.sorted(lambda one: (one.date, one.id)).mapped("status")
            pathway.attendance_rate = rate(marks)
            pathway.absences_in_row = absences_in_row(marks)
            pathway.is_absence_risk = pathway.absences_in_row >= RISKY_ABSENCES

    # -- actions -------------------------------------------------------------

    def action_enrol(self):
        """Ask in which lab, course or online course the person is to be enrolled.

        :return: the wizard's window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.enrolment_action")
        action["context"] = {"default_pathway_id": self.id}
        return action

    def action_open_registrations(self):
        """Open the person's labs and courses.

        :return: a window action
        """
        self.ensure_one()
        return self.env["ir.actions.act_window"]._citta_narrow("event_registration_action", [("citta_pathway_id", "=", self.id)], create=False)

    def action_open_channels(self):
        """Open the person's online courses.

        :return: a window action
        """
        self.ensure_one()
        return self.env["ir.actions.act_window"]._citta_narrow(
            "slide_channel_action", [("id", "in", self._get_channel_members().channel_id.ids)], create=False
        )

    # -- transitions ---------------------------------------------------------

    def _on_activate(self):
        """What the person attended since the start counts from now on."""
        super()._on_activate()
        # sudo: presence may have been taken out of the user's sight
        self.sudo().attendance_ids._count_services()

    # -- business ------------------------------------------------------------

    def _is_under_way(self, day):
        """Whether the work with the person had begun by then, was not over yet, and rested in no pause."""
        if not self or self.state == "draft" or not self.date_start <= day <= (self.date_end or day):
            return False
        pauses = self.suspension_ids.filtered(lambda one: one.kind == "suspension" and one.date_start <= day)
        return not any(not one.date_end or day < one.date_end for one in pauses)

    def _check_may_enrol(self):
        """:raise UserError: some are closed: nothing is added to them, also where they were chosen from a list"""
        if closed := self.filtered(lambda one: one.state == "closed"):
            raise UserError(self.env._(
                "Closed pathways are not enrolled: %(people)s. Take them out, or ask a coordinator to reopen them.",
                people=", ".join(closed.partner_id.mapped("name")),
            ))

    def _enrol_in_event(self, event):
        """Register the person; twice is once.

        :return: the registration, new or as it stood
        """
        self.ensure_one()
        return self._get_registration(event) or self.env["event.registration"].create({
            "event_id": event.id,
            "partner_id": self.partner_id.id,
            "name": self.partner_id.name,
            "email": self.partner_id.email,
            "phone": self.partner_id.phone,
            "citta_pathway_id": self.id,
        })

    def _enrol_in_channel(self, channel):
        """Let the person into an online course; twice is once.

        :return: the membership
        """
        self.ensure_one()
        channel.check_access("read")
        # sudo: memberships belong to Odoo's e-learning officers; the operator may enrol whom the own body follows
        return channel.sudo()._action_add_members(self.partner_id.sudo())

    def _is_registered(self, event, besides=None):
        """Whether the pathway has a live registration to ``event`` besides the given one."""
        return bool(self) and bool(self._get_registration(event) - (besides or self.env["event.registration"]))

    def _get_registration(self, event):
        """The live registrations of this pathway to ``event``."""
        # sudo: one may stand in another body's name, and twice is once all the same
        return self.env["event.registration"].sudo().search([
            ("event_id", "=", event.id), ("citta_pathway_id", "in", self.ids), ("state", "!=", "cancel"),
        ])

    def _get_channel_members(self):
        """The persons' memberships in online courses of the programme."""
        # sudo: memberships belong to Odoo's e-learning officers; only those of persons the user may see are read
        return self.env["slide.channel.partner"].sudo().search([
            ("partner_id", "in", self.partner_id.ids), ("channel_id.citta_territory_id", "in", self.territory_id.ids),
        ])
