"""The programme's own questionnaires on the pages of Odoo's Survey."""
from odoo.http import request

from odoo.addons.survey.controllers.main import Survey

from ..models.people.survey_survey import COMPASS

COMPASS_PAGE = "/my/percorso/bussola"


class PeopleSurvey(Survey):
    """The compass opens to the person whose it is, logged in; whoever else holds the link sees nothing."""

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, ensure_token=True, check_partner=True):
        """Whose answers they are is asked on every page, on the one for printing, too."""
        return super()._check_validity(
            survey_sudo, answer_sudo, answer_token, ensure_token=ensure_token, check_partner=check_partner or survey_sudo.survey_type == COMPASS
        )

    def _redirect_with_error(self, access_data, error_key):
        """Whoever may not answer this compass is led to the own one."""
        if access_data["survey_sudo"].survey_type == COMPASS:
            return request.redirect(COMPASS_PAGE)
        return super()._redirect_with_error(access_data, error_key)
