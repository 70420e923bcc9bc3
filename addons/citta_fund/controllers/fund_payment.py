"""Paying a pledge online, by the providers that Odoo knows: always for the real donor, and only what the pledge says."""
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.website_payment.controllers.portal import PaymentPortal as DonationPortal

from .fund_page import FundPage


class FundPayment(PaymentPortal):
    @http.route("/fondo/<string:code>/dona/<string:token>/paga", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def pledge_pay(self, code, token, **_query):
        """The payment form of a pledge.

        :param token: the pledge's unguessable name
        :raise NotFound: no such pledge, nothing to pay, or nobody to pay it with
        """
        pledge, page = self._get_payable(code, token), FundPage()
        address, ways = f"/fondo/{pledge.fund_id.code}/dona/{pledge.access_token}", pledge._get_online_ways()
        if not ways["providers_sudo"]:
            raise NotFound()
        values = {
            "pledge": pledge, "fund": pledge.fund_id, "res_company": pledge.company_id, "partner_id": pledge.partner_id.id,
            "amount": pledge._get_expected(), "currency": pledge.currency_id, "reference_prefix": pledge.reference,
            "transaction_route": f"{address}/transazione", "landing_route": address, "access_token": pledge.access_token,
            "show_tokenize_input_mapping": self._get_saving(pledge, ways), **ways,
        }
        return page._private(request.render("citta_fund.pledge_pay", values))

    @http.route("/fondo/<string:code>/dona/<string:token>/transazione", type="jsonrpc", auth="public", website=True)
    def pledge_transaction(self, code, token, **kwargs):
        """Start a payment: amount, currency and donor are the pledge's, whatever the browser says.

        :return: what the provider's form needs
        """
        pledge = self._get_payable(code, token)
        self._validate_transaction_kwargs(kwargs, additional_allowed_keys={"access_token", "reference_prefix", "currency_id", "partner_id"})
        ways = pledge._get_online_ways()
        wanted = [kwargs.get(name) for name in ("provider_id", "payment_method_id")]
        known = [ways[name].ids for name in ("providers_sudo", "payment_methods_sudo")]
        # a number and nothing that is only equal to one, as true is to 1
        is_open = all(type(one) is int and one in ids for one, ids in zip(wanted, known, strict=True))
        if not is_open or kwargs.get("flow") not in ("redirect", "direct"):
            raise ValidationError(request.env._("This way to pay is not open for this gift."))
        saves = self._get_saving(pledge, ways)[kwargs["provider_id"]] and bool(kwargs.get("tokenization_requested"))
        transaction = self._create_transaction(
            provider_id=kwargs["provider_id"], payment_method_id=kwargs["payment_method_id"], token_id=None, flow=kwargs["flow"],
            amount=pledge._get_expected(), currency_id=pledge.currency_id.id, partner_id=pledge.partner_id.id, tokenization_requested=saves,
            landing_route=f"/fondo/{pledge.fund_id.code}/dona/{pledge.access_token}", reference_prefix=pledge.reference,
            custom_create_values={"citta_pledge_id": pledge.id, **({} if saves else {"tokenize": False})},
        )
        return transaction._get_processing_values()

    def _get_saving(self, pledge, ways):
        """Which of the providers may save the card, for the months to come: those that can, for a donor who may.

        :return: provider id → bool, as the payment form wants it
        """
        may = pledge._may_save_card(request.env.user)
        return {provider: may and able for provider, able in self._compute_show_tokenize_input_mapping(ways["providers_sudo"]).items()}

    def _get_payable(self, code, token):
        """The pledge behind its address, in superuser mode.

        :raise NotFound: nothing is expected of it
        """
        pledge = FundPage()._get_pledge(code, token)
        if not pledge._is_expected():
            raise NotFound()
        return pledge


class FundDonation(DonationPortal):
    """Core's own donation page takes money in the name of the website's visitor, as a customer's payment: here every gift has its donor."""

    @http.route()
    def donation_pay(self, **_query):
        """Lead to the funds."""
        return request.redirect("/fondo", code=303)

    @http.route()
    def donation_transaction(self, amount=None, currency_id=None, partner_id=None, access_token=None, minimum_amount=0, **kwargs):
        """Start no payment without a pledge.

        :raise ValidationError: always
        """
        raise ValidationError(request.env._("Gifts are made on the page of a fund."))
