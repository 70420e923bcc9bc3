from odoo.http import request

from .people_canvas import CanvasPortal, _numbers


class ObservatoryCanvas(CanvasPortal):
    """In the own canvas the person finds the needs that the observatories published, to be ticked."""

    def _save(self, canvas_sudo, blocks):
        """The ticked needs come into the canvas beside what was written."""
        super()._save(canvas_sudo, blocks)
        if ticked := self._get_ticked():
            canvas_sudo._add_needs(self._get_needs(canvas_sudo.pathway_id).filtered(lambda need: need.id in ticked))

    def _get_extras(self, pathway_sudo, canvas_sudo):
        """Published needs that are not in the canvas yet, those of the own municipality first."""
        own_city = pathway_sudo.partner_id.city_id
        needs = self._get_needs(pathway_sudo) - canvas_sudo.line_ids.need_id
        return {
            **super()._get_extras(pathway_sudo, canvas_sudo),
            "needs": needs.sorted(lambda need: (need.city_id != own_city, need.city_id.name or "", need.name)), "ticked": self._get_ticked(),
        }

    def _get_needs(self, pathway_sudo):
        """What may be ticked: published needs of the person's territory, that wait for an answer."""
        Need = pathway_sudo.env["citta.need"]
        return Need.search(Need._get_public_domain() & Need._get_open_domain(pathway_sudo.territory_id))

    def _get_ticked(self):
        return _numbers(",".join(request.httprequest.form.getlist("need")))
