from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .people_case import CasePortal
from .public_form import PublicForm

PAGE = "/my/percorso/voce"
FORM = PublicForm("voice", {"kind": 20, "theme": 20, "text": 4000, "confidential": 5})
TEMPLATE = "citta_lavoro.feedback_portal_page"


class FeedbackPortal(CasePortal):
    """The person's voice: complaint, suggestion, thanks; also after the end, also without the referent."""

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_voice(self, notice="", **kwargs):
        """What the person has said, with the answers, and the form.

        :param notice: what was just done: ``sent``, ``again`` or ``late``
        """
        if not self._get_my_case():
            return request.redirect("/my/percorso")
        return FORM.blank().render(TEMPLATE, **self._prepare_voice(), notice=notice)

    @http.route(PAGE, type="http", auth="user", website=True, methods=["POST"])
    def my_voice_send(self, **post):
        """Take the voice; the same form sent twice is one.

        :param post: ``kind``, ``theme``, ``text`` and ``confidential``
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            return request.redirect("/my/percorso", code=303)
        sent = FORM.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        self._check_voice(sent)
        if sent.errors:
            return sent.render(TEMPLATE, **self._prepare_voice(), notice="")
        sent.claim()
        # sudo: the pathway is the person's own; portal users have no right on voices, every value was checked
        request.env["citta.feedback"].sudo().create({
            "pathway_id": pathway_sudo.id, "kind": sent.values["kind"], "theme": sent.values["theme"], "text": sent.values["text"],
            "is_confidential": bool(sent.values["confidential"]), "channel": "portal",
        })
        return sent.finish(f"{PAGE}?notice=sent")

    @http.route(f"{PAGE}/<int:voice_id>/riapri", type="http", auth="user", website=True, methods=["POST"])
    def my_voice_reopen(self, voice_id, text="", **post):
        """Take an answered voice up again, once.

        :param voice_id: another person's is not found
        :param text: what is missing
        """
        voice_sudo = self._get_my_records("citta.feedback", [("id", "=", voice_id)])
        if not voice_sudo:
            raise NotFound()
        try:
            voice_sudo._reopen(text[:4000])
        except UserError:
            return request.redirect(f"{PAGE}?notice=late", code=303)
        return request.redirect(f"{PAGE}?notice=again", code=303)

    # -- tools ---------------------------------------------------------------

    def _check_voice(self, sent):
        sent.require("kind", request.env._("Please choose what it is."))
        sent.require("theme", request.env._("Please choose what it is about."))
        for name in ("kind", "theme"):
            if sent.values[name] and sent.values[name] not in dict(self._get_choices(name)):
                sent.error(name, request.env._("Please choose from the list."))
        sent.require("text", request.env._("Write something first."))

    def _get_choices(self, name):
        # the labels are translated where the field describes itself
        return request.env["citta.feedback"]._fields[name]._description_selection(request.env)

    def _prepare_voice(self):
        return {
            "page_name": "citta_case_voice", "voices": self._get_my_records("citta.feedback", []),
            "kinds": self._get_choices("kind"), "themes": self._get_choices("theme"),
        }
