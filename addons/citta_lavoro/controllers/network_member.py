from stdnum.it import codicefiscale, iva

from odoo import http
from odoo.http import request

from .public_form import PublicForm

JOIN = PublicForm("network_join", {
    "body_name": 120, "body_kind": 30, "body_code": 16, "city": 10, "contact_name": 80, "role": 80,
    "email": 120, "phone": 30, "message": 2000, "consent": 5,
})
KINDS = ("company", "artisan", "social_cooperative", "third_sector", "trade_association", "training", "public_service")


class NetworkMember(http.Controller):
    """Firms and bodies: asking to join the network, and a member's own sheet."""

    # -- joining -------------------------------------------------------------

    @http.route("/rete/adesione", type="http", auth="public", website=True, sitemap=True, methods=["GET"])
    def join_page(self, **kwargs):
        """The form by which a firm or body asks to join."""
        return request.render("citta_lavoro.member_join_page", JOIN.blank().context(**self._join_choices()))

    @http.route("/rete/adesione", type="http", auth="public", website=True, sitemap=False, methods=["POST"])
    def join_send(self, **post):
        """Put the request into the network's pipeline, once.

        :param post: the form's fields; anything wrong gives the form back with everything typed
        """
        sent = JOIN.read(post)
        if sent.answer:
            return request.redirect(sent.answer)
        self._check_join(sent)
        if sent.errors:
            return sent.render("citta_lavoro.member_join_page", **self._join_choices())
        sent.claim()
        # sudo: visitors may not write leads; the values were checked and the pipeline is fixed here
        lead_sudo = request.env["crm.lead"].sudo().create(self._prepare_lead_values(sent.values))
        sent.record_consent(lead_sudo)
        return sent.finish("/rete/adesione/grazie")

    @http.route("/rete/adesione/grazie", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def join_thanks(self, **kwargs):
        """Confirm that the request has arrived and say what comes next."""
        return request.render("citta_lavoro.member_join_thanks")

    # -- the member's sheet --------------------------------------------------

    @http.route("/my/rete", type="http", auth="user", website=True, methods=["GET"])
    def my_network(self, **kwargs):
        """The own sheet of a member, with its commitments and opportunities."""
        members_sudo = get_my_members()
        return request.render("citta_lavoro.member_portal_page", {
            "members": members_sudo,
            "page_name": "citta_network",
            "notice": kwargs.get("notice"),
        })

    # -- tools ---------------------------------------------------------------

    def _join_choices(self):
        """Municipalities with a programme, and kinds of bodies that join."""
        # sudo: visitors have no access to municipalities and programmes; only names reach the page
        cities_sudo = request.env["res.city"].sudo().search(
            [("citta_territory_id.programme_ids", "!=", False)], order="name"
        )
        labels = dict(request.env["res.partner"]._fields["citta_body_kind"]._description_selection(request.env))
        return {"cities": cities_sudo, "kinds": [(kind, labels[kind]) for kind in KINDS]}

    def _check_join(self, sent):
        """Put a message on every field that is missing or wrong."""
        sent.require("body_name", request.env._("Write the name of the firm or body."))
        sent.require("contact_name", request.env._("Write who we may talk to."))
        sent.require("email", request.env._("Write an e-mail address at which we can answer."))
        sent.require("consent", request.env._("Without your consent we may not call you back."))
        values = sent.values
        if values["body_kind"] not in KINDS:
            sent.error("body_kind", request.env._("Choose the kind of body."))
        sent.check_email()
        if values["body_code"] and not (iva.is_valid(values["body_code"]) or codicefiscale.is_valid(values["body_code"])):
            sent.error("body_code", request.env._("This is no VAT number or fiscal code: check the digits, or leave it empty."))
        if not self._find_city(values["city"]):
            sent.error("city", request.env._("Choose the municipality."))

    def _find_city(self, city):
        """The chosen municipality among those offered."""
        return self._join_choices()["cities"].filtered(lambda one: str(one.id) == city)

    def _prepare_lead_values(self, values):
        """Values of the request in the network's pipeline."""
        city_sudo = self._find_city(values["city"])
        code = values["body_code"].upper().removeprefix("IT").replace(" ", "")
        return {
            "name": request.env._("%(body)s asks to join the network", body=values["body_name"]),
            "type": "opportunity",
            "team_id": request.env.ref("citta_lavoro.crm_team_network").id,
            "user_id": False,
            "partner_name": values["body_name"],
            "citta_body_kind": values["body_kind"],
            "citta_body_code": code,
            "citta_city_id": city_sudo.id,
            "citta_programme_id": city_sudo.citta_territory_id.programme_ids[:1].id,
            "contact_name": values["contact_name"],
            "function": values["role"],
            "email_from": values["email"],
            "phone": values["phone"],
            "description": values["message"],
        }


def get_my_members():
    """Adhesions of the body for which the user acts: the company that the user's contact belongs to."""
    body = request.env.user.partner_id.commercial_partner_id
    # sudo: portal users have no right on members; only those of the own body come out
    return request.env["citta.member"].sudo().search(
        [("partner_id", "=", body.id), ("partner_id.citta_body_kind", "!=", False), ("state", "!=", "left")]
    )
