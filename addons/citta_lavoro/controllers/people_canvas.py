import re

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..models.people.canvas_line import BLOCKS
from .people_case import CasePortal

PAGE = "/my/percorso/canvas"


class CanvasPortal(CasePortal):
    """The person fills in the canvas alone, on the phone: one text box per block, saved all at once."""

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_canvas(self, notice="", **kwargs):
        """The current canvas, to be written on; read only when the pathway is closed.

        :param notice: what was just done: ``saved`` or ``version``
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            return request.redirect("/my/percorso")
        canvas_sudo = self._get_canvas(pathway_sudo)
        return self._render_canvas(pathway_sudo, canvas_sudo, self._get_form(canvas_sudo), notice)

    @http.route(PAGE, type="http", auth="user", website=True, methods=["POST"])
    def my_canvas_save(self, canvas_id="", **post):
        """Save what was written; if the version has been frozen meanwhile, the text comes back to be checked.

        :param canvas_id: the version that the form showed, 0 for a first one
        :param post: ``text_<block>`` and ``seen_<block>`` for each block
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo or pathway_sudo.state == "closed":
            raise NotFound()
        canvas_sudo = self._get_canvas(pathway_sudo)
        blocks = {code: (_numbers(post.get(f"seen_{code}")), (post.get(f"text_{code}") or "")[:4000]) for code, _label in BLOCKS}
        if canvas_sudo and canvas_id != str(canvas_sudo.id):
            form = self._get_form(canvas_sudo, {code: text for code, (_seen, text) in blocks.items()})
            return self._render_canvas(pathway_sudo, canvas_sudo, form, "old")
        if not canvas_sudo:
            canvas_sudo = pathway_sudo._begin_alone("citta.canvas", {"filled_by": "person"})
        self._save(canvas_sudo, blocks)
        return request.redirect(f"{PAGE}?notice=saved", code=303)

    @http.route(f"{PAGE}/nuova", type="http", auth="user", website=True, methods=["POST"])
    def my_canvas_next(self, canvas_id="", **post):
        """Begin a new version; pressed twice, only one is begun.

        :param canvas_id: the version that the page showed
        """
        pathway_sudo = self._get_my_case()
        canvas_sudo = self._get_canvas(pathway_sudo)
        if not canvas_sudo or pathway_sudo.state == "closed":
            raise NotFound()
        if canvas_id == str(canvas_sudo.id):
            canvas_sudo._make_next()
        return request.redirect(f"{PAGE}?notice=version", code=303)

    @http.route(f"{PAGE}/<int:version>", type="http", auth="user", website=True, methods=["GET"])
    def my_canvas_version(self, version, **kwargs):
        """An older version beside the current one.

        :param version: its number
        """
        pathway_sudo = self._get_my_case()
        older = pathway_sudo.canvas_ids.filtered(lambda one: one.version == version and not one.is_current)
        if not older:
            raise NotFound()
        newer = self._get_canvas(pathway_sudo)
        return request.render("citta_lavoro.canvas_portal_version", {
            "page_name": "citta_case_canvas", "older": older, "newer": newer, "rows": newer._compare_with(older),
        })

    @http.route(f"{PAGE}/pdf", type="http", auth="user", website=True, methods=["GET"])
    def my_canvas_pdf(self, **kwargs):
        """The current canvas on paper."""
        canvas_sudo = self._get_canvas(self._get_my_case())
        if not canvas_sudo:
            raise NotFound()
        return self._print_mine("citta_lavoro.canvas_report_action", canvas_sudo, f"canvas-{canvas_sudo.version}.pdf")

    # -- tools ---------------------------------------------------------------

    def _save(self, canvas_sudo, blocks):
        """Save the form; a later room saves what it added to it.

        :param canvas_sudo: the person's current canvas
        :param dict blocks: see ``citta.canvas._save_form``
        """
        canvas_sudo._save_form(blocks)

    def _get_canvas(self, pathway_sudo):
        return pathway_sudo.canvas_ids.filtered("is_current")

    def _get_form(self, canvas_sudo, texts=None):
        """The blocks as text boxes.

        :param dict texts: what the person wrote, where it could not be saved
        """
        return [
            {
                **block,
                "seen": ",".join(map(str, block["lines"].ids)),
                "text": "\n".join(block["lines"].mapped("text")) if texts is None else texts[block["code"]],
            }
            for block in canvas_sudo._get_blocks()
        ]

    def _get_extras(self, pathway_sudo, canvas_sudo):
        """What a later room adds to the page.

        :return: rendering values
        """
        return {}

    def _render_canvas(self, pathway_sudo, canvas_sudo, form, notice):
        return request.render("citta_lavoro.canvas_portal_page", {
            **self._get_extras(pathway_sudo, canvas_sudo),
            "page_name": "citta_case_canvas",
            "canvas": canvas_sudo,
            "blocks": form,
            "older": pathway_sudo.canvas_ids.filtered(lambda one: not one.is_current),
            "is_open": pathway_sudo.state != "closed",
            "notice": notice,
        })


def _numbers(text):
    """The ids in a hidden field.

    >>> sorted(_numbers("3,12,x"))
    [3, 12]
    """
    return {int(one) for one in re.findall(r"\d{1,9}", text or "")}
