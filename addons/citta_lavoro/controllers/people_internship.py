from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from .people_case import CasePortal

PAGE = "/my/percorso/tirocinio"


class InternshipPortal(CasePortal):
    """The person's own internships: terms, hours month by month, the project."""

    def _prepare_pathway_portal_values(self, pathways_sudo):
        """Add how many internships there are, so that the door shows to whom it concerns; their days to come stand among the dates."""
        values = super()._prepare_pathway_portal_values(pathways_sudo)
        internships_sudo = self._get_my_internships()
        values["internship_count"] = len(internships_sudo)
        values["agenda"] += [
            {"date": one.date_start, "label": request.env._("Internship at %s begins", one.host_id.name), "url": PAGE}
            for one in internships_sudo if one.state == "agreed"
        ]
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_internships(self, **kwargs):
        """The person's internships, drafts left out."""
        return request.render("citta_lavoro.internship_portal_page", {
            "page_name": "citta_case_internship", "internships": self._get_my_internships(),
        })

    @http.route(f"{PAGE}/<int:internship_id>/pdf", type="http", auth="user", website=True, methods=["GET"])
    def my_internship_pdf(self, internship_id, **kwargs):
        """The frozen project itself.

        :param internship_id: another person's, or one without a paper, is not found
        """
        internship_sudo = self._get_my_internships().filtered(lambda one: one.id == internship_id and one.pdf_sha256)
        if not internship_sudo:
            raise NotFound()
        return self._hand_out(internship_sudo._get_paper(), internship_sudo.pdf_name)

    def _get_my_internships(self):
        return self._get_my_records("citta.internship", [("state", "not in", ("draft", "cancelled"))])
