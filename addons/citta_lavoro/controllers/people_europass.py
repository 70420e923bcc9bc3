from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

from .people_case import CasePortal


class EuropassPortal(CasePortal):
    """The curriculum as a Europass file, for the person and for who follows the person."""

    @http.route("/my/percorso/curriculum/europass", type="http", auth="user", website=True, methods=["GET"])
    def my_europass(self, **kwargs):
        """The own curriculum, to be taken to Europass or elsewhere."""
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            raise NotFound()
        return self._hand_out_europass(pathway_sudo)

    @http.route("/citta/curriculum/<int:pathway_id>/europass", type="http", auth="user", methods=["GET"])
    def pathway_europass(self, pathway_id, **kwargs):
        """The curriculum of a person whom the operator follows.

        :param pathway_id: out of reach, it is not found; nor is anything for who is no operator
        """
        pathway = request.env["citta.pathway"].browse(pathway_id).exists()
        if not request.env.user.has_group("citta_lavoro.group_citta_operator") or not pathway or not pathway.has_access("read"):
            raise NotFound()
        return self._hand_out_europass(pathway)

    def _hand_out_europass(self, pathway):
        content = request.env["citta.europass"]._make(pathway)
        return request.make_response(content, [
            ("Content-Type", "application/xml; charset=utf-8"),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", content_disposition("curriculum-europass.xml")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ])
