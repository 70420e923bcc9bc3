from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPERATOR, COORDINATOR = "citta_lavoro.group_citta_operator", "citta_lavoro.group_citta_coordinator"
#: What who follows the person decides, and a colleague of another body in the case team does not.
BODYS_OWN = {"referent_id", "date_start"}
#: Tasks that the case sets by itself: they are the referent's, whoever that is.
BY_ITSELF = ("citta_lavoro.mail_activity_type_contact", "citta_lavoro.mail_activity_type_review", "citta_lavoro.mail_activity_type_message")


class PathwayTeam(models.AbstractModel):
    """The case team of a pathway: who works on it beside the referent, and what stays with the body that follows the person."""

    _name = "citta.pathway.team"
    _description = "Team of a pathway"

    case_member_ids = fields.One2many("citta.case.member", "pathway_id", "Case team", groups=OPERATOR)

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the referent would be somebody who does not see the case"""
        pathways = super().create(vals_list)
        if any(vals.get("referent_id") not in (None, False, self.env.uid) for vals in vals_list):
            pathways._check_referent_sees()
        return pathways

    def write(self, vals):
        """With the case's end, or when the person moves to another body, the team is over: the new body makes its own.

        :raise AccessError: a colleague of another body would change what is the body's own
        :raise UserError: the referent would be somebody who does not see the case
        """
        if BODYS_OWN & vals.keys():
            self._check_follower()
        moved = self.filtered(lambda one: vals.get("body_id", one.body_id.id) != one.body_id.id)
        former = self.grouped("referent_id") if "referent_id" in vals else {}
        result = super().write(vals)
        (self if vals.get("state") == "closed" else moved)._end_team()
        if vals.get("referent_id"):
            self._check_referent_sees()
        for referent, pathways in former.items():
            pathways._pass_on(lambda task, referent=referent: task.user_id == referent and task.activity_type_id in self._get_own_tasks())
        moved._leave_strangers(keeps_referent="referent_id" in vals)
        moved._withdraw_handovers(self.env._("Another body follows this person by now."))
        return result

    def _workflow_may(self, name):
        """Start, pause, end and reopen are the body's own."""
        return super()._workflow_may(name) and self._is_followed_here()

    # -- tools ---------------------------------------------------------------

    def _check_referent_sees(self):
        """:raise UserError: the tasks of a case, with the person's name on them, would go to somebody who does not see it"""
        for referent, pathways in self.grouped("referent_id").items() if not self.env.su else ():
            if referent and pathways.with_user(referent)._filtered_access("read") != pathways:
                raise UserError(self.env._(
                    "%(name)s does not see this case: choose somebody who works for %(body)s, or ask %(name)s into the case team.",
                    name=referent.name, body=pathways[:1].body_id.name,
                ))

    def _is_followed_here(self):
        """Whether the user works for the body that follows these persons, or coordinates the territory."""
        user = self.env.user
        return self.env.su or self.body_id <= user.citta_body_ids or user.has_group(COORDINATOR)

    def _check_follower(self):
        """:raise AccessError: the user is in the case team of another body's person"""
        if not self._is_followed_here():
            raise AccessError(self.env._(
                "%(body)s follows this person: who is in the case team works on the plan, and leaves this to its people.",
                body=self.body_id[:1].name,
            ))

    # -- tasks -----------------------------------------------------------------

    @api.model
    def _get_own_tasks(self):
        return self.env["mail.activity.type"].concat(*(self.env.ref(name) for name in BY_ITSELF))

    def _leave_strangers(self, keeps_referent=False):
        """The person went to another body: whoever does not see the case any more is no referent, has no task in it and follows it not.

        :param bool keeps_referent: the referent was said with the move
        """
        # sudo: what belongs to the body before is out of reach of whoever takes the person on
        for pathway in self.sudo():
            if not keeps_referent and pathway.referent_id and not pathway._citta_is_seen_by(pathway.referent_id.id):
                pathway.referent_id = False
            pathway._leave_behind()

    def _leave_behind(self):
        """Tasks of whoever does not see the case any more pass on to who answers for it, and they follow it no longer."""
        # sudo: as above
        for pathway in self.sudo():
            blind = pathway.message_partner_ids.user_ids.filtered(lambda user: not user.share) | pathway.activity_ids.user_id
            blind = blind.filtered(lambda user, pathway=pathway: not pathway._citta_is_seen_by(user.id))
            pathway._pass_on(lambda task, blind=blind: task.user_id in blind)
            pathway.message_unsubscribe(blind.partner_id.ids)

    def _pass_on(self, which):
        """Give tasks to who answers for the case now; one that is there already is not set a second time.

        :param which: task → whether it is meant
        """
        # sudo: the task may be a colleague's
        for pathway in self.sudo().with_context(mail_activity_quick_update=True):
            if keeper := pathway._get_keeper():
                tasks = pathway.activity_ids.filtered(lambda task, keeper=keeper: which(task) and task.user_id != keeper)
                there = (pathway.activity_ids - tasks).filtered(lambda task, keeper=keeper: task.user_id == keeper).activity_type_id
                doubled = tasks.filtered(lambda task, there=there: task.activity_type_id in there & self._get_own_tasks())
                doubled.unlink()
                (tasks - doubled).user_id = keeper

    def _end_team(self):
        # sudo: whoever ends the case or hands it over ends the team
        team_sudo = self.sudo().case_member_ids.filtered(lambda member: member.state == "current")
        if team_sudo:
            team_sudo._workflow_move("end")
