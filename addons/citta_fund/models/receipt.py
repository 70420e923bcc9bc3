import hashlib

from stdnum.it import codicefiscale, iva

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.citta_lavoro.models.common.workflow_mixin import Transition

from ..tools.amount_in_words import amount_in_words

TREASURER = "citta_fund.group_citta_treasurer"
# What may still happen to an issued receipt; each of it once.
ADDED_LATER = {"state", "void_reason", "date_void", "replaced_by_id", "attachment_id", "pdf_sha256"}


class Receipt(models.Model):
    """The donor's proof for the tax office, frozen as it was issued.

    Numbers run per issuer and year without gaps. A wrong receipt or one whose payment went back is voided, and another
    one is issued; nothing is ever changed or deleted.
    """

    _name = "citta.receipt"
    _description = "Donation receipt"
    _inherit = ["citta.workflow.mixin", "mail.thread"]
    _order = "year desc, number desc, id desc"

    _workflow_transitions = {"void": Transition(("issued",), "voided", TREASURER)}

    name = fields.Char("Number", required=True, readonly=True)
    company_id = fields.Many2one("res.company", "Issuer", required=True, readonly=True, index=True, ondelete="restrict")
    year = fields.Integer(required=True, readonly=True, aggregator=False)
    number = fields.Integer("Progressive", required=True, readonly=True, aggregator=False)
    date = fields.Date("Issued on", required=True, readonly=True)
    state = fields.Selection([("issued", "Issued"), ("voided", "Void")], required=True, readonly=True, default="issued")
    partner_id = fields.Many2one("res.partner", "Donor", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    lang = fields.Char(required=True, readonly=True)

    # frozen at issue
    donor_name = fields.Char(required=True, readonly=True)
    donor_address = fields.Text(readonly=True)
    donor_tax_code = fields.Char("Donor's fiscal code", required=True, readonly=True)
    issuer_name = fields.Char(required=True, readonly=True)
    issuer_address = fields.Text(readonly=True)
    issuer_tax_code = fields.Char("Issuer's fiscal code", readonly=True)
    issuer_register = fields.Char("Register", readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    amount_words = fields.Char("In words", required=True, readonly=True)
    date_payment = fields.Date("Paid on", required=True, readonly=True)
    means = fields.Char(required=True, readonly=True)
    trace = fields.Char(readonly=True)
    purpose = fields.Text(required=True, readonly=True)
    footer = fields.Text(readonly=True)
    line_ids = fields.One2many("citta.receipt.line", "receipt_id", "Payments", readonly=True)

    # later
    date_void = fields.Date("Voided on", readonly=True)
    void_reason = fields.Char("Void because", readonly=True)
    replaced_by_id = fields.Many2one("citta.receipt", "Replaced by", readonly=True, ondelete="restrict")
    attachment_id = fields.Many2one("ir.attachment", "PDF", readonly=True, ondelete="restrict")
    pdf_sha256 = fields.Char("SHA-256 of the PDF", readonly=True)

    _number_uniq = models.UniqueIndex("(company_id, year, number)", "This issuer has used this number already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A receipt is about an amount above zero.")
    _void_has_reason = models.Constraint(
        "CHECK ((state = 'voided') = (date_void IS NOT NULL AND void_reason IS NOT NULL))", "A receipt is voided with a date and a reason."
    )
    _pdf_has_hash = models.Constraint("CHECK ((attachment_id IS NULL) = (pdf_sha256 IS NULL))", "The frozen PDF has its hash.")

    def write(self, vals):
        """Nothing of an issued receipt changes; what is added later is added once."""
        self.check_access("write")
        if set(vals) - ADDED_LATER or any(receipt[name] for receipt in self for name in set(vals) - {"state"}):
            raise UserError(self.env._("A receipt is never changed: void it and issue another."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A receipt is never deleted: void it."))

    # -- actions -------------------------------------------------------------

    def action_open_pdf(self):
        """Show the frozen PDF; it is made on first need."""
        self.ensure_one()
        attachment = self._ensure_pdf()
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "self"}

    def action_void_wizard(self):
        """Ask for the reason, then void."""
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.receipt_void_action")
        return {**action, "context": {"default_receipt_id": self.id}}

    # -- business ------------------------------------------------------------

    @api.model
    def _get_obstacle(self, gift):
        """Why no receipt can be issued for a gift; an empty string when it can.

        Sources: art. 83 D.Lgs 117/2017 (traceable means), and that only who cashed the money certifies it.
        """
        checks = (
            (gift.fund_id.is_third_party, self.env._("Another body cashes the gifts of this fund: it issues the receipts.")),
            (gift.state in ("refunded", "undone"), self.env._("The money went back.")),
            (gift.receipt_id, self.env._("This gift has a receipt.")),
            (not gift.is_traceable, self.env._("Cash and gifts in kind give no tax benefit: no receipt of this kind.")),
            (not gift._has_money(), self.env._("No reconciled payment to us proves the gift.")),
            (not gift.partner_id, self.env._("The donor is unknown.")),
            (gift.partner_id and not self._get_tax_code(gift.partner_id), self.env._("The donor has no valid fiscal code.")),
            (not self._get_profile(gift).may_issue, self.env._("The issuer's tax profile of that day allows no such receipt.")),
        )
        return next((reason for obstacle, reason in checks if obstacle), "")

    @api.model
    def _issue(self, gift):
        """Issue the receipt of one gift. The number is the last thing taken; the PDF is made after the commit.

        :param gift: a gift without obstacle
        """
        vals = self.with_context(lang=self._get_lang(gift.partner_id))._prepare_vals(gift)
        number = gift.company_id._citta_next_receipt(vals["year"])
        # sudo: receipts are made by this method alone, after the treasurer's right and the conditions were checked
        receipt = self.sudo().create({**vals, "number": number, "name": f"{vals['year']}/{number:05d}"})
        # sudo: waking a scheduled job is no business of the user's rights
        self.env.ref("citta_fund.ir_cron_receipt_pdf").sudo()._trigger()
        return receipt.sudo(False)

    def _void(self, reason):
        """Take a receipt out of force; its number and its PDF stay.

        :param str reason: printed on the list of receipts
        """
        self.env["citta.fund"]._require_treasurer()
        # sudo: nobody may write receipts but this transition; the right was checked in the line above
        for receipt in self.sudo().with_context(citta_workflow_reason=reason):
            receipt.write({"date_void": fields.Date.context_today(self), "void_reason": reason, "state": "voided"})

    def _on_void(self):
        """The payments may stand on another receipt again."""
        self.line_ids.write({"is_void": True})
        self.line_ids.flush_recordset()

    def _reissue(self, reason):
        """Void the receipt and issue another for the same gift, with the data of today.

        :param str reason: why the first one was wrong
        :return: the new receipt
        """
        self.ensure_one()
        gift = self.line_ids.donation_id
        self._void(reason)
        new = gift._issue_receipt()
        # sudo: the link is set here only; the right was checked when voiding
        self.sudo().replaced_by_id = new
        return new

    def _ensure_pdf(self):
        """The frozen PDF; rendered once, on first need or by the scheduled job.

        :return: ir.attachment record
        """
        self.ensure_one()
        if not self.attachment_id:
            content, _type = self.env["ir.actions.report"]._render_qweb_pdf("citta_fund.receipt_report_action", self.ids)
            # sudo: the frozen paper belongs to the receipt, which nobody may write
            self.sudo()._freeze(content)
        return self.attachment_id

    def _freeze(self, content):
        attachment = self.env["ir.attachment"].create({
            "name": self.env._("Receipt %(number)s.pdf", number=self.name.replace("/", "-")),
            "raw": content, "mimetype": "application/pdf", "res_model": self._name, "res_id": self.id,
        })
        self.write({"attachment_id": attachment.id, "pdf_sha256": hashlib.sha256(content).hexdigest()})

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_render_pdf(self, limit=50):
        """Render what was issued and has no PDF yet; each paper is committed by itself.

        :param int limit: how many in one run
        """
        todo = self.search([("attachment_id", "=", False)], limit=limit, order="id")
        for receipt in todo:
            receipt._ensure_pdf()
            self.env["ir.cron"]._commit_progress(1, remaining=self.search_count([("attachment_id", "=", False)]))

    # -- tools ---------------------------------------------------------------

    def _prepare_vals(self, gift):
        """All that is frozen, in the language of the donor.

        :param gift: the gift
        :return: dict of values without the number
        """
        gift, today = gift.with_env(self.env), fields.Date.context_today(self)
        payment = {"date_payment": gift.date_received, "means": self._get_means(gift), "trace": gift.trace, "amount": gift.amount}
        return {
            **payment,
            **self._prepare_donor(gift.partner_id),
            **self._prepare_issuer(gift),
            "year": today.year,
            "date": today,
            "lang": self.env.lang or "en_US",
            "currency_id": gift.currency_id.id,
            "amount_words": amount_in_words(gift.amount, self.env.lang or "en_US", gift.currency_id.name),
            "purpose": self._get_purpose(gift),
            "line_ids": [Command.create({"donation_id": gift.id, **payment})],
        }

    def _prepare_donor(self, partner):
        """Name, address and fiscal code of the donor."""
        return {
            "partner_id": partner.id,
            "donor_name": partner.commercial_partner_id.name or partner.name,
            "donor_address": self._get_address(partner),
            "donor_tax_code": self._get_tax_code(partner),
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

    def _get_purpose(self, gift):
        return self.env._(
            "Gift to the fund “%(fund)s” (%(initiatives)s), without anything in return, for the aims of the statutes.",
            fund=gift.fund_id.name, initiatives=", ".join(gift.line_ids.mapped("fund_line_id.name")),
        )

    def _get_address(self, partner):
        lines = partner._display_address(without_company=True).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())

    def _get_means(self, gift):
        return dict(gift._fields["means"]._description_selection(self.env))[gift.means]

    def _get_profile(self, gift):
        # sudo: whoever sees the gift may know whether a receipt is possible
        return self.env["citta.tax.profile"].sudo()._get_at(gift.company_id, gift.date_received)

    @api.model
    def _get_lang(self, partner):
        return partner.lang or self.env.lang or "en_US"

    @api.model
    def _get_tax_code(self, partner):
        """The donor's valid fiscal code: sixteen characters of a person, eleven digits of a body; else an empty string."""
        holder = partner.commercial_partner_id
        for code in (partner.citta_fiscal_code, holder.citta_fiscal_code, (holder.vat or "").removeprefix("IT")):
            if code and (codicefiscale.is_valid(code) or iva.is_valid(code)):
                return code.upper()
        return ""
