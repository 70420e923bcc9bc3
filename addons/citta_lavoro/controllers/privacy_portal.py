"""My data: what is held, what was asked, and asking; for everybody who has a login."""
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.privacy.privacy_request import KINDS, OPEN_STATES
from .public_form import PublicForm

PAGE = "/my/dati"
FORM = PublicForm("privacy", {"kind": 20, "text": 2000})
TEMPLATE = "citta_lavoro.privacy_portal_page"


class PrivacyPortal(CustomerPortal):
    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_data(self, notice="", **_query):
        """What is held about the person in numbers, the own requests with their terms, and the form for another one.

        :param notice: ``sent`` after a request
        """
        return FORM.blank().render(TEMPLATE, **self._prepare_privacy_values(), notice=notice)

    @http.route(PAGE, type="http", auth="user", website=True, methods=["POST"])
    def my_data_ask(self, **post):
        """Take a request up; the login is the check of identity.

        :return: a redirection to the page; the form again with its messages when something is not right; the same
            page, and no second request, when the same form comes twice
        """
        sent = FORM.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        self._check_request(sent)
        if sent.errors:
            return sent.render(TEMPLATE, **self._prepare_privacy_values(), notice="")
        sent.claim()
        # sudo: portal users have no right on requests; every value was checked above and goes one way in
        request.env["citta.privacy.request"].sudo().create({
            "kind": sent.values["kind"], "text": sent.values["text"], "partner_id": request.env.user.partner_id.id,
            "channel": "portal", "identity": "login",
        }).action_verify()
        return sent.finish(f"{PAGE}?notice=sent#richieste")

    @http.route(f"{PAGE}/copia/<int:request_id>", type="http", auth="user", website=True, methods=["GET"])
    def my_data_copy(self, request_id, **_query):
        """The archive of an own request that was answered: JSON, PDF and files.

        :param request_id: another person's, or one without a copy, is not found
        """
        own = self._get_my_requests().filtered(lambda one: one.id == request_id and one.state == "answered")
        if not own.export_id:
            raise NotFound()
        return request.make_response(own.export_id.raw, [
            ("Content-Type", "application/zip"), ("Content-Disposition", content_disposition("dati.zip")),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ])

    # -- tools ---------------------------------------------------------------

    def _check_request(self, sent):
        sent.require("kind", request.env._("Please choose what you ask for."))
        if sent.values["kind"] and sent.values["kind"] not in dict(KINDS):
            sent.error("kind", request.env._("Please choose from the list."))
        if sent.values["kind"] == "rectification":
            sent.require("text", request.env._("Please write what is wrong, and how it is right."))
        if self._get_my_requests().filtered(lambda one: one.kind == sent.values["kind"] and one.state in OPEN_STATES):
            sent.error("kind", request.env._("You have asked for this already: the answer is on its way."))

    def _get_my_requests(self):
        # sudo: portal users have no right on requests; the domain holds the search to the own ones
        requests = request.env["citta.privacy.request"].sudo()
        return requests.search([("partner_id", "=", request.env.user.partner_id.id)], order="id desc")

    def _prepare_privacy_values(self):
        partner = request.env.user.partner_id
        registry = request.env["citta.privacy.registry"]
        found = registry._find(partner, request.env["crm.lead"])
        names = registry._name_models(found)
        # the labels are translated where the field describes itself
        kinds = request.env["citta.privacy.request"]._fields["kind"]._description_selection(request.env)
        return {
            "page_name": "citta_privacy",
            # sudo: the person's own contact, fields of the back office among it
            "me": partner.sudo(),
            "held": [(names[name], len(records)) for name, records in found.items() if records and name != "res.users"],
            "requests": self._get_my_requests(),
            "kinds": kinds,
            # sudo: everybody may know why data are held
            "purposes": request.env["citta.privacy.purpose"].sudo().search([]),  # pylint: disable=no-search-all  # a handful
        }
