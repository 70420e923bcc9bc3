from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Items that a transaction still open may yet commit are younger than this; what is older is settled. In minutes.
SETTLED = 60


class FundSummary(models.Model):
    """The settled journal items of a fund, summed by initiative, month and nature.

    No second truth: up to a mark (the greatest item that was summed) the sums stand for the items, behind it the items
    themselves are read. Whatever takes a summed item out of the books drops the fund's mark, and the ledger alone is read
    until the next build; builder and dropper change the same row, so that one of them is run again. A standing check
    compares the sums with the ledger.
    """

    _name = "citta.fund.summary"
    _description = "Monthly summary of a fund"
    _order = "fund_line_id, month, nature"
    _rec_name = "month"

    fund_id = fields.Many2one("citta.fund", "Fund", required=True, readonly=True, index=True, ondelete="cascade")
    fund_line_id = fields.Many2one("citta.fund.line", "Initiative", required=True, readonly=True, index=True, ondelete="cascade")
    month = fields.Date(required=True, readonly=True)
    nature = fields.Char(required=True, readonly=True)
    balance = fields.Float(digits=(16, 2), readonly=True)

    _key_uniq = models.UniqueIndex("(fund_line_id, month, nature)", "This month of an initiative was summed already.")

    # -- business ------------------------------------------------------------

    @api.model
    def _read(self, funds):
        """Balances by initiative, month and nature, from sums and ledger, in one query.

        :return: list of (initiative's id, first day of the month, nature, balance)
        """
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["date", "state"])
        return self.env.execute_query(SQL(
            """SELECT line, month, nature, sum(balance)::float8 FROM (
                SELECT s.fund_line_id line, s.month, s.nature, s.balance FROM citta_fund_summary s
                  JOIN citta_fund f ON f.id = s.fund_id WHERE f.id IN %(funds)s AND f.summary_mark > 0
                UNION ALL
                SELECT i.citta_fund_line_id, date_trunc('month', i.date)::date, i.citta_nature, i.balance FROM citta_fund_line l
                  JOIN citta_fund f ON f.id = l.fund_id
                  JOIN account_move_line i ON i.citta_fund_line_id = l.id AND i.id > coalesce(f.summary_mark, 0)
                 WHERE f.id IN %(funds)s AND i.parent_state = 'posted' AND i.citta_nature IS NOT NULL
            ) parts GROUP BY line, month, nature""",
            funds=tuple(funds.ids) or (0,),
        ))

    @api.model
    def _build(self, funds):
        """Sum the settled items anew and move the mark, up to the first one that is not settled: a long transaction takes its numbers late.

        :param funds: citta.fund records
        """
        self.env.flush_all()
        for fund in funds:
            self.env.cr.execute(SQL("DELETE FROM citta_fund_summary WHERE fund_id = %s", fund.id))
            self.env.cr.execute(SQL(
                """UPDATE citta_fund SET summary_mark = coalesce((SELECT max(i.id) FROM account_move_line i
                     JOIN citta_fund_line l ON l.id = i.citta_fund_line_id
                    WHERE l.fund_id = %(fund)s AND i.create_date <= %(settled)s AND i.id < coalesce((SELECT min(young.id) FROM account_move_line young
                     JOIN citta_fund_line own ON own.id = young.citta_fund_line_id WHERE own.fund_id = %(fund)s AND young.create_date > %(settled)s
                    ), 'infinity'::float8)), 0) WHERE id = %(fund)s""",
                fund=fund.id, settled=SQL("(now() AT TIME ZONE 'UTC') - make_interval(mins => %s)", SETTLED),
            ))
            self.env.cr.execute(SQL(
                """INSERT INTO citta_fund_summary (fund_id, fund_line_id, month, nature, balance)
                   SELECT l.fund_id, l.id, date_trunc('month', i.date)::date, i.citta_nature, sum(i.balance) FROM account_move_line i
                     JOIN citta_fund_line l ON l.id = i.citta_fund_line_id JOIN citta_fund f ON f.id = l.fund_id
                    WHERE f.id = %s AND i.id <= f.summary_mark AND i.parent_state = 'posted' AND i.citta_nature IS NOT NULL GROUP BY 1, 2, 3, 4""",
                fund.id,
            ))
        self.invalidate_model()
        funds.invalidate_recordset(["summary_mark"])

    @api.model
    def _drop(self, items):
        """Summed items leave the books or change: their funds are read from the ledger until the next build.

        :param items: journal items
        """
        # younger ones cannot have been summed: posting a gift pays nothing for this
        before = fields.Datetime.now() - timedelta(minutes=SETTLED - 1)
        own = items.filtered(lambda item: item.citta_fund_line_id and item.create_date and item.create_date <= before)
        if not own:
            return
        # the row is changed whatever mark we see: a build that is under way may be about to set a higher one
        self.env.cr.execute(SQL(
            "UPDATE citta_fund f SET summary_mark = CASE WHEN f.summary_mark >= %s THEN 0 ELSE f.summary_mark END"
            " FROM citta_fund_line l WHERE l.fund_id = f.id AND l.id IN %s",
            min(own.ids), tuple(own.citta_fund_line_id.ids),
        ))
        self.env["citta.fund"].invalidate_model(["summary_mark"])

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_build(self):
        """Build sums and numbers of all funds; each is committed by itself."""
        for fund in self.env["citta.fund"].with_context(active_test=False).search([]):  # pylint: disable=no-search-all  # a handful of funds
            self._build(fund)
            self.env["citta.fund.count"]._build(fund)
            self.env["ir.cron"]._commit_progress(1)
