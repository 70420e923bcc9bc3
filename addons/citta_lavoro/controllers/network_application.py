from psycopg2.errors import UniqueViolation
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import mute_logger

from ..tools.form_guard import clean
from .network_opportunity import find_published, get_opportunity_list

MESSAGE_LENGTH = 1500


class NetworkApplication(http.Controller):
    """A participant's opportunities and applications, on the phone."""

    @http.route(
        ["/my/opportunita", "/my/opportunita/page/<int:page>"], type="http", auth="user", website=True, methods=["GET"]
    )
    def my_opportunities(self, page=1, q="", kind="", **kwargs):
        """What is open in the own territory.

        :param page: which page of the list
        :param q: words to look for
        :param kind: one kind only
        """
        pathway_sudo = get_my_pathway()
        domain = Domain("territory_id", "=", pathway_sudo.territory_id.id) if pathway_sudo else Domain.FALSE
        values = get_opportunity_list(domain, "/my/opportunita", page, q, kind)
        applications_sudo = self._my_applications(pathway_sudo)
        return request.render("citta_lavoro.application_portal_list", {
            **values,
            "pathway": pathway_sudo,
            "own_skills": pathway_sudo.skill_ids.filtered(lambda one: not one.is_expired).skill_id,
            "applied": applications_sudo.filtered(lambda one: one.state != "withdrawn").opportunity_id,
            "page_name": "citta_opportunity",
        })

    @http.route("/my/opportunita/<int:opportunity_id>", type="http", auth="user", website=True, methods=["GET"])
    def my_opportunity(self, opportunity_id, **kwargs):
        """One opportunity of the own territory, with the button to apply.

        :param opportunity_id: of another territory or not published, it is not found
        """
        return self._render_opportunity(self._find_in_territory(opportunity_id))

    @http.route("/my/opportunita/<int:opportunity_id>/candidatura", type="http", auth="user", website=True, methods=["POST"])
    def my_application_send(self, opportunity_id, message="", is_shown="", **post):
        """Apply with one click; clicked twice, also at once, it is one application.

        :param message: to the firm
        :param is_shown: ``1`` if the person agrees to be shown to the firm
        """
        opportunity_sudo = self._find_in_territory(opportunity_id)
        # sudo: portal users have no right on applications; pathway and opportunity were found as the user's own
        Application = request.env["citta.application"].sudo()
        message = clean(message)
        if len(message) > MESSAGE_LENGTH:
            refusal = request.env._("At most %(limit)s characters, please.", limit=MESSAGE_LENGTH)
            return self._render_opportunity(opportunity_sudo, message, refusal, is_shown)
        try:
            with mute_logger("odoo.sql_db"), request.env.cr.savepoint():
                Application._apply(opportunity_sudo, get_my_pathway(), message, is_shown == "1")
        except UniqueViolation:  # pylint: disable=except-pass  # nothing is lost
            pass  # the other click was faster: the application is there
        except UserError as error:
            return self._render_opportunity(opportunity_sudo, message, str(error), is_shown)
        return request.redirect("/my/candidature?notice=sent", code=303)

    @http.route("/my/candidature", type="http", auth="user", website=True, methods=["GET"])
    def my_applications(self, notice="", **kwargs):
        """The own applications with their state.

        :param notice: ``sent`` or ``withdrawn``, what was just done
        """
        return request.render("citta_lavoro.application_portal_mine", {
            "applications": self._my_applications(get_my_pathway()),
            "notice": notice,
            "page_name": "citta_application",
        })

    @http.route("/my/candidature/<int:application_id>/ritira", type="http", auth="user", website=True, methods=["POST"])
    def my_application_withdraw(self, application_id, **post):
        """Step back; the second click changes nothing.

        :param application_id: of another person, it is not found
        """
        application_sudo = self._my_applications(get_my_pathway()).filtered(lambda one: one.id == application_id)
        if not application_sudo:
            raise NotFound()
        if application_sudo.state == "accepted":
            application_sudo.action_give_up()
        elif application_sudo.state in ("sent", "seen", "interview"):
            application_sudo.action_withdraw()
        return request.redirect("/my/candidature?notice=withdrawn", code=303)

    # -- tools ---------------------------------------------------------------

    def _find_in_territory(self, opportunity_id):
        """A published opportunity of the participant's territory.

        :raise NotFound: otherwise, also for who has no pathway
        """
        opportunity_sudo, pathway_sudo = find_published(opportunity_id), get_my_pathway()
        if not pathway_sudo or opportunity_sudo.territory_id != pathway_sudo.territory_id:
            raise NotFound()
        return opportunity_sudo

    def _my_applications(self, pathway_sudo):
        """Applications of the user's own person."""
        # sudo: portal users have no right on applications; only those of the own person come out
        Application = request.env["citta.application"].sudo()
        return Application.search([("partner_id", "=", pathway_sudo.partner_id.id)]) if pathway_sudo else Application

    def _render_opportunity(self, opportunity_sudo, message="", refusal="", is_shown=""):
        """The page of one opportunity; with a refusal it keeps what was typed and answers 422."""
        mine_sudo = self._my_applications(get_my_pathway())
        response = request.render("citta_lavoro.application_portal_page", {
            "opportunity": opportunity_sudo,
            "application": mine_sudo.filtered(lambda one: one.opportunity_id == opportunity_sudo),
            "refusal": refusal or opportunity_sudo._get_refusal(),
            "message": message,
            "is_shown_checked": is_shown == "1" and "checked",
            "message_length": MESSAGE_LENGTH,
            "page_name": "citta_opportunity",
        })
        response.status_code = 422 if refusal else 200
        return response


def get_my_pathway():
    """The user's own pathway, an open one first."""
    # sudo: the own pathway decides what may be applied for; nothing of it is shown here
    pathways_sudo = request.env["citta.pathway"].sudo().search(
        [("partner_id", "=", request.env.user.partner_id.id)], order="id desc"
    )
    return pathways_sudo.filtered(lambda one: one.state != "closed")[:1] or pathways_sudo[:1]
