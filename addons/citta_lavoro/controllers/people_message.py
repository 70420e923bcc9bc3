from odoo import http
from odoo.http import request

from .people_case import CasePortal
from .public_form import PublicForm

PAGE = "/my/percorso/messaggi"
FORM = PublicForm("message", {"text": 4000})
TEMPLATE = "citta_lavoro.message_portal_page"


class MessagePortal(CasePortal):
    """The thread between the person and who follows the person; the notes of colleagues are elsewhere."""

    def _prepare_pathway_portal_values(self, pathways_sudo):
        """Add how many messages wait to be read."""
        values = super()._prepare_pathway_portal_values(pathways_sudo)
        values["message_unread"] = len(self._get_my_records("citta.message", [("is_from_person", "=", False), ("date_read", "=", False)]))
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_messages(self, notice="", **kwargs):
        """The thread; what is shown is read.

        :param notice: ``sent`` after a message
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            return request.redirect("/my/percorso")
        self._get_my_pathways()._mark_messages_read(from_person=False)
        return FORM.blank().render(TEMPLATE, **self._prepare_thread(pathway_sudo), notice=notice)

    @http.route(PAGE, type="http", auth="user", website=True, methods=["POST"])
    def my_message_send(self, **post):
        """Send a message; the same form sent twice is one message.

        :param post: ``text``
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo or pathway_sudo.state == "closed":
            return request.redirect(PAGE, code=303)
        sent = FORM.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        sent.require("text", request.env._("Write something first."))
        if sent.errors:
            return sent.render(TEMPLATE, **self._prepare_thread(pathway_sudo), notice="")
        sent.claim()
        # sudo: the pathway is the person's own; portal users have no right of their own on messages
        request.env["citta.message"].sudo().create({
            "pathway_id": pathway_sudo.id, "text": sent.values["text"], "is_from_person": True, "author_id": request.env.uid,
        })
        return sent.finish(f"{PAGE}?notice=sent#scrivi")

    def _prepare_thread(self, pathway_sudo):
        return {
            "page_name": "citta_case_messages", "messages": self._get_my_records("citta.message", []).sorted("id"), "is_person": True,
            "is_open": pathway_sudo.state != "closed", "referent": pathway_sudo.referent_id.name or pathway_sudo.body_id.name,
        }
