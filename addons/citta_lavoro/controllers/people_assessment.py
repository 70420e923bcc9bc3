from psycopg2.errors import UniqueViolation

from odoo import fields, http
from odoo.http import request

from ..models.people.survey_survey import COMPASS
from .people_case import CasePortal
from .people_survey import COMPASS_PAGE


class AssessmentPortal(CasePortal):
    """The compass: the person says how things are in each domain of life, alone, and sees how far the way has led."""

    @http.route(COMPASS_PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_compass(self, notice="", **kwargs):
        """The door to the questions, and the distance travelled between the person's own answers.

        :param notice: what was just done: ``sent``, whatever came of it
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            return request.redirect("/my/percorso")
        distance = pathway_sudo._get_distance("person")
        return request.render("citta_lavoro.assessment_portal_page", {
            "page_name": "citta_case_compass",
            "survey": request.env["survey.survey"]._get_citta_survey(COMPASS),
            "under_way": pathway_sudo.compass_ids.filtered(lambda one: one.state != "done")[:1],
            "distance": bool(distance),
            **distance,
            "is_open": pathway_sudo.state != "closed",
            "is_done": self._has_answered(pathway_sudo),
            "notice": notice,
            "lang": request.env.lang,
        })

    @http.route(COMPASS_PAGE, type="http", auth="user", website=True, methods=["POST"])
    def my_compass_open(self, **post):
        """Open the questions on the pages of Odoo's Survey, to begin or to go on; once a day is enough."""
        pathway_sudo = self._get_my_case()
        if not pathway_sudo or pathway_sudo.state == "closed" or self._has_answered(pathway_sudo):
            return request.redirect(COMPASS_PAGE, code=303)
        try:
            with request.env.cr.savepoint():
                # sudo: the pathway is the person's own; portal users have no right of their own on surveys
                answers_sudo = request.env["survey.user_input"].sudo()._open_citta(COMPASS, pathway_sudo, partner=pathway_sudo.partner_id)
        except UniqueViolation:  # opened twice in the same moment: the page leads to the one that is there
            return request.redirect(COMPASS_PAGE, code=303)
        return request.redirect(answers_sudo.get_start_url() if answers_sudo else COMPASS_PAGE, code=303)

    def _has_answered(self, pathway_sudo):
        return pathway_sudo._has_compass_on(fields.Date.context_today(pathway_sudo))
