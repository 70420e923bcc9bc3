from werkzeug.exceptions import NotFound

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from .public_form import PublicForm

PAGE_SIZE = 20
COUNTED = 1000
IDEA = PublicForm("incubator_idea", {
    "title": 120, "idea": 3000, "contact_name": 80, "email": 120, "phone": 30, "consent": 5,
})


class IncubatorChallenge(http.Controller):
    """Challenges on the public page, and the ideas that answer them."""

    @http.route(
        ["/sfide", "/sfide/page/<int:page>"], type="http", auth="public", website=True, sitemap=True, methods=["GET"]
    )
    def challenges(self, page=1, **kwargs):
        """Published challenges, open and over.

        :param page: which page of the list
        """
        # sudo: visitors have no right on challenges; only published ones come out
        Challenge = request.env["citta.challenge"].sudo()
        domain = Challenge._get_public_domain()
        pages = pager("/sfide", Challenge.search_count(domain, limit=COUNTED), page=page, step=PAGE_SIZE)
        return request.render("citta_lavoro.challenge_public_list", {
            "challenges": Challenge.search(domain, limit=PAGE_SIZE, offset=max(0, pages["offset"])),
            "pager": pages,
        })

    @http.route("/sfide/<int:challenge_id>", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def challenge(self, challenge_id, **kwargs):
        """One challenge with the form for an idea; who is logged in finds name and contact filled in.

        :param challenge_id: anything not published is not found
        """
        challenge_sudo = self._find_challenge(challenge_id)
        form = IDEA.blank(**self._known_contact())
        return request.render("citta_lavoro.challenge_public_page", form.context(**self._page_values(challenge_sudo)))

    @http.route("/sfide/<int:challenge_id>", type="http", auth="public", website=True, sitemap=False, methods=["POST"])
    def challenge_answer(self, challenge_id, **post):
        """Put an idea into the incubator's pipeline, once.

        :param challenge_id: a published challenge
        :param post: the form's fields; anything wrong gives the form back with everything typed
        """
        challenge_sudo = self._find_challenge(challenge_id)
        sent = IDEA.read(post)
        if sent.answer:
            return request.redirect(sent.answer)
        self._check_idea(sent, challenge_sudo)
        if sent.errors:
            return sent.render("citta_lavoro.challenge_public_page", **self._page_values(challenge_sudo))
        sent.claim()
        # sudo: visitors may not write leads; the values were checked and the pipeline is fixed here
        lead_sudo = request.env["crm.lead"].sudo().create(self._prepare_idea_values(challenge_sudo, sent.values))
        sent.record_consent(lead_sudo)
        return sent.finish("/sfide/grazie")

    @http.route("/sfide/grazie", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def challenge_thanks(self, **kwargs):
        """Confirm that the idea has arrived and say what comes next."""
        return request.render("citta_lavoro.challenge_public_thanks")

    # -- tools ---------------------------------------------------------------

    def _find_challenge(self, challenge_id):
        """A published challenge.

        :raise NotFound: there is none of that id, or it is not public
        """
        # sudo: visitors have no right on challenges; only published ones come out
        Challenge = request.env["citta.challenge"].sudo()
        found_sudo = Challenge.search(Challenge._get_public_domain() & Domain("id", "=", challenge_id))
        if not found_sudo:
            raise NotFound()
        return found_sudo

    def _page_values(self, challenge_sudo):
        return {"challenge": challenge_sudo, "is_open": challenge_sudo._is_open()}

    def _known_contact(self):
        """Name and contact of the user who is logged in."""
        if request.env.user._is_public():
            return {}
        partner = request.env.user.partner_id
        return {"contact_name": partner.name or "", "email": partner.email or "", "phone": partner.phone or ""}

    def _check_idea(self, sent, challenge_sudo):
        """Put a message on every field that is missing or wrong."""
        sent.require("title", request.env._("Give your idea a name."))
        sent.require("idea", request.env._("Tell us the idea in a few words."))
        sent.require("contact_name", request.env._("Write your name."))
        sent.require("consent", request.env._("Without your consent we may not call you back."))
        values = sent.values
        sent.check_email()
        if not values["email"] and not values["phone"]:
            sent.error("email", request.env._("Write an e-mail address or a phone number, so that we can answer."))
        if not challenge_sudo._is_open():
            sent.error("form", request.env._("This challenge takes no more ideas."))

    def _prepare_idea_values(self, challenge_sudo, values):
        """Values of the idea in the incubator's pipeline."""
        return {
            "name": values["title"],
            "type": "opportunity",
            "team_id": request.env.ref("citta_lavoro.crm_team_incubator").id,
            "user_id": False,
            "contact_name": values["contact_name"],
            "email_from": values["email"],
            "phone": values["phone"],
            "citta_idea": values["idea"],
            "citta_challenge_id": challenge_sudo.id,
            "citta_programme_id": challenge_sudo.programme_id.id,
            **self._own_pathway_values(challenge_sudo),
        }

    def _own_pathway_values(self, challenge_sudo):
        """The participant's own pathway in the challenge's programme, so that the own operator sees the idea."""
        if request.env.user._is_public():
            return {}
        # sudo: the own pathway is only linked, nothing of it is shown
        pathway_sudo = request.env["citta.pathway"].sudo().search([
            ("partner_id", "=", request.env.user.partner_id.id),
            ("programme_id", "=", challenge_sudo.programme_id.id),
            ("state", "!=", "closed"),
        ], limit=1)
        return {"citta_pathway_id": pathway_sudo.id, "citta_body_id": pathway_sudo.body_id.id}
