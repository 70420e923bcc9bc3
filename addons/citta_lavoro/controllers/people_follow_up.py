"""How are you doing? The short form that a person gets after the exit, without a login."""
from odoo import http
from odoo.http import request

from .public_form import PublicForm

FORM = PublicForm("follow_up", {"situation": 20, "is_helpful": 10, "note": 1000, "wants_call": 4})
PAGE, THANKS = "citta_lavoro.follow_up_form", "citta_lavoro.follow_up_thanks"
OPEN_STATES = ("planned", "asked", "missed")


class PeopleFollowUp(http.Controller):
    @http.route("/come-va/<string:token>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def follow_up(self, token, **_query):
        """The form; who has answered already is thanked.

        :param token: the form's unguessable name
        """
        item_sudo = self._find(token)
        if item_sudo.state not in OPEN_STATES:
            return self._thank(item_sudo)
        return self._private(FORM.blank().render(PAGE, **self._prepare(item_sudo)))

    @http.route("/come-va/<string:token>", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def follow_up_send(self, token, **post):
        """Keep the answer; a second one changes nothing.

        :param token: the form's unguessable name
        :return: a redirection to the thanks; the form again with its messages when something is not right
        """
        item_sudo = self._find(token)
        if item_sudo.state not in OPEN_STATES:
            return self._thank(item_sudo)
        sent = FORM.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        situations, helpful = self._choices()
        if sent.values["situation"] not in dict(situations):
            sent.error("situation", request.env._("Please choose what you are doing now."))
        if sent.errors:
            return self._private(sent.render(PAGE, **self._prepare(item_sudo)))
        sent.claim()
        item_sudo.write({
            "situation": sent.values["situation"],
            "is_helpful": sent.values["is_helpful"] if sent.values["is_helpful"] in dict(helpful) else False,
            "note": sent.values["note"] or False, "wants_call": bool(sent.values["wants_call"]),
        })
        item_sudo.with_context(citta_workflow_transition="answer").write({"state": "answered", "channel": "form"})
        return sent.finish(f"/come-va/{token}")

    # -- tools ---------------------------------------------------------------

    def _find(self, token):
        # sudo: the person has no login here; whoever holds the key may answer this one form and read no data
        return request.env["citta.follow.up"].sudo().search([("token", "=", token)], limit=1)

    def _choices(self):
        # the labels are translated where the field describes itself
        items = request.env["citta.follow.up"]._fields
        return [items[name]._description_selection(request.env) for name in ("situation", "is_helpful")]

    def _prepare(self, item_sudo):
        situations, helpful = self._choices()
        return {
            "months": item_sudo.months, "programme": item_sudo.pathway_id.programme_id.name, "situations": situations, "helpful": helpful,
            "address": request.httprequest.path,
        }

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
