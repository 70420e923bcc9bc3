import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.citta_lavoro.models.common.workflow_mixin import Transition

TREASURER = "citta_fund.group_citta_treasurer"
# What may still happen to an issued receipt; each of it once.
ADDED_LATER = {"state", "void_reason", "date_void", "replaced_by_id", "attachment_id", "pdf_sha256", "date_sent"}


class Receipt(models.Model):
    """The donor's proof for the tax office, frozen as it was issued.

    Numbers run per issuer and year without gaps. A wrong receipt or one whose payment went back is voided, and another
    one is issued; nothing is ever changed or deleted.
    """

    _name = "citta.receipt"
    _description = "Donation receipt"
    _inherit = ["citta.receipt.issuing", "citta.workflow.mixin", "citta.internal.thread.mixin"]
    _order = "year desc, number desc, id desc"
    _citta_chatter_needs = "read"  # auditors change nothing, and read all

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
    is_in_kind = fields.Boolean("In kind", readonly=True, help="Of things with their value: never on one paper with money.")
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
    replaced_by_id = fields.Many2one("citta.receipt", "Replaced by", readonly=True, index="btree_not_null", ondelete="restrict")
    attachment_id = fields.Many2one("ir.attachment", "PDF", readonly=True, ondelete="restrict")
    pdf_sha256 = fields.Char("SHA-256 of the PDF", readonly=True)
    date_sent = fields.Datetime("Sent on", readonly=True)
    run_id = fields.Many2one("citta.receipt.run", "Issued with", readonly=True, index="btree_not_null", ondelete="restrict")

    _number_uniq = models.UniqueIndex("(company_id, year, number)", "This issuer has used this number already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A receipt is about an amount above zero.")
    _void_has_reason = models.Constraint(
        "CHECK ((state = 'voided') = (date_void IS NOT NULL AND void_reason IS NOT NULL))", "A receipt is voided with a date and a reason."
    )
    _unsent_idx = models.Index("(id) WHERE date_sent IS NULL AND state = 'issued'")
    _unrendered_idx = models.Index("(id) WHERE attachment_id IS NULL")
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

    def action_send(self):
        """E-mail the PDF to the donor, again where it was sent before. Treasurer only.

        :raise UserError: the receipt is void or the donor has no address
        """
        self.env["citta.fund"]._require_treasurer()
        for receipt in self:
            receipt._send()
        return True

    def action_void_wizard(self):
        """Ask for the reason, then void."""
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.receipt_void_action")
        return {**action, "context": {"default_receipt_id": self.id}}

    # -- business ------------------------------------------------------------

    def _void(self, reason):
        """Take a receipt out of force; its number and its PDF stay.

        :param str reason: printed on the list of receipts
        :raise UserError: nothing is said
        """
        self.env["citta.fund"]._require_treasurer()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the receipt is voided."))
        # sudo: nobody may write receipts but this transition; the right was checked in the line above
        for receipt in self.sudo().with_context(citta_workflow_reason=reason):
            receipt.write({"date_void": fields.Date.context_today(self), "void_reason": reason, "state": "voided"})

    def _on_void(self):
        """The payments may stand on another receipt again."""
        self.line_ids.write({"is_void": True})
        self.line_ids.flush_recordset()

    def _reissue(self, reason):
        """Void the receipt and issue another for the same payments, with the data of today.

        :param str reason: why the first one was wrong
        :return: the new receipt
        """
        self.ensure_one()
        gifts = self.line_ids.donation_id
        self._void(reason)
        return self._replace(gifts)

    def _replace(self, gifts):
        """Issue the receipt that stands for a voided one.

        :param gifts: what it is about
        :return: the new receipt
        :raise UserError: one of the gifts can have no receipt
        """
        self.ensure_one()
        if obstacle := next(filter(None, map(self._get_obstacle, gifts)), None):
            raise UserError(obstacle)
        new = self._issue(gifts)
        # sudo: the link is set here only; the right was checked when voiding
        self.sudo().replaced_by_id = new
        return new

    def _replace_for(self, gifts):
        """Another gift of the paper has left the books, whatever becomes of these: who may have no receipt any more stays without, and the treasurer is told.

        :param gifts: the other gifts of the voided receipt, of one donor
        """
        obstacles = {gift: self._get_obstacle(gift) for gift in gifts}
        able = gifts.filtered(lambda gift: not obstacles[gift])
        if able:
            self._replace(able)
        for gift in gifts - able:
            gift._tell_treasurer(self.env._(
                "Receipt %(number)s fell with another gift on it, and this gift stays without one: %(reason)s", number=self.name, reason=obstacles[gift],
            ))

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

    def _send(self):
        """Queue the e-mail with the frozen PDF; the mark and the message are of one transaction, so neither comes alone.

        :raise UserError: the receipt is void or the donor has no address
        """
        self.ensure_one()
        if self.state != "issued":
            raise UserError(self.env._("Receipt %(number)s is void: it is not sent.", number=self.name))
        if not self.partner_id.email:
            raise UserError(self.env._("%(donor)s has no e-mail address.", donor=self.donor_name))
        template = self.env.ref("citta_fund.mail_template_receipt")
        # sudo: templates and outgoing mail are no business of the user's rights; the treasurer's was checked
        template.sudo().send_mail(self.id, email_values={"attachment_ids": self._ensure_pdf().ids})
        if not self.date_sent:
            # sudo: the mark is set by sending only
            self.sudo().date_sent = fields.Datetime.now()

    def _is_to_send(self):
        """Whether the donor gets this receipt by e-mail without anybody asking: by its run, else by the fund's choice, and where it stands for one that was sent."""
        wanted = self.run_id.send_mail if self.run_id else any(self.line_ids.donation_id.fund_id.mapped("mail_receipts"))
        wanted = wanted or self.search_count([("replaced_by_id", "=", self.id), ("date_sent", "!=", False)], limit=1)
        return bool(wanted and self.partner_id.email and self.state == "issued" and not self.date_sent)

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_render_pdf(self, limit=50):
        """Render what was issued and has no PDF yet, and send what is to be sent; each paper is committed by itself.

        :param int limit: how many in one run
        """
        todo = self.search([("attachment_id", "=", False)], limit=limit, order="id")
        for receipt in todo:
            receipt._ensure_pdf()
            if receipt._is_to_send():
                receipt._send()
            self.env["ir.cron"]._commit_progress(1, remaining=self.search_count([("attachment_id", "=", False)]))
