"""The donor's side: own pledges, gifts and receipts, and nothing of anybody else."""
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

PAGE = "/my/donazioni"


class FundPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        """Count the own pledges and gifts, so that the card shows to donors only."""
        values = super()._prepare_home_portal_values(counters)
        if "citta_donation_count" in counters:
            values["citta_donation_count"] = sum(
                request.env[model].search_count(self._own()) if request.env[model].has_access("read") else 0
                for model in ("citta.pledge", "citta.donation")
            )
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_donations(self, **_query):
        """The donor's pledges with what is open, gifts with what became of them, receipts."""
        values = {name: self._get_own(model) for name, model in (
            ("pledges", "citta.pledge"), ("donations", "citta.donation"), ("receipts", "citta.receipt"),
        )}
        return request.render("citta_fund.donation_portal_page", {**self._prepare_portal_layout_values(), **values, "page_name": "citta_donation"})

    @http.route(f"{PAGE}/dono/<int:gift_id>", type="http", auth="user", website=True, methods=["GET"])
    def my_gift(self, gift_id, **_query):
        """What became of an own gift.

        :param gift_id: another donor's is not found
        """
        gift = self._get_own("citta.donation", gift_id)
        return request.render("citta_fund.donation_portal_gift", {
            **self._prepare_portal_layout_values(), **gift._get_story(), "gift": gift, "fund": gift.fund_id, "page_name": "citta_gift",
        })

    @http.route(f"{PAGE}/ricevuta/<int:receipt_id>", type="http", auth="user", website=True, methods=["GET"])
    def my_receipt(self, receipt_id, **_query):
        """The frozen PDF of an own receipt, always the same file.

        :param receipt_id: another donor's is not found
        """
        receipt_sudo = self._get_own("citta.receipt", receipt_id)
        # the paper is rendered for good on first need, also in this request
        attachment = receipt_sudo.with_context(force_report_rendering=True)._ensure_pdf()
        return self._pdf(attachment.raw, f"{receipt_sudo.name.replace('/', '-')}.pdf")

    @http.route(f"{PAGE}/promessa/<int:pledge_id>/lettera", type="http", auth="user", website=True, methods=["GET"])
    def my_letter(self, pledge_id, **_query):
        """The letter of an own pledge.

        :param pledge_id: another donor's is not found
        """
        pledge_sudo = self._get_own("citta.pledge", pledge_id)
        # sudo: the pledge was found to be the donor's own; the letter shows the fund's account, too
        report = request.env["ir.actions.report"].sudo().with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf("citta_fund.pledge_letter_action", pledge_sudo.ids)
        return self._pdf(content, f"{pledge_sudo.reference}.pdf")

    @http.route(f"{PAGE}/promessa/<int:pledge_id>/ferma", type="http", auth="user", website=True, methods=["POST"])
    def my_stop(self, pledge_id, **_post):
        """Stop an own monthly pledge.

        :param pledge_id: another donor's is not found
        """
        self._get_own("citta.pledge", pledge_id)._stop()
        return request.redirect(PAGE, code=303)

    @http.route(f"{PAGE}/promessa/<int:pledge_id>/carta", type="http", auth="user", website=True, methods=["POST"])
    def my_forget_card(self, pledge_id, **_post):
        """Have reminders instead of charges to the saved card.

        :param pledge_id: another donor's is not found
        """
        self._get_own("citta.pledge", pledge_id)._forget_card(request.env._("The donor asked not to charge the card any more."))
        return request.redirect(PAGE, code=303)

    # -- tools ---------------------------------------------------------------

    def _own(self):
        return [("partner_id", "=", request.env.user.partner_id.id)]

    def _get_own(self, model, record_id=None):
        """The user's own records, or the one asked for.

        :raise NotFound: there is no such own one
        """
        domain = self._own() if record_id is None else [*self._own(), ("id", "=", record_id)]
        # sudo: donors read their own records by this domain only; what hangs on them, like the fund's name, is shown with it
        records = request.env[model].sudo().search(domain)
        if record_id is not None and not records:
            raise NotFound()
        return records

    def _pdf(self, content, filename):
        return request.make_response(content, [
            ("Content-Type", "application/pdf"), ("Content-Disposition", content_disposition(filename)),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ])
