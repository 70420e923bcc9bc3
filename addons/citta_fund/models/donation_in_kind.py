from odoo import fields, models
from odoo.exceptions import UserError

# DM 28-11-2019, art. 3: above this, or where the value is not objective, a sworn appraisal no older than these days.
APPRAISE_ABOVE, APPRAISAL_DAYS = 30000, 90


class DonationInKind(models.AbstractModel):
    """Gifts in kind: a deed with the list and the values, the receiver's undertaking, and no entry of money.

    Source: DM 28-11-2019 (normal value; invoice or price list where there is one; sworn appraisal).
    """

    _name = "citta.donation.in.kind"
    _description = "Gift in kind"

    in_kind_items = fields.Text("What was given", help="One thing in a line, with its number and its value.")
    value_basis = fields.Selection(
        [("market", "Price of like things"), ("invoice", "Invoice or price list"), ("appraisal", "Sworn appraisal")], "Value by",
    )
    appraisal_date = fields.Date("Appraisal of")
    date_accepted = fields.Date("Accepted on", readonly=True, copy=False)

    # -- actions -------------------------------------------------------------

    def action_accept(self):
        """Accept gifts in kind once their papers are complete, with a receipt where one is wanted and allowed. Treasurer only.

        :raise UserError: with what is missing
        """
        self.env["citta.fund"]._require_treasurer()
        for gift in self:
            gift._check_draft()
            gift._check_day()
            if missing := gift._get_missing_paper():
                raise UserError(missing)
            gift._set_facts(date_accepted=fields.Date.context_today(self))
        self._issue_if_wanted()
        return True

    def action_print_deed(self):
        """Print the deed, to be signed by donor and receiver."""
        return self.env.ref("citta_fund.in_kind_deed_action").report_action(self)

    # -- tools ---------------------------------------------------------------

    def _get_missing_paper(self):
        """What a gift in kind lacks to be accepted; an empty string when nothing."""
        checks = (
            (self.means != "in_kind", lambda: self.env._("Only gifts in kind are accepted by their papers.")),
            (not self.partner_id, lambda: self.env._("The donor of a gift in kind is known.")),
            (not self.in_kind_items or not self.value_basis, lambda: self.env._("List what was given, and say what its value is taken from.")),
            (not self._is_appraised(), lambda: self.env._(
                "A value above %(most)s euro, or one by appraisal, needs a sworn appraisal no older than %(days)s days.", most=APPRAISE_ABOVE, days=APPRAISAL_DAYS,
            )),
            (not self._has_attachment(), lambda: self.env._("Attach the signed deed, with the invoice or the appraisal.")),
        )
        return next((reason() for lacks, reason in checks if lacks), "")

    def _is_appraised(self):
        if self.amount <= APPRAISE_ABOVE and self.value_basis != "appraisal":
            return True
        return bool(self.appraisal_date) and 0 <= (self.date_received - self.appraisal_date).days <= APPRAISAL_DAYS

    def _has_attachment(self):
        # sudo: that a paper is there is asked, it is not shown
        return bool(self.env["ir.attachment"].sudo().search_count([("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1))
