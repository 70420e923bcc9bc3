from odoo import fields, models

from ..tools.endowment import locked


class FundEndowment(models.AbstractModel):
    """The share of a fund that is capital: what comes in of it stays, its yield is spent, and of itself what the rule sets free."""

    _name = "citta.fund.endowment"
    _description = "Endowment of a fund"

    endowment_share = fields.Float("Endowment (%)", digits=(5, 2), tracking=True, help="The share of gifts and matches that is capital: the free balance leaves it out.")
    spending_rule = fields.Selection(
        [("yield", "Only the yield is spent"), ("rate", "A share of the capital each year, beside the yield")], "Spending rule", required=True, default="yield", tracking=True,
    )
    spending_rate = fields.Float("Spent each year (%)", digits=(5, 2), tracking=True, help="Of the capital that is there on 1 January.")

    _endowment_is_share = models.Constraint("CHECK (endowment_share BETWEEN 0 AND 100)", "The endowment is a share between 0 and 100 %.")
    _spending_is_share = models.Constraint("CHECK (spending_rate BETWEEN 0 AND 100)", "What is spent each year is a share between 0 and 100 %.")

    # -- business ------------------------------------------------------------

    def _get_endowed(self, inflows):
        """The capital in what came in for an initiative, less what the spending rule has set free.

        :param inflows: first day of a month → amount
        """
        if not self.endowment_share:
            return 0.0
        rate = self.spending_rate if self.spending_rule == "rate" else 0
        months = {month: round(amount, 2) for month, amount in inflows.items()}
        return float(locked(months, self.endowment_share, rate, fields.Date.context_today(self)))
