"""What the fund's work costs: numbers of SQL statements and ratios, measured in one run on a copy of the demo and rolled back.

``./citta bench fund``. Figures depend on nothing but the code: statements are counted, times are given as ratios of two of the
same run. ``CITTA_BENCH_ITEMS`` sets how many journal items the transparency page is measured with (100,000 unless told).
"""
import logging
import os
import sys
import time

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tools import config

FEW, MANY = 20, 80
ITEMS = int(os.environ.get("CITTA_BENCH_ITEMS", "100000"))


class Bench:
    """One measured transaction on a fund of its own."""

    def __init__(self, env):
        self.env = env(context={"tracking_disable": True})
        self.rows = []
        company = self.env.ref("base.main_company")
        bank = self.env["account.journal"].create({"name": "Bench", "code": "BENCH", "type": "bank", "company_id": company.id})
        books = self.env["account.journal"].create({"name": "Bench books", "code": "BENCB", "type": "general", "company_id": company.id})
        self.fund = self.env["citta.fund"].create({
            "name": "Bench", "code": "bench", "company_id": company.id, "bank_journal_id": bank.id, "journal_id": books.id,
            "line_ids": [Command.create({"name": "Bench", "code": "bench"})],
        })
        self.sponsor = self.env["res.partner"].create({"name": "Bench sponsor (demo)", "is_company": True})
        self.rule = self.env["citta.match.rule"].create({
            "name": "Bench", "fund_id": self.fund.id, "sponsor_id": self.sponsor.id, "ceiling_pot": 1000000,
        })
        self.provider = self.make_provider(bank)

    def make_provider(self, bank):
        """A provider that needs nobody outside."""
        provider = self.env["payment.provider"].create({"name": "Bench", "code": "none", "state": "test", "company_id": self.fund.company_id.id})
        method = self.env["account.payment.method"].search([("code", "=", "manual"), ("payment_type", "=", "inbound")], limit=1)
        line = self.env["account.payment.method.line"].create({"name": "Bench", "journal_id": bank.id, "payment_method_id": method.id})
        line.payment_account_id = self.env["account.payment"].new({"company_id": self.fund.company_id.id})._get_outstanding_account("inbound")
        line.payment_provider_id = provider
        provider.invalidate_recordset()
        return provider

    def donors(self, count):
        """Contacts who may have a receipt."""
        return self.env["res.partner"].create([
            {"name": f"Bench donor {place} (demo)", "is_company": True, "vat": "IT99999990031"} for place in range(count)
        ])

    def pledges(self, donors, **vals):
        """An open pledge of each."""
        return self.env["citta.pledge"].create([
            {"fund_id": self.fund.id, "partner_id": donor.id, "amount": 10 + place % 90, **vals} for place, donor in enumerate(donors)
        ])

    def lines(self, pledges):
        """Bank lines that answer pledges."""
        return self.env["account.bank.statement.line"].create([
            {"journal_id": self.fund.bank_journal_id.id, "amount": pledge.amount, "payment_ref": f"gift {pledge.reference}", "partner_name": pledge.partner_id.name}
            for pledge in pledges
        ])

    def transactions(self, pledges, ours=True):
        """Online payments that wait for their notice."""
        method = self.env.ref("payment.payment_method_unknown")
        return self.env["payment.transaction"].create([{
            "provider_id": self.provider.id, "payment_method_id": method.id, "amount": pledge.amount, "currency_id": pledge.currency_id.id,
            "partner_id": pledge.partner_id.id, "reference": f"{pledge.reference}-{ours}", "operation": "online_direct",
            "citta_pledge_id": ours and pledge.id,
        } for pledge in pledges])

    def measure(self, function, *arguments):
        """Statements and seconds of a call, with nothing in the cache before and nothing pending after it."""
        self.env.flush_all()
        self.env.invalidate_all()
        before, start = self.env.cr.sql_log_count, time.perf_counter()
        function(*arguments)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, time.perf_counter() - start

    def say(self, what, value, goal=""):
        """One line of the report."""
        print(f"  {what:<72} {value:>12}  {goal}", flush=True)

    # -- what is measured ----------------------------------------------------

    def online(self):
        """From the provider's notice to the posted gift, match and receipt number, one by one; core alone beside it."""
        def confirm(transactions):
            for transaction in transactions:
                transaction._set_done()
                transaction._post_process()
                self.env.flush_all()
        donors = self.donors(24)
        pledges = self.pledges(donors, wants_receipt=True)
        for ours, label, goal in ((False, "online payment, core alone: SQL each", "(60)"), (True, "online gift with match and receipt: SQL each", "<= 75")):
            transactions = self.transactions(pledges, ours)
            confirm(transactions[:4])
            count, _seconds = self.measure(confirm, transactions[4:])
            self.say(label, round(count / 20, 1), goal)

    def statement(self):
        """Import, recognition and posting of a statement; the cost of a line must not depend on their number."""
        took = {}
        for count in (FEW, MANY):
            pledges = self.pledges(self.donors(count), wants_receipt=False)
            lines = self.env["account.bank.statement.line"]
            made, _seconds = self.measure(lambda pledges=pledges: self.lines(pledges))
            lines = lines.search([("journal_id", "=", self.fund.bank_journal_id.id), ("is_reconciled", "=", False)])
            seen, seconds = self.measure(lambda lines=lines: lines.mapped("citta_certainty"))
            posted, _seconds = self.measure(lines.action_citta_post_gift)
            took[count] = seconds / count
            self.say(f"statement of {count}: SQL for each line imported (core)", round(made / count, 1), "(14)")
            self.say(f"statement of {count}: SQL for each line recognised", round(seen / count, 2), "<= 1.5")
            self.say(f"statement of {count}: SQL for each line posted, with match", round(posted / count, 1))
        self.say(f"recognition of a line, {MANY} against {FEW} lines and pledges: time", f"{took[MANY] / took[FEW]:.1f}x")

    def receipts(self):
        """A year's receipts, numbered."""
        gifts = self.env["citta.donation"].search([("fund_id", "=", self.fund.id), ("state", "=", "posted")])
        gifts.write({"wants_receipt": True})
        run = self.env["citta.receipt.run"].create({"company_id": self.fund.company_id.id, "year": fields.Date.today().year})
        run.action_queue()
        count, _seconds = self.measure(run._step, 200)
        self.say(f"{run.receipt_count} yearly receipts numbered: SQL each", round(count / max(run.receipt_count, 1), 2), "<= 5")

    def page(self):
        """The transparency page with few and with many journal items."""
        few, quick = self.measure(self.fund._get_public_values)
        self.many_items()
        self.env.cr.execute("ANALYZE account_move_line")
        many, slow = self.measure(self.fund._get_public_values)
        self.env["citta.fund.summary"]._build(self.fund)
        self.env["citta.fund.summary"].flush_model()
        summed, fast = self.measure(self.fund._get_public_values)
        self.say("transparency page: SQL with few items", few, "<= 15")
        self.say(f"transparency page: SQL with {ITEMS} items", f"{many} / {summed}", "<= 15")
        self.say(f"transparency page: time with {ITEMS} items, from the ledger", f"{slow / quick:.1f}x")
        self.say(f"transparency page: time with {ITEMS} items, from the summaries", f"{fast / quick:.1f}x", "<= 1.5x")

    def many_items(self):
        """Copies of one posted item, made two hours ago."""
        item = self.env["account.move.line"].search([("citta_fund_line_id", "in", self.fund.line_ids.ids), ("parent_state", "=", "posted")], limit=1)
        self.env.cr.execute("SELECT attname FROM pg_attribute WHERE attrelid = 'account_move_line'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''")
        names = [name for (name,) in self.env.cr.fetchall() if name not in ("id", "create_date", "date")]
        columns = ", ".join(f'"{name}"' for name in names)
        self.env.cr.execute(
            f"INSERT INTO account_move_line (create_date, date, {columns}) SELECT now() - interval '2 hours', date - (n %% 700), {columns}"
            " FROM account_move_line, generate_series(1, %s) n WHERE id = %s", (ITEMS, item.id),
        )
        self.env.cr.execute("UPDATE account_move_line SET create_date = now() - interval '2 hours' WHERE citta_fund_line_id IN %s", (tuple(self.fund.line_ids.ids),))
        self.env.invalidate_all()


def main():
    config.parse_config(["-c", os.environ["CITTA_ODOO_CONF"], "-d", os.environ["CITTA_DB"]], setup_logging=False)
    logging.disable(logging.WARNING)
    with Registry(os.environ["CITTA_DB"]).cursor() as cr:
        bench = Bench(api.Environment(cr, SUPERUSER_ID, {}))
        for part in (bench.online, bench.statement, bench.receipts, bench.page):
            part()
        cr.rollback()
    return 0


if __name__ == "__main__":
    sys.exit(main())
