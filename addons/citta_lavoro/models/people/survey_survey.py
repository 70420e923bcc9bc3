from odoo import api, fields, models
from odoo.exceptions import UserError

#: Surveys of the programme itself: what is answered becomes a record of the pathway.
COMPASS, FOLLOW_UP = "citta_compass", "citta_follow_up"
TYPES = frozenset({COMPASS, FOLLOW_UP})


class SurveySurvey(models.Model):
    """The programme's own questionnaires: one of each, worded in Odoo's Survey screens, answered by persons of a pathway.

    A type of their own keeps the answers from the users of Survey, who see those of Odoo's own types only, and from
    becoming leads or live sessions.
    """

    _inherit = "survey.survey"

    survey_type = fields.Selection(
        selection_add=[(COMPASS, "Compass"), (FOLLOW_UP, "Follow-up after the exit")], ondelete={COMPASS: "cascade", FOLLOW_UP: "cascade"}
    )

    _citta_once = models.UniqueIndex(
        "(survey_type) WHERE survey_type IN ('citta_compass', 'citta_follow_up')", "There is one survey of this kind: change that one."
    )
    _citta_plain = models.Constraint(
        "CHECK (survey_type NOT IN ('citta_compass', 'citta_follow_up') OR (access_mode = 'token' AND scoring_type = 'no_scoring'"
        " AND questions_selection = 'all' AND session_state IS NULL AND is_time_limited IS NOT TRUE AND is_attempts_limited IS NOT TRUE"
        " AND (users_login_required IS TRUE) = (survey_type = 'citta_compass')"
        " AND (survey_type = 'citta_compass' OR users_can_go_back IS NOT TRUE)))",
        "The programme's own surveys are for the persons of a pathway: by invitation, all questions, without marks, limits and live sessions.",
    )

    @api.model
    def _get_citta_survey(self, kind):
        """The questionnaire of this kind, if it is in use.

        :param str kind: ``citta_compass`` or ``citta_follow_up``
        :return: one survey, or none
        """
        # sudo: which questions there are is for everybody who is asked them
        return self.sudo().search([("survey_type", "=", kind)], limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        """The programme's own surveys come with it, and no copy of one is another.

        :raise UserError: one would be made by hand
        """
        if not self.env.su and any(vals.get("survey_type") in TYPES for vals in vals_list):
            raise UserError(self.env._("This kind of survey comes with the programme: change the one that is there."))
        return super().create(vals_list)

    def write(self, vals):
        """:raise UserError: a survey of the programme would become another kind, or the other way round"""
        kind = vals.get("survey_type")
        if kind and any(kind != one.survey_type and {kind, one.survey_type} & TYPES for one in self):
            raise UserError(self.env._("The programme's own surveys stay what they are."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_citta(self):
        """:raise UserError: a survey of the programme"""
        if any(one.survey_type in TYPES for one in self):
            raise UserError(self.env._("The programme asks these questions: close the survey instead of deleting it."))
