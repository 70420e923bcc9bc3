"""Choose when: the page of an invitation, on a phone and without a login."""
import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.tools import groupby

from ..models.people.invitation_page import CALENDAR_FILE
from .public_form import PublicForm

FORM = PublicForm("invitation", {"slot": 12, "deed": 10})
PAGE, OVER = "citta_lavoro.invitation_page", "citta_lavoro.invitation_over"
TOKEN = re.compile(r"[\w-]{20,64}")
OPEN_PAGES, DECLINABLE = ("choose", "booked", "today"), ("choose", "booked")


class PeopleInvitation(http.Controller):
    @http.route("/invito/<string:token>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def invitation(self, token, **_query):
        """The times to choose from, the one that is chosen, or why there is nothing to choose any more.

        :param token: the invitation's unguessable name
        """
        item_sudo = self._find(token)
        if item_sudo._get_page() not in OPEN_PAGES:
            return self._refuse(item_sudo)
        return self._private(FORM.blank().render(PAGE, **self._prepare(item_sudo)))

    @http.route("/invito/<string:token>", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def invitation_answer(self, token, **post):
        """Choose a time, choose another, or decline; the same form twice does it once.

        :param token: the invitation's unguessable name
        :return: a redirection to the page; the page again with a message when the time is gone or nothing was chosen
        """
        item_sudo = self._find(token)
        if item_sudo._get_page() not in DECLINABLE:
            return self.invitation(token)
        sent = FORM.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        slot_sudo = item_sudo._get_slots().filtered(lambda slot: str(slot.id) == sent.values["slot"])
        declined = sent.values["deed"] == "decline"
        if not declined and not slot_sudo and not (item_sudo.slot_id and str(item_sudo.slot_id.id) == sent.values["slot"]):
            sent.error("form", request.env._("This time is not free any more: please choose another."))
        if not sent.errors:
            sent.claim()
            self._answer(sent, item_sudo, slot_sudo or item_sudo.slot_id, declined)
        if sent.errors:
            return self._private(sent.render(PAGE, **self._prepare(item_sudo)))
        return sent.finish(f"/invito/{token}")

    @http.route("/invito/<string:token>/calendario.ics", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def invitation_calendar(self, token, **_query):
        """The time that was chosen, for the person's calendar.

        :param token: the invitation's unguessable name
        :return: the file; the page itself while nothing is chosen, or why there is nothing any more
        """
        item_sudo = self._find(token)
        page = item_sudo._get_page()
        if page == "choose":
            return request.redirect(f"/invito/{token}")
        if page not in ("booked", "today"):
            return self._refuse(item_sudo)
        return self._private(request.make_response(item_sudo._make_ics(), [
            ("Content-Type", "text/calendar; charset=utf-8"), ("Content-Disposition", content_disposition(CALENDAR_FILE)),
        ]))

    # -- tools ---------------------------------------------------------------

    def _answer(self, sent, item_sudo, slot_sudo, declined):
        """Do what was chosen, wholly or not at all; a time taken meanwhile becomes a message."""
        try:
            with request.env.cr.savepoint():
                if declined:
                    item_sudo._workflow_move("decline")
                else:
                    item_sudo._choose(slot_sudo)
        except UserError as error:
            item_sudo.invalidate_recordset()
            sent.error("form", str(error))

    def _find(self, token):
        # sudo: the person has no login here; whoever holds the key answers this one invitation and reads a first name
        invitations_sudo = request.env["citta.invitation"].sudo()
        return invitations_sudo.search([("token", "=", token)], limit=1) if TOKEN.fullmatch(token) else invitations_sudo

    def _prepare(self, item_sudo):
        slots = item_sudo._get_slots() - item_sudo.slot_id if item_sudo.state == "booked" else item_sudo._get_slots()
        days = list(groupby(slots, key=lambda slot: slot._say_when("EEEE d MMMM")))
        return {
            "page": item_sudo._get_page(), "first_name": item_sudo._get_first_name(), "when": item_sudo._say_meeting(), "slot": item_sudo.slot_id,
            "words": item_sudo.message, "body": item_sudo.body_id, "days": days, "until": item_sudo.date_expiry, "address": request.httprequest.path,
        }

    def _refuse(self, item_sudo):
        page = item_sudo._get_page()
        response = request.render(OVER, {"page": page, "body": item_sudo.body_id})
        response.status_code = {"unknown": 404, "declined": 200}.get(page, 410)
        return self._private(response)

    def _private(self, response):
        """The address is a key: it goes to no search engine, to no other site and into no cache."""
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response
