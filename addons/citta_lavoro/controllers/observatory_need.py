from odoo import http
from odoo.http import request

from ..tools.suppression import suppress


class ObservatoryNeed(http.Controller):
    """What the civic observatories found, for everybody."""

    @http.route("/osservatorio", type="http", auth="public", website=True, sitemap=True, readonly=True)
    def observatory_needs(self, city=None, **kwargs):
        """Published needs of each municipality. Numbers below five are hidden, also against subtraction.

        :param city: name of a municipality, to show only that one; anything else shows all
        """
        # sudo: the public has no access to needs; only those published and confirmed are read, and of them only
        # title, description, side, state and the protected number reach the page
        Need = request.env["citta.need"].sudo()
        needs = Need.search(Need._get_public_domain(), order="city_id, side, urgency desc, id")
        cities = needs.city_id.sorted("name")
        chosen = cities.filtered(lambda one: one.name == city)
        return request.render("citta_lavoro.need_page", {
            "cities": cities,
            "chosen": chosen,
            "blocks": [self._prepare_city_block(one, needs) for one in chosen or cities],
        })

    def _prepare_city_block(self, city, needs):
        """One municipality: its needs by side, with numbers fit for publication.

        :return: dict with the municipality and its sides
        """
        own = needs.filtered(lambda need: need.city_id == city)
        return {"city": city, "sides": [self._prepare_side_block(group) for group in own.grouped("side").values()]}

    def _prepare_side_block(self, needs):
        """One side of the market in one municipality.

        :return: dict with label, (need, number or None) pairs, and the total or None
        """
        numbers, total = suppress([need.affected_count for need in needs])
        return {
            "side": needs[0].side,
            "label": dict(needs._fields["side"]._description_selection(needs.env))[needs[0].side],
            "needs": list(zip(needs, numbers, strict=True)),
            "total": total,
        }
