"""The programme's own questionnaires on the pages of Odoo's Survey."""
from odoo import http
from odoo.http import request

from odoo.addons.survey.controllers.main import Survey

from ..models.people.survey_survey import COMPASS, FOLLOW_UP

COMPASS_PAGE = "/my/percorso/bussola"


class PeopleSurvey(Survey):
    """The compass opens to the person whose it is, logged in; the questions after the exit to whoever holds their key."""

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, ensure_token=True, check_partner=True):
        """Whose compass it is, is asked on every page, on the one for printing, too; after the exit there is no login to ask for."""
        kind = survey_sudo.survey_type
        found = super()._check_validity(
            survey_sudo, answer_sudo, answer_token, ensure_token=ensure_token,
            check_partner=kind == COMPASS or (check_partner and kind != FOLLOW_UP),
        )
        return "survey_closed" if found is True and answer_sudo._is_citta_over() else found

    def _redirect_with_error(self, access_data, error_key):
        """Whoever may not answer is led to the page that says what there is to answer."""
        kind, follow_up = access_data["survey_sudo"].survey_type, access_data["answer_sudo"].citta_follow_up_id
        if kind == COMPASS:
            return request.redirect(COMPASS_PAGE)
        if follow_up:
            return request.redirect(f"/come-va/{follow_up.token}")
        return super()._redirect_with_error(access_data, error_key)

    @http.route()
    def survey_display_page(self, survey_token, answer_token, **post):
        """The address is a key: it goes to no search engine, to no other site and into no cache."""
        response = super().survey_display_page(survey_token, answer_token, **post)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response
