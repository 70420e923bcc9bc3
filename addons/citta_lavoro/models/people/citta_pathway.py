from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.age import age_class
from .follow_up import MONTHS

AGE_CLASSES = [
    ("under_18", "Under 18"), ("18_24", "18–24"), ("25_34", "25–34"), ("35_44", "35–44"), ("45_54", "45–54"), ("55_64", "55–64"),
    ("65_over", "65 and over"),
]


class Pathway(models.Model):
    """The term of a pathway, its pauses and hand-overs, what comes after its end, and what is counted of it for good."""

    _inherit = "citta.pathway"

    age_class = fields.Selection(
        AGE_CLASSES, "Age at the start", compute="_compute_age_class", store=True, groups="base.group_user",
        help="Kept when the birth date is erased, so that figures stay.",
    )
    suspension_ids = fields.One2many("citta.suspension", "pathway_id", "Pauses and extensions", groups="base.group_user")
    date_planned_end = fields.Date(
        "Planned end", compute="_compute_date_planned_end", store=True, groups="base.group_user",
        help="The programme's length from the start, longer by the pauses, or what an extension says.",
    )
    handover_ids = fields.One2many("citta.handover", "pathway_id", "Hand-overs", groups="base.group_user")
    follow_up_ids = fields.One2many("citta.follow.up", "pathway_id", "After the exit", groups="base.group_user")
    message_unread = fields.Integer("Unread messages", compute="_compute_message_unread", groups="citta_lavoro.group_citta_operator")
    feedback_ids = fields.One2many("citta.feedback", "pathway_id", "Voice", groups="citta_lavoro.group_citta_operator")
    internship_ids = fields.One2many("citta.internship", "pathway_id", "Internships", groups="citta_lavoro.group_citta_operator")

    # -- compute -------------------------------------------------------------

    @api.depends("partner_id.citta_birth_date", "date_start")
    def _compute_age_class(self):
        for pathway in self:
            # sudo: whoever may read the pathway may read the class of age, also out of the person's scope
            born = pathway.sudo().partner_id.citta_birth_date
            pathway.age_class = age_class(born, pathway.date_start) or pathway.age_class

    @api.depends(
        "date_start", "programme_id.pathway_months", "suspension_ids.kind", "suspension_ids.date_planned", "suspension_ids.date_end"
    )
    def _compute_date_planned_end(self):
        for pathway in self:
            extensions = pathway.suspension_ids.filtered(lambda one: one.kind == "extension").mapped("date_planned")
            pathway.date_planned_end = max([pathway._get_term(), *extensions]) if pathway.date_start else False

    def _get_term(self):
        """The end without extensions."""
        paused = sum(one._get_days() for one in self.suspension_ids if one.kind == "suspension")
        return self.date_start + relativedelta(months=self.programme_id.pathway_months, days=paused)

    def _compute_message_unread(self):
        counts = dict(self.env["citta.message"]._read_group(
            [("pathway_id", "in", self.ids), ("is_from_person", "=", True), ("date_read", "=", False)], ["pathway_id"], ["__count"]
        ))
        for pathway in self:
            pathway.message_unread = counts.get(pathway._origin, 0)

    # -- actions -------------------------------------------------------------

    def action_open_messages(self):
        """The thread with the person, and a place to write; to the referent it counts as read.

        :return: the dialogue
        """
        self.ensure_one()
        self.check_access("read")
        if self.referent_id in (self.env.user, self.env["res.users"]):
            self._mark_messages_read(from_person=True)
        return self.env["ir.actions.act_window"]._citta_narrow("message_write_action", [], default_pathway_id=self.id)

    def action_ask_pause(self):
        """Ask why and until when the pathway is paused.

        :return: the wizard's window action
        """
        return self._ask("suspension")

    def action_ask_extension(self):
        """Ask why and until when the pathway is extended.

        :return: the wizard's window action
        """
        return self._ask("extension")

    def action_hand_over(self):
        """Propose the person to another body; what is under way is shown.

        :return: the hand-over's form
        """
        self.ensure_one()
        current = self.handover_ids.filtered(lambda one: one.state in ("draft", "proposed"))[:1]
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.handover_action")
        return {**action, "views": [(False, "form")], "res_id": current.id, "context": {"default_pathway_id": self.id}}

    def _ask(self, kind):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.pathway_pause_action")
        names = {"suspension": self.env._("Pause the pathway"), "extension": self.env._("Extend the pathway")}
        return {**action, "name": names[kind], "context": {"default_pathway_id": self.id, "default_kind": kind}}

    # -- transitions ---------------------------------------------------------

    def _on_suspend(self):
        """A pause that nobody gave a term to has the longest that is left."""
        for pathway in self:
            if not pathway.suspension_ids.filtered(lambda one: one.kind == "suspension" and not one.date_end):
                today = fields.Date.context_today(self)
                used = sum(one._get_days() for one in pathway.suspension_ids if one.kind == "suspension")
                left = max(pathway.programme_id.suspension_days - used, 0)
                self.env["citta.suspension"].create({
                    "pathway_id": pathway.id, "reason": "other", "date_start": today, "date_planned": today + relativedelta(days=left),
                })

    def _on_resume(self):
        """The pause ends today."""
        self._end_pauses()

    def _on_close(self):
        """An exit ends the pauses and begins the follow-up.

        :raise UserError: an internship is running: insured and communicated as it is, no reason drops it
        """
        for internship in self.internship_ids.filtered(lambda one: one.state == "running"):
            raise UserError(self.env._("The internship at %s is running: end or interrupt it first.", internship.host_id.name))
        super()._on_close()
        self._drop_compass()
        self._end_pauses()
        self._plan_follow_ups()

    def _on_reopen(self):
        """Who is back is asked in person, not by a form."""
        # sudo: the form of an exit that was taken back is nobody's to answer
        self.sudo().follow_up_ids.filtered(lambda one: one.state in ("planned", "asked"))._workflow_move("cancel")
        # a closure that follows in this transaction plans them anew
        self.env["citta.follow.up"].flush_model(["state"])

    def _end_pauses(self):
        today = fields.Date.context_today(self)
        # sudo: a decision is nobody's to rewrite; here only its end is noted
        pauses = self.sudo().suspension_ids.filtered(lambda one: one.kind == "suspension" and not one.date_end)
        for pause in pauses:
            pause.date_end = max(today, pause.date_start)

    def _extend(self, decision, reason):
        """Note the longer term in the history."""
        self._message_log(body=self.env._(
            "Extended until %(date)s: %(reason)s", date=fields.Date.to_string(decision.date_planned), reason=reason
        ))

    def _plan_follow_ups(self):
        """Ask after three, six and twelve months how it goes; whoever moved away or dropped out is asked, too."""
        for pathway in self:
            # sudo: the exit plans them, whoever closes; nothing is added to a closed pathway by hand
            self.env["citta.follow.up"].sudo().with_context(mail_create_nolog=True, mail_create_nosubscribe=True).create([
                {"pathway_id": pathway.id, "months": str(months), "date_due": pathway.date_end + relativedelta(months=months)}
                for months in MONTHS
            ])

    # -- voice ---------------------------------------------------------------

    def _get_coordinator(self, besides=None):
        """Who answers for the territory: a coordinator of it, else an administrator.

        :param besides: a user from whom something is kept
        :return: a user, or none
        """
        # sudo: the person and operators cannot read users
        users = self.env.ref("citta_lavoro.group_citta_coordinator").sudo().all_user_ids.filtered(lambda user: user.active and not user.share)
        users -= besides or users.browse()
        near = users.filtered(lambda user: self.territory_id in user.citta_territory_ids)
        return min(near or users, key=lambda user: (user._is_superuser() or user._is_admin(), user.id), default=users.browse())

    def _ask_answer(self):
        """Put one task on the list of who follows the person: a message waits."""
        # sudo: the person's own words set the task
        pathway_sudo = self.sudo()
        answers = pathway_sudo.referent_id or pathway_sudo._get_coordinator()
        kind = "citta_lavoro.mail_activity_type_message"
        if answers and not pathway_sudo.activity_search([kind], user_id=answers.id):
            pathway_sudo.activity_schedule(kind, user_id=answers.id)

    def _mark_messages_read(self, from_person):
        """Note that the other side's messages were read; the referent's task is done with them.

        :param bool from_person: those of the person, else those for the person
        """
        # sudo: nobody changes a message; only that it was read is noted
        unread = self.env["citta.message"].sudo().search([
            ("pathway_id", "in", self.ids), ("is_from_person", "=", from_person), ("date_read", "=", False),
        ])
        unread.date_read = fields.Datetime.now()
        if unread and from_person:
            # sudo: the task may be another colleague's
            self.sudo().activity_unlink(["citta_lavoro.mail_activity_type_message"])

    # -- hooks ---------------------------------------------------------------

    def _get_open_obligations(self):
        """A hand-over under way is an answer that somebody waits for; an internship that is agreed or running, too."""
        waiting = self.handover_ids.filtered(lambda one: one.state == "proposed")
        interns = self.internship_ids.filtered(lambda one: one.state in ("draft", "agreed", "running"))
        return [
            *super()._get_open_obligations(),
            *(self.env._("Hand-over to %s", one.to_body_id.name) for one in waiting),
            *(self.env._("Internship at %s", one.host_id.name) for one in interns),
        ]

    def _drop_obligations(self, reason):
        """With the pathway's end its hand-overs are withdrawn, its meetings called off, and internships that did not begin, too."""
        super()._drop_obligations(reason)
        self._cancel_invitations(reason)
        self.internship_ids.filtered(lambda one: one.state in ("draft", "agreed"))._workflow_move("cancel", reason)
        # sudo: whoever may close the pathway may take its proposals back
        self.sudo().handover_ids.filtered(lambda one: one.state in ("draft", "proposed"))._workflow_move("withdraw", reason)

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_pauses_over(self):
        """Remind the referent of a pause whose planned end has come, once."""
        today = fields.Date.context_today(self)
        over = self.env["citta.suspension"].search([
            ("kind", "=", "suspension"), ("date_end", "=", False), ("date_planned", "<=", today), ("pathway_id.state", "=", "suspended"),
        ]).pathway_id
        for pathway in over.filtered("referent_id"):
            summary = self.env._("The pause is over: take the pathway up again, or close it")
            if summary not in pathway.activity_ids.mapped("summary"):
                pathway.activity_schedule("mail.mail_activity_data_todo", user_id=pathway.referent_id.id, summary=summary)
        return over
