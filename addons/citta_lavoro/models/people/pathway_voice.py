from odoo import fields, models


class PathwayVoice(models.AbstractModel):
    """What a pathway's person says: messages, complaints and suggestions, and who answers."""

    _name = "citta.pathway.voice"
    _description = "Voice in a pathway"

    message_unread = fields.Integer("Unread messages", compute="_compute_message_unread", groups="citta_lavoro.group_citta_operator")
    feedback_ids = fields.One2many("citta.feedback", "pathway_id", "Voice", groups="citta_lavoro.group_citta_operator")

    def _compute_message_unread(self):
        counts = dict(self.env["citta.message"]._read_group(
            [("pathway_id", "in", self.ids), ("is_from_person", "=", True), ("date_read", "=", False)], ["pathway_id"], ["__count"]
        ))
        for pathway in self:
            pathway.message_unread = counts.get(pathway._origin, 0)

    def action_open_messages(self):
        """The thread with the person, and a place to write; to the referent it counts as read.

        :return: the dialogue
        """
        self.ensure_one()
        self.check_access("read")
        if self.referent_id in (self.env.user, self.env["res.users"]):
            self._mark_messages_read(from_person=True)
        return self.env["ir.actions.act_window"]._citta_narrow("message_write_action", [], default_pathway_id=self.id)

    # -- business ------------------------------------------------------------

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

    def _get_keeper(self):
        """Who is asked to do something about a pathway: the referent, and a coordinator where there is none or has left.

        :return: a user, or none
        """
        # sudo: the person and operators cannot read users
        referent_sudo = self.sudo().referent_id
        return referent_sudo if referent_sudo.active else self._get_coordinator()

    def _ask_answer(self):
        """Put one task on the list of who follows the person: a message waits."""
        # sudo: the person's own words set the task
        pathway_sudo = self.sudo()
        answers = pathway_sudo._get_keeper()
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
