from odoo import api, models

from odoo.addons.citta_lavoro.tools.qr_code import qr_uri

from ..tools.bank_scoring import words
from ..tools.rf_reference import print_rf
from ..tools.sepa_qr import sepa_payload


class PledgePublic(models.AbstractModel):
    """What a donor sees of a pledge: how to pay it, on paper, on a telephone, behind an address nobody can guess."""

    _name = "citta.pledge.public"
    _description = "Public side of a pledge"
    _inherit = ["portal.mixin"]

    def _compute_access_url(self):
        """The donor's page of the pledge in the portal."""
        super()._compute_access_url()
        for pledge in self:
            pledge.access_url = "/my/donazioni"

    def _get_thread_with_access(self, thread_id, **kwargs):
        """Whoever holds a pledge's address sees how to pay it; its conversation, which names the donor, is not opened by it."""
        inside = {name: value for name, value in kwargs.items() if name not in ("hash", "pid", "token")}
        return super()._get_thread_with_access(thread_id, **inside)

    # -- business ------------------------------------------------------------

    def _get_payment_details(self):
        """All that a transfer needs, as printed and as a QR code.

        :return: dict; ``iban`` and ``qr`` are empty while the fund has no account
        """
        self.ensure_one()
        # sudo: the account, the receiver and the donor's own address are what the donor must be told
        pledge = self.sudo()
        fund, bank = pledge.fund_id, pledge.fund_id.partner_bank_id
        payee, iban = bank.acc_holder_name or fund.holder_partner_id.name, bank.sanitized_acc_number or ""
        is_iban = bank.acc_type == "iban" and pledge.currency_id.name == "EUR"
        return {
            "name": payee,
            "address": self._get_lines(fund.holder_partner_id),
            "tax_code": (fund.holder_partner_id.vat or "").removeprefix("IT"),
            # Whoever holds the letter's address may have typed somebody else's code: it then tells nothing of that person.
            "donor": {} if self.env.context.get("citta_public") else {
                "name": pledge.partner_id.name, "address": self._get_lines(pledge.partner_id),
            },
            "iban": iban,
            "iban_print": print_rf(iban) if is_iban else iban,  # the same groups of four
            "bank": bank.bank_id.name or "",
            "reference": pledge.reference,
            "reference_print": print_rf(pledge.reference),
            "amount": pledge.amount_open or pledge.amount,
            "qr": is_iban and qr_uri(sepa_payload(payee, iban, pledge.amount_open or pledge.amount, pledge.reference)),
            "pay_page": fund.is_published and f"{fund.get_base_url()}/fondo/{fund.code}/dona/{pledge._portal_ensure_token()}",
            "page": fund.is_published and f"{fund.get_base_url()}/fondo/{fund.code}",
        }

    def _get_online_ways(self):
        """The providers and methods by which this pledge can be paid online, as the payment form wants them."""
        self.ensure_one()
        # sudo: which published providers take the payment is shown to whoever holds the pledge's address
        env = self.sudo().env
        providers, methods, tokens = env["payment.provider"], env["payment.method"], env["payment.token"]
        amount, donor, currency = self._get_expected(), self.partner_id.id, self.currency_id.id
        found = providers._get_compatible_providers(self.company_id.id, donor, amount, currency_id=currency)
        found = found.filtered(lambda provider: provider.journal_id and provider.code != "custom")
        return {
            "providers_sudo": found, "tokens_sudo": tokens, "availability_report": {},
            "payment_methods_sudo": methods._get_compatible_payment_methods(found.ids, donor, currency_id=currency) if found else methods,
        }

    def _get_letter_lang(self):
        """The donor's language, else that of the programme."""
        # sudo: the donor of an own pledge may be a contact that the reader cannot open
        return self.sudo().partner_id.lang or self.env.lang or "it_IT"

    def _get_lines(self, partner):
        lines = partner._display_address(without_company=True).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())

    # -- from the web --------------------------------------------------------

    def _create_from_web(self, fund, line, values, proof):
        """A pledge made on the public page. Called in superuser mode, with values that were checked.

        :param fund: a published fund
        :param line: one of its initiatives
        :param dict values: amount, name, email, fiscal_code, street, zip, city, anonymity, wants_receipt
        :param str proof: where and when the notice was accepted
        :return: the pledge
        """
        known = self._find_donor(values)
        donor = known or self._create_donor(values)
        pledge = self.create({
            "fund_id": fund.id, "fund_line_id": line.id, "partner_id": donor.id, "amount": values["amount"],
            "anonymity": self._get_web_anonymity(values, known), "wants_receipt": values["wants_receipt"], "recurrence": values["recurrence"],
            **{name: values.get(name) for name in ("tribute", "tribute_name", "tribute_public")}, **self._get_link_vals(),
        })
        self.env["citta.consent"].create({
            "purpose_id": self.env.ref("citta_fund.purpose_donation").id, "partner_id": donor.id, "channel": "web", "proof": proof,
        })
        if known:
            typed = [values.get(name) for name in ("name", "email", "fiscal_code", "street", "zip", "city")]
            pledge.message_post(body=self.env._("Typed on the web, not written to the contact: %(typed)s", typed=", ".join(filter(None, typed))))
        pledge._portal_ensure_token()
        pledge._send_reference()
        return pledge

    @api.model
    def _get_web_anonymity(self, values, known):
        """How the donor appears in public. Whoever knows somebody's fiscal code does not thereby show that person's name.

        :param known: the contact that was found, maybe under another name than was typed
        """
        return "hidden" if known and words(known.name) != words(values["name"]) else values["anonymity"]

    def _send_reference(self):
        """Queue the letter that says how to pay, to the donor's own address; a page that was closed is found again by it."""
        # sudo: templates and outgoing mail are no business of the visitor's rights
        for pledge in self.sudo().filtered("partner_id.email"):
            pledge.env.ref("citta_fund.mail_template_pledge").send_mail(pledge.id)

    @api.model
    def _get_link_vals(self):
        """Campaign, source and medium as the link said by which the visitor came; the web itself where it said nothing."""
        vals = self.default_get(["campaign_id", "source_id", "medium_id"])
        return {"medium_id": self.env.ref("utm.utm_medium_website").id, **vals}

    def _find_donor(self, values):
        """The contact who gave before, told by fiscal code, or by e-mail and name together.

        Persons of the programme are left alone: what they give is no matter of their pathway. Nothing of a contact is
        changed or shown here, so that the form tells nobody who is known.
        """
        partners = self.env["res.partner"]
        outside = [("citta_is_person", "=", False), ("company_id", "in", [False, self.env.company.id])]
        code = values.get("fiscal_code")
        if code:
            return partners.search([*outside, "|", ("citta_fiscal_code", "=", code), ("vat", "in", [code, f"IT{code}"])], limit=1)
        same = partners.search([*outside, ("email_normalized", "=", values["email"])], limit=20)
        return same.filtered(lambda partner: words(partner.name) == words(values["name"]))[:1]

    def _create_donor(self, values):
        code = values.get("fiscal_code") or ""
        is_body = len(code) == 11
        return self.env["res.partner"].create({
            "name": values["name"], "email": values["email"], "street": values.get("street"), "zip": values.get("zip"), "city": values.get("city"),
            "country_id": self.env.ref("base.it").id, "lang": self.env.lang or "it_IT", "is_company": is_body,
            "vat": f"IT{code}" if is_body else False, "citta_fiscal_code": False if is_body else code,
        })
