import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .posting_rule import STANDING

MAY_RUN = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"


class FundCheck(models.Model):
    """The standing invariants of the fund, one method each. A run leaves one row per invariant: what was looked at, what is wrong."""

    _name = "citta.fund.check"
    _description = "Check of the fund"
    _order = "id desc"

    name = fields.Char("Invariant", compute="_compute_name", search="_search_name")
    code = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", "Company", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    is_ok = fields.Boolean("Holds", readonly=True)
    findings = fields.Text(readonly=True)

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_name(self):
        """What must hold, in the reader's language."""
        names = self._get_checks()
        for row in self:
            row.name = names.get(row.code, row.code)

    def _search_name(self, operator, value):
        """By the words of the invariant, as they are shown."""
        if operator != "ilike":
            return NotImplemented
        return [("code", "in", [code for code, name in self._get_checks().items() if str(value).lower() in name.lower()])]

    # -- actions -------------------------------------------------------------

    def action_run(self):
        """Run all checks on the current company and show the result.

        :raise AccessError: the user is neither treasurer nor auditor
        """
        if not self.env.user.has_groups(MAY_RUN):
            raise AccessError(self.env._("Only the treasurer and the auditor check the fund."))
        self._run(self.env.company)
        # "main": the result takes the place of the list it was asked from
        return {**self.env["ir.actions.act_window"]._for_xml_id("citta_fund.fund_check_action"), "target": "main"}

    # -- business ------------------------------------------------------------

    @api.model
    def _run(self, company):
        """Check everything in the books of a company.

        :return: the result rows
        """
        # the checks read the database itself, not what is still pending in memory
        self.env.flush_all()
        rows = [
            {"code": code, "company_id": company.id, "user_id": self.env.uid, "is_ok": not found, "findings": "\n".join(found)}
            for code in self._get_checks()
            for found in [getattr(self, f"_check_{code}")(company)]
        ]
        # sudo: results are written by the run alone, so that nobody can write a good one by hand
        return self.sudo().create(rows).sudo(False)

    @api.model
    def _get_checks(self):
        """Method suffix → what must hold; to be extended with each new invariant.

        :return: dict
        """
        return {
            "matched_within_pot": self.env._("No rule has matched more than its ceilings"),
            "matched_as_claimed": self.env._("What is claimed of each pot is what the matches add up to"),
            "public_equals_ledger": self.env._("Figures shown are the sums of the posted items"),
            "summary_equals_ledger": self.env._("Monthly summaries are the sums of the posted items"),
            "counts_equal_gifts": self.env._("Numbers of gifts by month are those of the gifts"),
            "gifts_equal_ledger": self.env._("Gifts and matches recorded are those in the books"),
            "entries_balanced": self.env._("Every entry of a fund is balanced"),
            "receipt_gapless": self.env._("Receipt numbers have no gaps"),
            "receipt_pdf_frozen": self.env._("Every frozen PDF is the file that was issued"),
            "receipt_has_money": self.env._("Every valid receipt has a reconciled, traceable payment of its amount, or the papers of what was given in kind"),
            "free_not_negative": self.env._("No fund has paid or promised more than it had"),
            "one_gift_per_line": self.env._("No bank line and no online payment was counted twice"),
        }

    def _check_matched_within_pot(self, company):
        entries = SQL("FROM citta_match_entry e JOIN citta_match_rule r ON r.id = e.rule_id WHERE e.company_id = %s AND e.reversal_move_id IS NULL", company.id)
        return [
            *self._find(SQL("SELECT r.name, sum(e.amount) %s GROUP BY r.id HAVING sum(e.amount) > r.ceiling_pot", entries)),
            *self._find(SQL("SELECT r.name, e.amount %s AND r.ceiling_gift > 0 AND e.amount > r.ceiling_gift", entries)),
            *self._find(SQL(
                "SELECT r.name, p.name, sum(e.amount) FROM citta_match_entry e JOIN citta_match_rule r ON r.id = e.rule_id"
                " JOIN citta_donation d ON d.id = e.donation_id LEFT JOIN res_partner p ON p.id = d.partner_id WHERE e.company_id = %s AND e.reversal_move_id IS NULL AND r.ceiling_donor > 0"
                " GROUP BY r.id, p.id HAVING sum(e.amount) > r.ceiling_donor", company.id,
            )),
        ]

    def _check_matched_as_claimed(self, company):
        return self._find(SQL(
            "SELECT r.name, coalesce(c.used, 0), coalesce(sum(e.amount), 0) FROM citta_match_rule r"
            " LEFT JOIN citta_claim c ON c.res_model = 'citta.match.rule' AND c.res_id = r.id AND c.kind = 'pot'"
            " LEFT JOIN citta_match_entry e ON e.rule_id = r.id AND e.reversal_move_id IS NULL WHERE r.company_id = %s"
            " GROUP BY r.id, c.used HAVING coalesce(c.used, 0) <> coalesce(sum(e.amount), 0)", company.id,
        ))

    def _check_public_equals_ledger(self, company):
        funds = self.env["citta.fund"].with_context(active_test=False).search([("company_id", "=", company.id)])
        shown = funds._get_figures()
        natures = tuple(nature for nature, (figure, _sign) in self.env["account.move.line"]._get_citta_figures().items() if figure == "received")
        sums = dict(self.env.execute_query(SQL(
            "SELECT l.fund_id, sum(CASE WHEN i.citta_nature IN %s THEN -i.balance ELSE 0 END) FROM account_move_line i"
            " JOIN citta_fund_line l ON l.id = i.citta_fund_line_id WHERE i.parent_state = 'posted' AND i.company_id = %s GROUP BY l.fund_id",
            natures, company.id,
        )))
        return [
            f"{fund.name}: {shown[fund.id]['received']} / {sums.get(fund.id, 0)}"
            for fund in funds if fund.currency_id.compare_amounts(shown[fund.id]["received"], float(sums.get(fund.id, 0)))
        ]

    def _check_summary_equals_ledger(self, company):
        return self._find(SQL(
            """SELECT f.name, l.name, month, nature, sum(summed), sum(booked) FROM (
                SELECT fund_line_id line, month, nature, balance summed, 0 booked FROM citta_fund_summary
                UNION ALL
                SELECT i.citta_fund_line_id, date_trunc('month', i.date)::date, i.citta_nature, 0, i.balance FROM account_move_line i
                  JOIN citta_fund_line l ON l.id = i.citta_fund_line_id JOIN citta_fund f ON f.id = l.fund_id
                 WHERE i.id <= f.summary_mark AND i.parent_state = 'posted'
               ) both_sides JOIN citta_fund_line l ON l.id = line JOIN citta_fund f ON f.id = l.fund_id
               WHERE f.company_id = %s AND f.summary_mark > 0 GROUP BY f.id, l.id, month, nature HAVING sum(summed) <> sum(booked)""",
            company.id,
        ))

    def _check_counts_equal_gifts(self, company):
        return self._find(SQL(
            """SELECT f.name, month, sum(counted), sum(there) FROM (
                SELECT fund_id fund, month, gifts counted, 0 there FROM citta_fund_count
                UNION ALL
                SELECT f.id, date_trunc('month', d.date_received)::date, 0, 1 FROM citta_donation d
                  JOIN citta_fund f ON f.id = d.fund_id AND d.id <= f.count_mark WHERE d.state IN %s
               ) both_sides JOIN citta_fund f ON f.id = fund WHERE f.company_id = %s AND f.count_mark > 0
               GROUP BY f.id, month HAVING sum(counted) <> sum(there)""",
            STANDING, company.id,
        ))

    def _check_gifts_equal_ledger(self, company):
        gifts = SQL("(SELECT coalesce(sum(d.amount), 0) FROM citta_donation d WHERE d.fund_id = f.id AND d.state IN %s)", STANDING)
        matches = SQL("(SELECT coalesce(sum(e.amount), 0) FROM citta_match_entry e WHERE e.fund_id = f.id AND e.reversal_move_id IS NULL)")
        return self._find_unbooked(company, gifts, ("gift", "refund")) + self._find_unbooked(company, matches, ("match",))

    def _find_unbooked(self, company, recorded, natures):
        """Funds whose records, summed by a sub-select on fund ``f``, differ from their posted items of these natures."""
        return self._find(SQL(
            "SELECT f.name, s.recorded, s.booked FROM citta_fund f CROSS JOIN LATERAL (SELECT %s recorded, ("
            "SELECT coalesce(-sum(i.balance), 0) FROM account_move_line i JOIN citta_fund_line l ON l.id = i.citta_fund_line_id"
            " WHERE l.fund_id = f.id AND i.parent_state = 'posted' AND i.citta_nature IN %s) booked) s"
            " WHERE f.company_id = %s AND s.recorded <> s.booked", recorded, natures, company.id,
        ))

    def _check_entries_balanced(self, company):
        return self._find(SQL(
            "SELECT m.name, sum(i.balance) FROM account_move m JOIN account_move_line i ON i.move_id = m.id WHERE m.company_id = %s"
            " AND EXISTS (SELECT 1 FROM account_move_line f WHERE f.move_id = m.id AND f.citta_fund_line_id IS NOT NULL)"
            " GROUP BY m.id HAVING sum(i.balance) <> 0", company.id,
        ))

    def _check_receipt_gapless(self, company):
        return self._find(SQL(
            "SELECT r.year, count(*), max(r.number), c.used FROM citta_receipt r LEFT JOIN citta_claim c ON c.res_model = 'res.company'"
            " AND c.res_id = r.company_id AND c.kind = 'receipt-' || r.year WHERE r.company_id = %s GROUP BY r.year, c.used"
            " HAVING count(*) <> max(r.number) OR min(r.number) <> 1 OR max(r.number) <> c.used", company.id,
        ))

    def _check_receipt_pdf_frozen(self, company):
        found = []
        for receipt in self.env["citta.receipt"].search([("company_id", "=", company.id), ("attachment_id", "!=", False)]):
            # sudo: the file is read to be compared, and not shown
            paper = receipt.sudo().attachment_id
            if hashlib.sha256(paper.raw or b"").hexdigest() != receipt.pdf_sha256:
                found.append(receipt.name)
            # one file at a time in memory, whatever the number of receipts
            paper.invalidate_recordset(["raw"])
        return found

    def _check_receipt_has_money(self, company):
        return self._find(SQL(
            "SELECT r.name, d.name FROM citta_receipt_line p JOIN citta_receipt r ON r.id = p.receipt_id"
            " JOIN citta_donation d ON d.id = p.donation_id LEFT JOIN citta_donation_sheet s ON s.id = d.sheet_id"
            " LEFT JOIN account_bank_statement_line b ON b.id = coalesce(d.statement_line_id, s.statement_line_id)"
            " LEFT JOIN payment_transaction t ON t.id = d.payment_transaction_id LEFT JOIN account_move m ON m.id = d.move_id"
            " WHERE r.company_id = %s AND r.state = 'issued' AND (d.refund_move_id IS NOT NULL OR d.date_undone IS NOT NULL OR p.amount <> d.amount"
            " OR CASE WHEN r.is_in_kind THEN d.means <> 'in_kind' OR d.date_accepted IS NULL"
            " ELSE d.is_traceable IS NOT TRUE OR m.state IS DISTINCT FROM 'posted' OR b.is_reconciled IS NOT TRUE AND t.state IS DISTINCT FROM 'done'"
            " OR d.sheet_id IS NULL AND d.rest_of_id IS NULL AND coalesce(b.amount, t.amount) <> p.amount END)", company.id,
        ))

    def _check_free_not_negative(self, company):
        funds = self.env["citta.fund"].with_context(active_test=False).search([("company_id", "=", company.id)])
        figures = funds._get_figures()
        return [f"{fund.name}: {figures[fund.id]['free']}" for fund in funds if fund.currency_id.compare_amounts(figures[fund.id]["free"], 0) < 0]

    def _check_one_gift_per_line(self, company):
        return self._find(SQL(
            "SELECT statement_line_id, payment_transaction_id, count(*) FROM citta_donation WHERE company_id = %s AND date_undone IS NULL"
            " AND (payment_transaction_id IS NULL OR refund_move_id IS NULL)"
            " AND coalesce(statement_line_id, payment_transaction_id) IS NOT NULL"
            " GROUP BY statement_line_id, payment_transaction_id HAVING count(*) > 1", company.id,
        ))

    # -- tools ---------------------------------------------------------------

    def _find(self, query):
        """Rows that break an invariant, as text."""
        return [" / ".join(str(value) for value in row) for row in self.env.execute_query(query)]
