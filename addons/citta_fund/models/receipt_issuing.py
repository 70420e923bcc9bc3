from stdnum.it import codicefiscale, iva

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date

from ..tools.amount_in_words import amount_in_words
from .donation_posting import QUIET


class ReceiptIssuing(models.AbstractModel):
    """How receipts are made: who may have one, what is frozen on it, and the number, which is the last thing taken."""

    _name = "citta.receipt.issuing"
    _description = "Issuing of receipts"

    # -- conditions ----------------------------------------------------------

    @api.model
    def _get_obstacle(self, gift):
        """Why no receipt can be issued for a gift; an empty string when it can.

        Sources: art. 83 D.Lgs 117/2017 (traceable means, or in kind by DM 28-11-2019), and that only who cashed the money certifies it.
        """
        checks = (
            (lambda: gift.fund_id.is_third_party, lambda: self.env._("Another body cashes the gifts of this fund: it issues the receipts.")),
            (lambda: gift.state in ("refunded", "undone"), lambda: self.env._("The money went back.")),
            (lambda: gift.receipt_id, lambda: self.env._("This gift has a receipt.")),
            (lambda: gift.means == "cash", lambda: self.env._("Cash gives no tax benefit: no receipt of this kind.")),
            (lambda: gift.means == "in_kind" and not gift.date_accepted, lambda: self.env._("A gift in kind is proved by its papers: accept it first.")),
            (lambda: gift.is_traceable and not gift._has_money(), lambda: self.env._("No reconciled payment to us proves the gift.")),
            (lambda: not gift.partner_id, lambda: self.env._("The donor is unknown.")),
            (lambda: not self._get_tax_code(gift.partner_id), lambda: self.env._("The donor has no valid fiscal code.")),
            (lambda: not self._get_profile(gift).may_issue, lambda: self.env._("The issuer's tax profile of that day allows no such receipt.")),
        )
        return next((reason() for obstacle, reason in checks if obstacle()), "")

    # -- business ------------------------------------------------------------

    @api.model
    def _issue(self, gifts):
        """Issue one receipt for the gifts of one donor. The PDF is made after the commit.

        :param gifts: gifts of one donor and issuer, without obstacle
        """
        return self._issue_many([gifts])

    @api.model
    def _issue_many(self, groups, run=None):
        """Issue one receipt for each group of gifts; the numbers are taken together, last of all.

        :param groups: recordsets of gifts, each of one donor and either of money or in kind, all of one issuer, without obstacle
        :param run: the run that asked for them, if any
        :return: the receipts, in the order of the groups
        """
        prepared = [self.with_context(lang=self._get_lang(gifts.partner_id))._prepare_vals(gifts) for gifts in groups]
        if not prepared:
            return self.browse()
        company, year = groups[0].company_id, prepared[0]["year"]
        first = company._citta_take_receipts(year, len(prepared))
        # sudo: receipts are made by this method alone, after the treasurer's right and the conditions were checked
        receipts = self.sudo().with_context(**QUIET).create([
            {**vals, "number": number, "name": f"{year}/{number:05d}", "run_id": run and run.id}
            for number, vals in enumerate(prepared, first)
        ])
        # sudo: waking a scheduled job is no business of the user's rights
        self.env.ref("citta_fund.ir_cron_receipt_pdf").sudo()._trigger()
        return receipts.with_env(self.env)

    # -- what is frozen ------------------------------------------------------

    def _prepare_vals(self, gifts):
        """All that is frozen, in the language of the donor.

        :param gifts: gifts of one donor
        :return: dict of values without the number
        """
        gifts, today = gifts.with_env(self.env).sorted(lambda gift: (gift.date_received, gift.id)), fields.Date.context_today(self)
        amount, last = gifts.currency_id.round(sum(gifts.mapped("amount"))), gifts[-1]
        return {
            **self._prepare_donor(gifts.partner_id),
            **self._prepare_issuer(last),
            "date_payment": last.date_received,
            "means": ", ".join(dict.fromkeys(map(self._get_means, gifts))),
            "trace": self._get_trace(last) if len(gifts) == 1 else self.env._("see the list of payments"),
            "is_in_kind": last.means == "in_kind",
            "amount": amount,
            "year": today.year,
            "date": today,
            "lang": self.env.lang or "en_US",
            "currency_id": gifts.currency_id.id,
            "amount_words": amount_in_words(amount, self.env.lang or "en_US", gifts.currency_id.name),
            "purpose": "\n".join(dict.fromkeys(map(self._get_purpose, gifts.grouped("fund_id").values()))),
            "line_ids": [Command.create(self._prepare_payment(gift)) for gift in gifts],
        }

    def _prepare_payment(self, gift):
        """One payment of the list, as it was."""
        return {
            "donation_id": gift.id, "date_payment": gift.date_received, "means": self._get_means(gift), "trace": self._get_trace(gift), "amount": gift.amount,
            "items": gift.means == "in_kind" and gift.in_kind_items,
        }

    def _prepare_donor(self, partner):
        """Name, address and fiscal code of the donor; the name is that of whose code it is."""
        taxed, code = self._get_taxed(partner)
        return {
            "partner_id": partner.id,
            "donor_name": taxed.name or partner.name,
            "donor_address": self._get_address(partner),
            "donor_tax_code": code,
        }

    def _prepare_issuer(self, gift):
        """Name, seat, fiscal code, register and footer of the issuer on the day of the payment."""
        company, profile = gift.company_id, self._get_profile(gift)
        return {
            "company_id": company.id,
            "issuer_name": company.partner_id.name,
            "issuer_address": self._get_address(company.partner_id),
            "issuer_tax_code": self._get_tax_code(company.partner_id) or company.vat,
            "issuer_register": profile._get_register_text(),
            "footer": profile.footer,
        }

    def _get_purpose(self, gifts):
        return self.env._(
            "Gift to the fund “%(fund)s” (%(initiatives)s), without anything in return, for the aims of the statutes.",
            fund=gifts.fund_id.name, initiatives=", ".join(dict.fromkeys(gifts.line_ids.mapped("fund_line_id.name"))),
        )

    def _get_address(self, partner):
        lines = partner._display_address(without_company=True).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())

    def _get_means(self, gift):
        return dict(gift._fields["means"]._description_selection(self.env))[gift.means]

    def _get_trace(self, gift):
        """What proves the gift: the payment's reference, or of things their deed and what their value is taken from."""
        if gift.means != "in_kind":
            return gift.trace
        basis = dict(gift._fields["value_basis"]._description_selection(self.env))[gift.value_basis]
        day = f" {format_date(self.env, gift.appraisal_date)}" if gift.appraisal_date else ""
        return self.env._("deed no. %(deed)s, value by: %(basis)s", deed=gift.name, basis=f"{basis.lower()}{day}")

    def _get_profile(self, gift):
        # sudo: whoever sees the gift may know whether a receipt is possible
        return self.env["citta.tax.profile"].sudo()._get_at(gift.company_id, gift.date_received)

    @api.model
    def _get_lang(self, partner):
        return partner.lang or self.env.lang or "en_US"

    @api.model
    def _get_tax_code(self, partner):
        """The donor's valid fiscal code: sixteen characters of a person, eleven digits of a body; else an empty string."""
        return self._get_taxed(partner)[1]

    @api.model
    def _get_taxed(self, partner):
        """Who a donor is for the tax office: a person with an own code, also one who stands among a firm's contacts; else the firm.

        :return: (res.partner record, valid fiscal code), both empty where there is none
        """
        holder = partner.commercial_partner_id
        found = ((partner, partner.citta_fiscal_code), (holder, holder.citta_fiscal_code), (holder, (holder.vat or "").removeprefix("IT")))
        valid = ((who, code.upper()) for who, code in found if code and (codicefiscale.is_valid(code) or iva.is_valid(code)))
        return next(valid, (partner.browse(), ""))
