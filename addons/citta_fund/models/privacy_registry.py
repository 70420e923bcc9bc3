from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.citta_lavoro.tools.personal_data import Holding

KEPT_YEARS = 10
# What the books are made of: the law keeps it, and nobody rewrites a text in it, whoever it names.
PAPERS = (
    "account.move", "account.move.line", "account.payment", "account.bank.statement.line", "payment.transaction", "citta.donation",
    "citta.pledge", "citta.receipt", "citta.receipt.line",
)


class PrivacyRegistry(models.AbstractModel):
    """What the fund holds about a donor, and what the law keeps of it.

    Civil code art. 2220: accounting records, invoices and letters about them are kept ten years from the last
    entry; D.P.R. 600/1973 art. 22: in any case until what they prove is assessed. So an erasure within that time
    leaves the papers with the name they were made out to, and nothing else.
    """

    _inherit = "citta.privacy.registry"

    @api.model
    def _get_holdings(self):
        of_partner, gone = (("partner_id", "res.partner"),), self.env._("Anonymous donor")
        return super()._get_holdings() + [
            Holding("payment.token", of_partner, deed="delete"),
            Holding("account.move", of_partner, only={"invoice_partner_display_name", "narration"}),
            Holding("account.move.line", of_partner, only={"name"}),
            Holding("account.payment", of_partner, only={"memo"}),
            Holding(
                "account.bank.statement.line", of_partner,
                only={"partner_name", "account_number", "payment_ref", "transaction_details", "citta_reasons"} & set(self._get_stored("account.bank.statement.line")),
            ),
            Holding("payment.transaction", of_partner, only={name for name in self._get_stored("payment.transaction") if name.startswith("partner_")}),
            Holding("citta.pledge", of_partner, only={"access_token", "tribute_name"} & set(self._get_stored("citta.pledge")), also={"tribute"}),
            Holding("citta.donation", of_partner, only={"note", "trace", "tribute_name", "in_kind_items"}, also={"tribute"}),
            Holding(
                "citta.receipt", of_partner, only={"donor_name", "donor_address", "donor_tax_code", "trace"},
                also={"attachment_id", "pdf_sha256"}, neutral={"donor_name": gone},
            ),
            Holding("citta.receipt.line", (("receipt_id", "citta.receipt"),), only={"trace", "items"}),
        ]

    @api.model
    def _get_kept(self, found):
        """The papers of a donor, and the contact whose name they need, until the end of the tenth year."""
        until = self._get_papers_end(found)
        if not until or until < fields.Date.context_today(self):
            return super()._get_kept(found)
        reason = self.env._(
            "Gifts are in the books until %(date)s: the law keeps accounting papers ten years (civil code art. 2220, D.P.R. 600/1973 art. 22)."
            " Name, address and fiscal code stay on them and nowhere else.", date=format_date(self.env, until),
        )
        papers = [found[name] for name in (*PAPERS, "res.partner.bank") if found.get(name)]
        return super()._get_kept(found) + [(records, reason, until) for records in [*papers, found["res.partner"]]]

    @api.model
    def _get_papers_end(self, found):
        """The last day of the tenth year after the last entry in the books, or False where there is none."""
        days = found.get("account.move", self.env["account.move"]).filtered(lambda move: move.state == "posted").mapped("date")
        days += found.get("citta.receipt", self.env["citta.receipt"]).mapped("date")
        days += found.get("citta.donation", self.env["citta.donation"]).filtered("move_id").mapped("date_received")
        return date(max(days).year + KEPT_YEARS, 12, 31) if days else False

    @api.model
    def _get_untouched_tables(self):
        tables = {self.env[name]._table for name in PAPERS}
        return super()._get_untouched_tables() | tables | {name for name in self._get_tables() if name.startswith(("account_", "payment_"))}

    @api.model
    def _get_activity_queries(self):
        return super()._get_activity_queries() + [
            SQL("SELECT partner_id, date_received FROM citta_donation WHERE partner_id IS NOT NULL")
        ]

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_stored(self, model):
        return [name for name, field in self.env[model]._fields.items() if field.store and field.column_type and field.type in ("char", "text", "html", "json")]

    @api.model
    def _get_tables(self):
        return {model._table for name, model in self.env.items() if not model._abstract}
