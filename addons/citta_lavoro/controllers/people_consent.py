from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .people_portal import PAGE, PeoplePortal


class PeopleConsent(PeoplePortal):
    """The person renews an own consent that expires."""

    @http.route(f"{PAGE}/consenso/<int:consent_id>/rinnova", type="http", auth="user", website=True, methods=["POST"])
    def my_consent_renew(self, consent_id, **post):
        """Renew an own consent under the notice now in force; twice makes one.

        :param consent_id: another person's, a withdrawn one, or one that does not expire, is not found
        """
        consent_sudo = self._get_my_records("citta.consent", [("id", "=", consent_id), ("date_expiry", "!=", False)])
        if not consent_sudo:
            raise NotFound()
        try:
            consent_sudo._renew("portal", request.httprequest.path)
        except UserError as error:
            raise NotFound() from error
        return request.redirect(f"{PAGE}?notice=renewed#consensi", code=303)
