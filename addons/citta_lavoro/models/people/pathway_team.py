from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPERATOR, COORDINATOR = "citta_lavoro.group_citta_operator", "citta_lavoro.group_citta_coordinator"


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

        :raise UserError: the referent would be somebody who does not see the case
        """
        over = self if vals.get("state") == "closed" else self.filtered(lambda one: vals.get("body_id", one.body_id.id) != one.body_id.id)
        result = super().write(vals)
        over._end_team()
        if vals.get("referent_id"):
            self._check_referent_sees()
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

    def _end_team(self):
        # sudo: whoever ends the case or hands it over ends the team
        team_sudo = self.sudo().case_member_ids.filtered(lambda member: member.state == "current")
        if team_sudo:
            team_sudo._workflow_move("end")
