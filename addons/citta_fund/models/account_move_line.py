from odoo import api, fields, models
from odoo.exceptions import UserError

NATURES = [
    ("gift", "Gift"),
    ("refund", "Refunded gift"),
    ("match", "Match"),
    ("grant", "Grant"),
    ("aid", "Aid"),
]
# Nature → the figure of the fund that it moves, and the sign from a balance (debit less credit) to that figure.
FIGURE_OF = {
    "gift": ("received", -1),
    "refund": ("received", -1),
    "match": ("matched", -1),
    "grant": ("paid", 1),
    "aid": ("paid", 1),
}
SUMMED = {"balance", "debit", "credit", "amount_currency", "date", "parent_state", "citta_fund_line_id", "citta_nature"}
DIMENSIONS = {"citta_fund_line_id", "citta_nature"}


class AccountMoveLine(models.Model):
    """A journal item knows which initiative of which fund it moves, and as what. These two facts are all a fund stores."""

    _inherit = "account.move.line"

    citta_fund_line_id = fields.Many2one("citta.fund.line", "Initiative", ondelete="restrict")
    citta_nature = fields.Selection(NATURES, "Nature in the fund")

    _citta_fund_idx = models.Index("(citta_fund_line_id, citta_nature) WHERE citta_fund_line_id IS NOT NULL")
    _citta_summary_idx = models.Index("(citta_fund_line_id, id) WHERE citta_fund_line_id IS NOT NULL")
    _citta_both_or_none = models.Constraint(
        "CHECK ((citta_fund_line_id IS NULL) = (citta_nature IS NULL))", "A journal item of a fund has an initiative and a nature."
    )

    def write(self, vals):
        """The fund's dimensions of a posted item are facts: they change by a new entry, not by an edit."""
        if SUMMED & set(vals):
            self.env["citta.fund.summary"]._drop(self)
        if DIMENSIONS & set(vals) and any(line.parent_state == "posted" for line in self):
            raise UserError(self.env._("The initiative of a posted journal item cannot be changed."))
        return super().write(vals)

    def unlink(self):
        """Undoing a gift takes its items away: their sums are read from the ledger again."""
        self.env["citta.fund.summary"]._drop(self)
        return super().unlink()

    @api.model
    def _get_citta_figures(self):
        """Nature → (name of the figure, sign); to be extended with each new nature."""
        return FIGURE_OF
