"""How are you doing? The key that a person gets after the exit opens the questions without a login."""
from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.http import request

from ..models.people.follow_up import OPEN_STATES
from ..models.people.survey_survey import FOLLOW_UP

THANKS = "citta_lavoro.follow_up_thanks"


class PeopleFollowUp(http.Controller):
    @http.route("/come-va/<string:token>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def follow_up(self, token, **_query):
        """The questions on the pages of Odoo's Survey; who has answered already is thanked.

        :param token: the follow-up's unguessable name
        """
        item_sudo = self._find(token)
        if item_sudo.state not in OPEN_STATES:
            return self._thank(item_sudo)
        try:
            with request.env.cr.savepoint():
                # sudo: whoever holds the key answers these questions and reads no data
                answers_sudo = request.env["survey.user_input"].sudo()._open_citta(FOLLOW_UP, item_sudo)
        except UniqueViolation:  # opened twice in the same moment
            return self._private(request.redirect(f"/come-va/{token}"))
        return self._private(request.redirect(answers_sudo.get_start_url()) if answers_sudo else self._thank(item_sudo))

    # -- tools ---------------------------------------------------------------

    def _find(self, token):
        # sudo: the person has no login here; whoever holds the key may answer these questions and read no data
        return request.env["citta.follow.up"].sudo().search([("token", "=", token)], limit=1)

    def _thank(self, item_sudo):
        answered = item_sudo.state == "answered"
        response = request.render(THANKS, {"found": answered})
        response.status_code = 200 if answered else 404
        return self._private(response)

    def _private(self, response):
        """The address is a key: it goes to no search engine and to no other site."""
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
