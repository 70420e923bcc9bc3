from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .fund_summary import SETTLED
from .posting_rule import STANDING


class FundCount(models.Model):
    """How many gifts of a month stand in the books of a fund.

    Beside the monthly summaries of its money and kept as they are: up to a mark (the greatest gift that was counted) the
    numbers stand for the gifts, behind it the gifts themselves are counted; a counted one that comes into the books or
    leaves them drops the mark, and a standing check compares the numbers with the gifts.
    """

    _name = "citta.fund.count"
    _description = "Number of gifts of a fund by month"
    _order = "fund_id, month"
    _rec_name = "month"

    fund_id = fields.Many2one("citta.fund", "Fund", required=True, readonly=True, index=True, ondelete="cascade")
    month = fields.Date(required=True, readonly=True)
    gifts = fields.Integer(required=True, readonly=True)

    _key_uniq = models.UniqueIndex("(fund_id, month)", "This month of a fund was counted already.")

    # -- business ------------------------------------------------------------

    @api.model
    def _read(self, fund):
        """Numbers by month, from what was counted and the gifts behind it, in one query.

        :return: first day of the month → number of gifts
        """
        self.env["citta.donation"].flush_model(["fund_id", "date_received", "state"])
        return dict(self.env.execute_query(SQL(
            """SELECT month, sum(gifts)::int FROM (
                SELECT c.month, c.gifts FROM citta_fund_count c JOIN citta_fund f ON f.id = c.fund_id WHERE f.id = %(fund)s AND f.count_mark > 0
                UNION ALL
                SELECT date_trunc('month', d.date_received)::date, 1 FROM citta_fund f
                  JOIN citta_donation d ON d.fund_id = f.id AND d.id > coalesce(f.count_mark, 0) WHERE f.id = %(fund)s AND d.state IN %(standing)s
            ) parts GROUP BY month""",
            fund=fund.id, standing=STANDING,
        )))

    @api.model
    def _build(self, fund):
        """Count the settled gifts anew and move the mark, up to the first one that is not settled: numbers are not given in the order of beginning."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM citta_fund_count WHERE fund_id = %s", fund.id))
        self.env.cr.execute(SQL(
            """UPDATE citta_fund SET count_mark = coalesce((SELECT max(d.id) FROM citta_donation d
                WHERE d.fund_id = %(fund)s AND d.create_date <= %(settled)s AND d.id < coalesce((SELECT min(young.id) FROM citta_donation young
                  WHERE young.fund_id = %(fund)s AND young.create_date > %(settled)s), 'infinity'::float8)), 0) WHERE id = %(fund)s""",
            fund=fund.id, settled=SQL("(now() AT TIME ZONE 'UTC') - make_interval(mins => %s)", SETTLED),
        ))
        self.env.cr.execute(SQL(
            """INSERT INTO citta_fund_count (fund_id, month, gifts)
               SELECT f.id, date_trunc('month', d.date_received)::date, count(*) FROM citta_donation d JOIN citta_fund f ON f.id = d.fund_id
                WHERE f.id = %s AND d.id <= f.count_mark AND d.state IN %s GROUP BY 1, 2""",
            fund.id, STANDING,
        ))
        self.invalidate_model()
        fund.invalidate_recordset(["count_mark"])

    @api.model
    def _drop(self, gifts):
        """Gifts come into the books or leave them: where they may have been counted, their funds' gifts are counted one by one until the next build."""
        # younger ones cannot have been counted: a gift that is posted as it comes in pays nothing for this
        before = fields.Datetime.now() - timedelta(minutes=SETTLED - 1)
        old = gifts.filtered(lambda gift: gift.create_date <= before)
        if not old:
            return
        # the row is changed whatever mark we see: a build that is under way may be about to set a higher one
        self.env.cr.execute(SQL(
            "UPDATE citta_fund SET count_mark = CASE WHEN count_mark >= %s THEN 0 ELSE count_mark END WHERE id IN %s",
            min(old.ids), tuple(old.fund_id.ids),
        ))
        self.env["citta.fund"].invalidate_model(["count_mark"])
