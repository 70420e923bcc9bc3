"""The public side of a fund: what it is and has done, a pledge from anybody, the paper to pay it."""
import csv
import io

from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request
from odoo.tools import consteq

from odoo.addons.citta_lavoro.controllers.public_form import PublicForm
from odoo.addons.citta_lavoro.tools import fiscal_code
from odoo.addons.citta_lavoro.tools.form_guard import clean

from ..tools.table_file import harmless
from ..tools.web_amount import parse_amount

ANONYMITIES = ("hidden", "initials", "public")
FORM = PublicForm("pledge", {
    "amount": 20, "line": 12, "name": 120, "email": 120, "wants_receipt": 4, "fiscal_code": 24, "street": 120, "zip": 10, "city": 60,
    "anonymity": 12, "recurrence": 10, "tribute": 12, "tribute_name": 80, "tribute_public": 4, "consent": 4, "notice_version": 24,
})
FORM_PAGE = "citta_fund.pledge_form"


class FundPage(http.Controller):
    # -- transparency --------------------------------------------------------

    @http.route("/fondo", type="http", auth="public", website=True, methods=["GET"], sitemap=True)
    def funds(self, **_query):
        """The published funds; where there is one only, its own page."""
        # sudo: visitors may not read funds; of the published ones only name, description and address get out
        funds = request.env["citta.fund"].sudo().search([("is_published", "=", True)])
        if len(funds) == 1:
            return request.redirect(f"/fondo/{funds.code}")
        return request.render("citta_fund.fund_list_page", {"funds": funds})

    @http.route("/fondo/<string:code>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def fund(self, code, **_query):
        """What a published fund is and what the ledger says of it.

        :param code: the fund's short name; an unknown or unpublished one is not found
        """
        fund = self._get_fund(code)
        embed = f'<iframe src="{fund.get_base_url()}/fondo/{fund.code}/riquadro" title="{escape(fund.name)}" width="100%" height="220" style="border:0"></iframe>'
        return request.render("citta_fund.fund_page", {**fund._get_public_values(), "embed": embed})

    @http.route("/fondo/<string:code>/riquadro", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def fund_embed(self, code, **_query):
        """The figures alone, small, to be framed by any site: nothing to log in to, nothing to press but one link."""
        fund = self._get_fund(code)
        values = {
            **fund._get_public_values(), "page": f"{fund.get_base_url()}/fondo/{fund.code}", "doctype": Markup("<!DOCTYPE html>"),
            "lang": request.env.lang.partition("_")[0],
        }
        response = request.render("citta_fund.fund_embed", values)
        response.headers["Content-Security-Policy"] = "frame-ancestors *; script-src 'none'"
        response.headers.pop("X-Frame-Options", None)
        return response

    @http.route("/fondo/<string:code>/trasparenza.csv", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def fund_table(self, code, **_query):
        """The table of the transparency page as CSV, amounts with a point and two decimals."""
        fund, stream = self._get_fund(code), io.StringIO()
        writer = csv.writer(stream)
        for row in fund._get_public_table():
            writer.writerow([f"{cell:.2f}" if isinstance(cell, float) else harmless(cell) for cell in row])
        return request.make_response(stream.getvalue().encode("utf-8-sig"), [
            ("Content-Type", "text/csv; charset=utf-8"), ("Content-Disposition", content_disposition(f"{fund.code}.csv")),
        ])

    # -- pledge --------------------------------------------------------------

    @http.route("/fondo/<string:code>/dona", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def pledge(self, code, **_query):
        """The form of a pledge, empty."""
        fund = self._get_fund(code)
        return FORM.blank(anonymity="hidden", recurrence="once").render(FORM_PAGE, **self._choices(fund))

    @http.route("/fondo/<string:code>/dona", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def pledge_send(self, code, **post):
        """Make a pledge.

        :return: a redirection to the page with reference and QR code; the form again with its messages when something
            is not right; the first page again, and no second pledge, when the same form comes twice
        """
        fund = self._get_fund(code)
        sent = FORM.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        values = self._check(sent, fund)
        if sent.errors:
            return sent.render(FORM_PAGE, **self._choices(fund))
        sent.claim()
        line = fund.line_ids.filtered(lambda line: str(line.id) == sent.values["line"])
        # sudo: visitors have no right on pledges; every value was checked above and goes one way in
        pledge = request.env["citta.pledge"].sudo().with_company(fund.company_id)._create_from_web(fund, line, values, sent.proof())
        return sent.finish(f"/fondo/{fund.code}/dona/{pledge.access_token}")

    @http.route("/fondo/<string:code>/dona/<string:token>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def pledge_page(self, code, token, **_query):
        """How to pay a pledge: reference, account, QR code, letter. Tells nothing of the donor.

        :param token: the pledge's unguessable name
        """
        pledge = self._get_pledge(code, token)
        values = {
            "pledge": pledge, "fund": pledge.fund_id, "pay": pledge._get_payment_details(), "pays_online": bool(pledge._get_online_ways()["providers_sudo"]),
        }
        return self._private(request.render("citta_fund.pledge_page", values))

    @http.route("/fondo/<string:code>/dona/<string:token>/ferma", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def pledge_stop(self, code, token, **_post):
        """Stop a monthly pledge: whoever holds its address, as the reminders carry it, may.

        :return: a redirection to its page
        """
        pledge = self._get_pledge(code, token)
        pledge._stop()
        return request.redirect(f"/fondo/{code}/dona/{pledge.access_token}", code=303)

    @http.route("/fondo/<string:code>/dona/<string:token>/carta", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def pledge_forget_card(self, code, token, **_post):
        """Leave the saved card alone: whoever holds the pledge's address may ask for reminders instead.

        :return: a redirection to its page
        """
        pledge = self._get_pledge(code, token)
        pledge._forget_card(request.env._("The donor asked not to charge the card any more."))
        return request.redirect(f"/fondo/{code}/dona/{pledge.access_token}", code=303)

    @http.route("/fondo/<string:code>/dona/<string:token>/lettera", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def pledge_letter(self, code, token, **_query):
        """The letter of a pledge as PDF, without the donor's name and address."""
        pledge = self._get_pledge(code, token)
        # sudo: whoever holds the token may print the letter; it shows the payment's data only
        report = request.env["ir.actions.report"].sudo().with_context(citta_public=True, force_report_rendering=True)
        content, _kind = report._render_qweb_pdf("citta_fund.pledge_letter_action", pledge.ids)
        return self._private(request.make_response(content, [
            ("Content-Type", "application/pdf"), ("Content-Disposition", content_disposition(f"{pledge.reference}.pdf")),
        ]))

    # -- checks --------------------------------------------------------------

    def _check(self, sent, fund):
        """What was typed, put into values; every fault leaves a message on its field."""
        env, values = request.env, sent.values
        amount = parse_amount(values["amount"])
        if amount is None:
            sent.error("amount", env._("Please write an amount between 1 and 999,999.99 euro, for instance 50 or 50,00."))
        if values["line"] not in [str(line.id) for line in fund.line_ids]:
            sent.error("line", env._("Please choose what the gift is for."))
        sent.require("name", env._("Please write name and surname, or the name of your organisation."))
        sent.require("email", env._("Please write an e-mail address: the reference of your gift goes there."))
        sent.check_email()
        code = self._check_receipt(sent, fund)
        if values["anonymity"] not in ANONYMITIES:
            sent.error("anonymity", env._("Please choose how you appear in public."))
        if values["recurrence"] not in ("once", "monthly"):
            sent.error("recurrence", env._("Please choose once or every month."))
        tribute = self._check_tribute(sent)
        self._check_notice(sent)
        return {
            **tribute,
            **{name: values[name] for name in ("street", "zip", "city", "anonymity", "recurrence")}, "name": " ".join(values["name"].split()),
            "amount": amount, "email": sent.get_email(), "fiscal_code": code, "wants_receipt": bool(values["wants_receipt"]) and not fund.is_third_party,
        }

    def _check_receipt(self, sent, fund):
        """Fiscal code and address, needed where a receipt is wanted; a code is right or it is not taken."""
        env, values = request.env, sent.values
        code = fiscal_code.normal(values["fiscal_code"])
        if code and not fiscal_code.is_valid(code):
            sent.error("fiscal_code", env._("This fiscal code is not right: please check letters and digits."))
        if values["wants_receipt"] and not fund.is_third_party:
            sent.require("fiscal_code", env._("A receipt needs your fiscal code."))
            sent.require("street", env._("A receipt needs your address: street and number."))
            sent.require("zip", env._("Postcode?"))
            sent.require("city", env._("A receipt needs your address: the town."))
        return code

    def _check_tribute(self, sent):
        """The dedication, whole or not at all."""
        values, kinds = sent.values, dict(self._get_tributes())
        kind, name = values["tribute"], " ".join(values["tribute_name"].split())
        if kind and kind not in kinds or name and not kind:
            sent.error("tribute", request.env._("Please choose how the gift is dedicated."))
        if kind and not name:
            sent.error("tribute_name", request.env._("Please write to whom the gift is dedicated, or choose no dedication."))
        return {"tribute": kind or False, "tribute_name": name, "tribute_public": bool(kind and values["tribute_public"])}

    def _check_notice(self, sent):
        """The notice that was read is today's, and it was accepted."""
        if sent.values["notice_version"] != self._get_purpose().notice_version:
            sent.error("consent", request.env._("The notice has changed in the meantime: please read it again and send."))
            sent.values["notice_version"] = sent.values["consent"] = ""
        sent.require("consent", request.env._("Please read the notice and tick this box."))

    # -- tools ---------------------------------------------------------------

    def _get_fund(self, code):
        """The published fund of that name.

        :raise NotFound: there is none
        """
        # sudo: visitors may not read funds; only published ones get out, and of them only what the pages show
        fund = request.env["citta.fund"].sudo().search([("code", "=", clean(code)), ("is_published", "=", True)], limit=1)
        if not fund:
            raise NotFound()
        return fund

    def _get_pledge(self, code, token):
        # sudo: the token is the right to see this pledge's payment data; it is compared in constant time
        # also while the fund is off the site: who holds a letter still pays by it, or stops what is asked every month
        pledge = request.env["citta.pledge"].sudo().search([
            ("access_token", "=", clean(token)), ("fund_id.code", "=", clean(code)), ("fund_id.active", "=", True),
        ], limit=1)
        if not token or not pledge or not consteq(pledge.access_token, token):
            raise NotFound()
        return pledge.with_context(citta_public=True)

    def _choices(self, fund):
        env = request.env
        anonymity = [
            ("hidden", env._("Do not show my name")), ("initials", env._("Show my initials")), ("public", env._("Show my name")),
        ]
        recurrences = [("once", env._("Once")), ("monthly", env._("Every month, until I stop it"))]
        return {"fund": fund, "lines": fund.line_ids, "anonymities": anonymity, "recurrences": recurrences, "tributes": self._get_tributes(), "purpose": self._get_purpose()}

    def _get_tributes(self):
        # sudo: visitors have no right on pledges; these are the labels of a choice
        return request.env["citta.pledge"].sudo()._fields["tribute"]._description_selection(request.env)

    def _get_purpose(self):
        # sudo: visitors may not read purposes; the notice is what they must read
        return request.env.ref("citta_fund.purpose_donation").sudo()

    def _private(self, response):
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response
