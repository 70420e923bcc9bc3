import base64
import binascii

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .people_case import CasePortal

PAGE = "/my/percorso/documenti"
LARGEST_DRAWING = 500_000


class AgreementPortal(CasePortal):
    """The person reads the agreements and signs the one that is proposed."""

    def _prepare_pathway_portal_values(self, pathways_sudo):
        """Add how many papers wait for the person's signature."""
        values = super()._prepare_pathway_portal_values(pathways_sudo)
        waiting = pathways_sudo.agreement_ids.filtered(lambda one: one.state == "proposed")
        values["papers_to_sign"] = len(waiting.filtered(lambda one: "person" not in one.signature_ids.mapped("role")))
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_documents(self, **kwargs):
        """The person's papers, drafts left out."""
        return request.render("citta_lavoro.agreement_portal_list", {
            "page_name": "citta_case_documents", "agreements": self._get_my_agreements(),
        })

    @http.route(f"{PAGE}/<int:agreement_id>", type="http", auth="user", website=True, methods=["GET"])
    def my_agreement(self, agreement_id, notice="", **kwargs):
        """One paper, with its words, its signatures and the form to sign it.

        :param agreement_id: another person's, or a draft, is not found
        :param notice: ``signed`` after the signature
        """
        agreement_sudo = self._get_my_agreements(agreement_id)
        name = agreement_sudo.partner_id.name
        return request.render("citta_lavoro.agreement_portal_page", {
            "page_name": "citta_case_documents", "agreement": agreement_sudo, "notice": notice,
            "may_sign": not agreement_sudo._get_obstacle("person", name, agreement_sudo.pdf_sha256),
        })

    @http.route(f"{PAGE}/<int:agreement_id>/pdf", type="http", auth="user", website=True, methods=["GET"])
    def my_agreement_pdf(self, agreement_id, **kwargs):
        """The frozen paper itself.

        :param agreement_id: another person's, or a draft, is not found
        """
        agreement_sudo = self._get_my_agreements(agreement_id)
        return self._hand_out(agreement_sudo._get_paper(), agreement_sudo.pdf_name)

    @http.route(f"{PAGE}/<int:agreement_id>/firma", type="jsonrpc", auth="user", website=True)
    def my_agreement_sign(self, agreement_id, name="", signature="", sha256="", **kwargs):
        """Sign; core's signature form calls it.

        :param agreement_id: another person's, or a draft, is not found
        :param name: as typed
        :param signature: the drawing, base64
        :param sha256: fingerprint of the paper that the page showed
        :return: where to go, or ``error``, a sentence for the person
        """
        try:
            agreement_sudo = self._get_my_agreements(agreement_id)
            shown = sha256 or request.httprequest.args.get("sha256", "")
            agreement_sudo._sign("person", name[:200], shown, _drawing(signature))
        except NotFound:
            return {"error": request.env._("This paper was not found.")}
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": f"{PAGE}/{agreement_id}?notice=signed"}

    def _get_my_agreements(self, agreement_id=None):
        """The person's papers, or the one asked for.

        :raise NotFound: there is no such own one
        """
        domain = [("pdf_sha256", "!=", False)] + ([("id", "=", agreement_id)] if agreement_id else [])
        found = self._get_my_records("citta.agreement", domain)
        if agreement_id and not found:
            raise NotFound()
        return found


def _drawing(text):
    """A drawn signature as base64, or nothing if it is none or too large."""
    try:
        content = base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        return False
    return text if content.startswith(b"\x89PNG") and len(content) < LARGEST_DRAWING else False
