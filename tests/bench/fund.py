"""What the fund's work costs: numbers of SQL statements and ratios, measured in one run on a copy of the demo that is thrown away.

``./citta bench fund``. Figures depend on nothing but the code: statements are counted, times are given as ratios of two of the
same run, and are the processor's. What a figure starts from is committed and vacuumed, as rows of every day are: without it
the database plans for the tables as they were before. ``CITTA_BENCH_LINES`` sets the lengths of the statements (1000,4000 unless
told), ``CITTA_BENCH_PLEDGES`` how many pledges are open when one is read (twice as many as the longest has lines),
``CITTA_BENCH_GIFTS`` how many gifts are recorded in bulk (400), ``CITTA_BENCH_ITEMS`` how many journal items the transparency
page is measured with (100,000).
"""
import base64
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path

import _statement
from _database import Clock, tidy

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tools import config

LINES = [int(count) for count in os.environ.get("CITTA_BENCH_LINES", "1000,4000").split(",")]
PLEDGES = int(os.environ.get("CITTA_BENCH_PLEDGES") or 2 * max(LINES))
GIFTS = int(os.environ.get("CITTA_BENCH_GIFTS", "400"))
ITEMS = int(os.environ.get("CITTA_BENCH_ITEMS", "100000"))
DAYS = 25  # of a month on which transfers come
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}  # while things are set up
LOOKS = 20  # at the page, so that its time can be told
PAGE = 80  # lines of a list that are looked at together
# What a gift leaves in the books, without the keys that may stand there once only.
RAW = {"account_move_line": (), "citta_donation": ("statement_line_id", "payment_transaction_id"), "citta_donation_line": ()}


class Bench:
    """A fund of its own, with its journals, sponsor and provider."""

    def __init__(self, env):
        self.env = env(context={"tracking_disable": True})
        self.seconds = Clock(env.cr)
        company = self.env.ref("base.main_company")
        bank = self.env["account.journal"].create({"name": "Bench", "code": "BENCH", "type": "bank", "company_id": company.id})
        cash = self.env["account.journal"].create({"name": "Bench cash", "code": "BENCC", "type": "cash", "company_id": company.id})
        books = self.env["account.journal"].create({"name": "Bench books", "code": "BENCB", "type": "general", "company_id": company.id})
        self.fund = self.env["citta.fund"].create({
            "name": "Bench", "code": "bench", "company_id": company.id, "bank_journal_id": bank.id, "cash_journal_id": cash.id, "journal_id": books.id,
            "line_ids": [Command.create({"name": "Bench", "code": "bench"})],
        })
        self.sponsor = self.env["res.partner"].create({"name": "Bench sponsor (demo)", "is_company": True})
        self.rule = self.env["citta.match.rule"].create({
            "name": "Bench", "fund_id": self.fund.id, "sponsor_id": self.sponsor.id, "ceiling_pot": 1000000,
        })
        self.provider = self.make_provider(bank)
        bank.bank_account_id = self.env["res.partner.bank"].search([("sanitized_acc_number", "=", _statement.IBAN)], limit=1) or self.env["res.partner.bank"].create({
            "acc_number": _statement.IBAN, "partner_id": company.partner_id.id,
        })
        self.env["account.journal"].search([("bank_account_id", "=", bank.bank_account_id.id), ("id", "!=", bank.id)]).bank_account_id = False
        # from here on as in a user's request: with all that is tracked and logged
        self.env = env(context={})
        for name in ("fund", "sponsor", "rule", "provider"):
            setattr(self, name, getattr(self, name).with_env(self.env))

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
        return self.env["res.partner"].with_context(**QUIET).create([
            {"name": f"Bench donor {place} (demo)", "is_company": True, "vat": "IT99999990031"} for place in range(count)
        ]).with_env(self.env)

    def pledges(self, donors, **vals):
        """An open pledge of each."""
        return self.env["citta.pledge"].with_context(**QUIET).create([
            {"fund_id": self.fund.id, "partner_id": donor.id, "amount": 10 + place % 90, **vals} for place, donor in enumerate(donors)
        ]).with_env(self.env)

    def read_statement(self, pledges):
        """The waiting lines of a statement's file that answers pledges, read as the treasurer does."""
        first = fields.Date.today().replace(day=1) - timedelta(days=31)
        transfers = [(pledge.amount, pledge.partner_id.name, f"{pledge.reference} gift") for pledge in pledges]
        content = _statement.statement(len(pledges), transfers, [first + timedelta(days=place) for place in range(DAYS)])
        self.env["account.statement.import"].create({"statement_file": base64.b64encode(content), "statement_filename": "statement.xml"}).import_file_button()

    def waiting(self):
        """Lines that nothing has been made of yet."""
        lines = self.env["account.bank.statement.line"]
        return lines.search([("journal_id", "=", self.fund.bank_journal_id.id), ("is_reconciled", "=", False)], order="date, id")

    def list_of_gifts(self, count):
        """Payroll giving of a firm: a CSV file and the transfer that brings it."""
        rows = "\n".join(f"Bench giver {place} (demo);10" for place in range(count))
        line = self.env["account.bank.statement.line"].create({"journal_id": self.fund.bank_journal_id.id, "amount": 10 * count, "payment_ref": "payroll"})
        return self.env["citta.donation.sheet"].create({
            "name": "Bench", "fund_id": self.fund.id, "fund_line_id": self.fund.line_ids.id, "statement_line_id": line.id,
            "content": base64.b64encode(f"Nome;Importo\n{rows}\n".encode()),
        })

    def transactions(self, pledges, ours=True):
        """Online payments that wait for their notice."""
        method = self.env.ref("payment.payment_method_unknown")
        return self.env["payment.transaction"].create([{
            "provider_id": self.provider.id, "payment_method_id": method.id, "amount": pledge.amount, "currency_id": pledge.currency_id.id,
            "partner_id": pledge.partner_id.id, "reference": f"{pledge.reference}-{ours}", "operation": "online_direct",
            "citta_pledge_id": ours and pledge.id,
        } for pledge in pledges])

    def measure(self, function, *arguments):
        """Statements and seconds of a call to its commit, with nothing in the cache before and nothing pending after it."""
        self.settle()
        before, start = self.env.cr.sql_log_count, self.seconds()
        function(*arguments)
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before, self.seconds() - start

    def settle(self):
        """Where a transaction would end."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def memory(self):
        """What the process holds, in MB."""
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def raw(self, gifts):
        """Seconds for the same rows put into the same tables and indexes by one statement each."""
        ids = {"account_move_line": gifts.move_id.line_ids.ids, "citta_donation": gifts.ids, "citta_donation_line": gifts.line_ids.ids}
        start = self.seconds()
        for table, once in RAW.items():
            self.copy_rows(table, {"id": None, **dict.fromkeys(once)}, "id IN %s", (tuple(ids[table]),))
        return self.seconds() - start

    def copy_rows(self, table, other, condition, parameters, source=""):
        """Copy rows of a table.

        :param dict other: column → expression; None leaves it out
        :param str source: a further table to take rows from
        """
        self.env.cr.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", (table,))
        same = [name for (name,) in self.env.cr.fetchall() if name not in other]
        columns = {f'"{name}"': f'"{name}"' for name in same} | {name: expression for name, expression in other.items() if expression}
        self.env.cr.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {table}{source} WHERE {condition}", parameters)

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
                self.env.cr.precommit.run()
        donors, found = self.donors(24), {}
        pledges = self.pledges(donors, wants_receipt=True)
        for ours in (False, True):
            transactions = self.transactions(pledges, ours)
            confirm(transactions[:4])
            found[ours], _seconds = self.measure(confirm, transactions[4:])
        self.say("online payment, core alone: SQL each", round(found[False] / 20, 1), "(60)")
        self.say("online gift with match and receipt: SQL each", round(found[True] / 20, 1), "<= 75")
        self.say("online gift with match and receipt, against core alone: SQL", f"{found[True] / found[False]:.2f}x", "<= 1.25x (75 : 60)")

    def bulk(self):
        """Many gifts at a time: in cash with an entry each, and a list that came in one transfer."""
        vals = [{"fund_id": self.fund.id, "partner_id": donor.id, "amount": 10, "means": "cash"} for donor in self.donors(GIFTS)]
        gifts = self.env["citta.donation"].create(vals)
        count, _seconds = self.measure(gifts.action_post)
        self.say(f"{GIFTS} gifts in cash, an entry for each, matched: SQL each", round(count / GIFTS, 2), "<= 12")
        sheet = self.list_of_gifts(GIFTS)
        count, _seconds = self.measure(sheet.action_read)
        self.say(f"a list of {GIFTS} gifts, read with their donors: SQL each", round(count / GIFTS, 2), "<= 1.5")
        count, _seconds = self.measure(sheet.action_post)
        self.say(f"a list of {GIFTS} gifts, one entry, matched: SQL each", round(count / GIFTS, 2), "<= 1.5")
        self.rule.active = False
        sheet = self.list_of_gifts(GIFTS)
        sheet.action_read()
        count, seconds = self.measure(sheet.action_post)
        self.rule.active = True
        self.say(f"a list of {GIFTS} gifts, one entry, without match: SQL each", round(count / GIFTS, 2), "<= 1.5 (1.15)")
        self.say("its time against the same rows put in by hand", f"{seconds / self.raw(sheet.donation_ids):.0f}x", "(11-19x)")

    def statement(self):
        """A statement from the file to posted gifts with their matches; a line must cost the same in a long one."""
        took, held = {}, {}
        for count in LINES:
            pledges = self.pledges(self.donors(count), wants_receipt=False)
            self.promise_more()
            tidy(self.env)
            before = self.memory()
            read, reading = self.measure(self.read_statement, pledges)
            tidy(self.env)
            lines = self.waiting()
            seen, seeing = self.measure(lambda lines=lines: [page.mapped("citta_certainty") for page in self.pages(lines)])
            first, asking = self.measure(lines.browse().action_citta_post_certain)
            later, working = self.measure(self.work_off)
            took[count] = {"read from the file": reading / count, "looked at": seeing / count, "posted with its match": (asking + working) / count}
            took[count]["in all"] = sum(took[count].values())
            held[count] = self.memory() - before
            self.say(f"statement of {count}: SQL for each line read from the file", round(read / count, 2), "(14 are core's)")
            self.say(f"statement of {count}: SQL for each line looked at, {PAGE} to a page", round(seen / count, 2))
            self.say(f"statement of {count}: SQL for each line recognised, posted and matched", round((first + later) / count, 2), "<= 1.5")
            self.say(f"statement of {count}: SQL for each line in all", round((read + first + later) / count, 2), "<= 16")
            self.say(f"statement of {count}: lines left", len(self.waiting()), "0")
        for what in took[LINES[0]]:
            self.say(f"a line {what}, in {LINES[-1]} against {LINES[0]}: time", f"{took[LINES[-1]][what] / took[LINES[0]][what]:.2f}x", "<= 1.1x")
        self.say(f"memory taken by {LINES[-1]} lines, more than by {LINES[0]}", f"{held[LINES[-1]] - held[LINES[0]]:.0f} MB")

    def promise_more(self):
        """As many open pledges as are wanted, of a thousand donors."""
        missing = PLEDGES - self.env["citta.pledge"].search_count([("fund_id", "=", self.fund.id), ("state", "=", "open")])
        donors = self.donors(min(1000, missing)) if missing > 0 else self.env["res.partner"]
        for start in range(0, missing, 1000):
            self.pledges(donors[:missing - start], wants_receipt=False)

    def pages(self, lines):
        """Lines as a list shows them, each page a request of its own."""
        for start in range(0, len(lines), PAGE):
            self.env.invalidate_all()
            yield lines.browse(lines.ids[start:start + PAGE])

    def work_off(self):
        """The scheduled job, which commits after each step."""
        while self.env["account.bank.statement.line"]._citta_work_queue():
            self.settle()

    def receipts(self):
        """A year's receipts, numbered."""
        gifts = self.env["citta.donation"].search([("fund_id", "=", self.fund.id), ("state", "=", "posted")])
        gifts.write({"wants_receipt": True})
        run = self.env["citta.receipt.run"].create({"company_id": self.fund.company_id.id, "year": fields.Date.today().year})
        run.action_queue()
        count, _seconds = self.measure(self.issue, run)
        self.say(f"{run.receipt_count} yearly receipts numbered: SQL each", round(count / max(run.receipt_count, 1), 2), "<= 5")
        self.say("PDFs among them, which follow in the background", run.paper_count, "0")

    def issue(self, run):
        """The scheduled job, which commits after each step."""
        while run._step():
            self.settle()

    def page(self):
        """The transparency page while there is little behind it."""
        tidy(self.env)
        self.few, self.quick = self.show()
        self.say(f"transparency page: SQL with {self.items()} journal items", self.few, "<= 15")

    def full_page(self):
        """The same page at the end, with all gifts and with many journal items more."""
        self.many_items()
        tidy(self.env)
        many, slow = self.show()
        self.env["citta.fund.summary"]._build(self.fund)
        tidy(self.env)
        summed, fast = self.show()
        self.say(f"transparency page: SQL with {self.items()} journal items", f"{many} / {summed}", "<= 15")
        self.say("transparency page: its time against the first, from the ledger", f"{slow / self.quick:.1f}x")
        self.say("transparency page: its time against the first, from the summaries", f"{fast / self.quick:.1f}x", "<= 1.5x")

    def items(self):
        """How many journal items the fund has."""
        return self.env["account.move.line"].search_count([("citta_fund_line_id", "in", self.fund.line_ids.ids)])

    def show(self):
        """Statements of one look at the page, and seconds of several."""
        count, _seconds = self.measure(self.fund._get_public_values)
        start = self.seconds()
        for _look in range(LOOKS):
            self.env.invalidate_all()
            self.fund._get_public_values()
        return count, self.seconds() - start

    def many_items(self):
        """Copies of one posted item, made two hours ago."""
        item = self.env["account.move.line"].search([("citta_fund_line_id", "in", self.fund.line_ids.ids), ("parent_state", "=", "posted")], limit=1)
        earlier = {"id": None, "create_date": "now() - interval '2 hours'", "date": "date - (n %% 700)"}
        self.copy_rows("account_move_line", earlier, "id = %s", (ITEMS, item.id), source=", generate_series(1, %s) n")
        self.env.cr.execute("UPDATE account_move_line SET create_date = now() - interval '2 hours' WHERE citta_fund_line_id IN %s", (tuple(self.fund.line_ids.ids),))
        self.env.invalidate_all()


def main():
    config.parse_config(["-c", os.environ["CITTA_ODOO_CONF"], "-d", os.environ["CITTA_DB"]], setup_logging=False)
    logging.disable(logging.WARNING)
    with Registry(os.environ["CITTA_DB"]).cursor() as cr:
        bench = Bench(api.Environment(cr, SUPERUSER_ID, {}))
        for part in (bench.online, bench.page, bench.bulk, bench.statement, bench.receipts, bench.full_page):
            part()
    return 0


if __name__ == "__main__":
    sys.exit(main())
