from odoo import api, fields, models
from odoo.exceptions import UserError

NATURES = [
    ("gift", "Gift"),
    ("refund", "Refunded gift"),
    ("match", "Match"),
    ("grant", "Grant"),
    ("aid", "Aid"),
    ("yield", "Yield of the endowment"),
    ("opening", "Opening balance"),
    ("opening_paid", "Opening balance, paid"),
]
# Nature → the figure of the fund that it moves, and the sign from a balance (debit less credit) to that figure.
FIGURE_OF = {
    "gift": ("received", -1),
    "refund": ("received", -1),
    "match": ("matched", -1),
    "grant": ("paid", 1),
    "aid": ("paid", 1),
    "yield": ("yielded", -1),
    "opening": ("received", -1),
    "opening_paid": ("paid", 1),
}
SUMMED = {"balance", "debit", "credit", "amount_currency", "date", "parent_state", "citta_fund_line_id", "citta_nature"}
DIMENSIONS = {"citta_fund_line_id", "citta_nature"}
RECORDED = {"gift", "refund", "match", "opening", "opening_paid"}  # natures that only the posting code gives


# What an item of a gift or a match says, and its neighbours in the same entry.
BOOKED_FACTS = {"move_id", "account_id", "partner_id", "date", "currency_id", "balance", "debit", "credit", "amount_currency", "parent_state"}


class Booked(str):
    """A word as the posting code gives it: whoever calls over RPC or types it in sends a plain string."""

    __slots__ = ()


# The mark of the posting code on what it changes itself.
BOOKING = {"citta_booking": Booked("booking")}


def is_booking(env):
    """Whether the posting code is at work; a context that came over RPC cannot say so."""
    return isinstance(env.context.get("citta_booking"), Booked)


class AccountMoveLine(models.Model):
    """A journal item knows which initiative of which fund it moves, and as what. These two facts are all a fund stores."""

    _inherit = "account.move.line"

    citta_fund_line_id = fields.Many2one("citta.fund.line", "Initiative", ondelete="restrict", check_company=True)
    citta_nature = fields.Selection(NATURES, "Nature in the fund")

    _citta_fund_idx = models.Index("(citta_fund_line_id, citta_nature) WHERE citta_fund_line_id IS NOT NULL")
    _citta_summary_idx = models.Index("(citta_fund_line_id, id) WHERE citta_fund_line_id IS NOT NULL")
    _citta_both_or_none = models.Constraint(
        "CHECK ((citta_fund_line_id IS NULL) = (citta_nature IS NULL))", "A journal item of a fund has an initiative and a nature."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take gifts and matches from the records that they stand for only."""
        for vals in vals_list:
            self._citta_check_nature(vals)
            # no default, of a context or saved by a user, makes an item one of a fund
            vals.setdefault("citta_nature", False)
            vals.setdefault("citta_fund_line_id", False)
        if not (self.env.su or is_booking(self.env)):
            self.move_id.browse({vals["move_id"] for vals in vals_list if vals.get("move_id")})._citta_refuse_rewriting()
        return super().create(vals_list)

    def write(self, vals):
        """The fund's dimensions of a posted item are facts: they change by a new entry, not by an edit."""
        self._citta_check_nature(vals)
        if BOOKED_FACTS & set(vals) and not (self.env.su or is_booking(self.env)):
            self.move_id._citta_refuse_rewriting()
        if SUMMED & set(vals):
            self.env["citta.fund.summary"]._drop(self)
        if DIMENSIONS & set(vals) and any(line.parent_state == "posted" for line in self):
            raise UserError(self.env._("The initiative of a posted journal item cannot be changed."))
        return super().write(vals)

    def _citta_check_nature(self, vals):
        """Refuse a gift or a match that no record stands for; grants and aids are entered by hand.

        :raise UserError: the nature did not come from the posting code
        """
        nature = vals.get("citta_nature")
        if nature in RECORDED and not (self.env.su or isinstance(nature, Booked)):
            raise UserError(self.env._("Gifts, refunds and matches enter the books by posting the gift, not by an entry of one's own."))

    def unlink(self):
        """Undoing a gift takes its items away: their sums are read from the ledger again.

        :raise UserError: somebody else wants to take them away
        """
        if not (self.env.su or is_booking(self.env)):
            self.move_id._citta_refuse_rewriting()
        self.env["citta.fund.summary"]._drop(self)
        return super().unlink()

    @api.model
    def _get_citta_figures(self):
        """Nature → (name of the figure, sign); to be extended with each new nature."""
        return FIGURE_OF
