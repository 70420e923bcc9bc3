from odoo import fields, models
from odoo.exceptions import AccessError

OPERATOR, COORDINATOR = "citta_lavoro.group_citta_operator", "citta_lavoro.group_citta_coordinator"


class PathwayTeam(models.AbstractModel):
    """The case team of a pathway: who works on it beside the referent, and what stays with the body that follows the person."""

    _name = "citta.pathway.team"
    _description = "Team of a pathway"

    case_member_ids = fields.One2many("citta.case.member", "pathway_id", "Case team", groups=OPERATOR)

    def write(self, vals):
        """With the case's end, or when the person moves to another body, the team is over: the new body makes its own."""
        over = self if vals.get("state") == "closed" else self.filtered(lambda one: vals.get("body_id", one.body_id.id) != one.body_id.id)
        result = super().write(vals)
        over._end_team()
        return result

    def _workflow_may(self, name):
        """Start, pause, end and reopen are the body's own."""
        return super()._workflow_may(name) and self._is_followed_here()

    # -- tools ---------------------------------------------------------------

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
