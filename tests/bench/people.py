"""What the cases cost: an operator's board among 10,000 and 1,000,000 pathways, pathways in bulk, a long list of first contacts.

``./citta bench people``, on a copy of the demo programme that is thrown away: what is made is committed and vacuumed, as rows of
every day are. Statements are counted; times are ratios of two of the same run, and are the processor's.
``CITTA_BENCH_PATHWAYS`` and ``CITTA_BENCH_ROWS`` set the larger numbers (1,000,000 and 10,000 unless told).
"""
import io
import logging
import os
import sys
import tracemalloc

from _database import Clock, tidy
from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

FEW = 10000
MANY = int(os.environ.get("CITTA_BENCH_PATHWAYS", "1000000"))
ROWS = int(os.environ.get("CITTA_BENCH_ROWS", "10000"))
TERRITORIES = 600
OWN = 200  # whom the operator's body follows, in the small country as in the large one
ROUNDS, BULK_ROUNDS = 25, 5
PORTION = 2000  # rows that the import screen asks for at a time


class Bench:
    """A country of territories, one body and one programme in each."""

    def __init__(self, env):
        self.env = env(context={"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True})
        self.operator = self.env["res.users"].search([("login", "=", "operatrice")])
        self.sample = self.env["citta.pathway"].search([("body_id", "in", self.operator.citta_body_ids.ids), ("state", "=", "active")], limit=1)
        self.made = 0
        self.seconds = Clock(env.cr)

    def say(self, what, value, goal=""):
        """One line of the report."""
        print(f"  {what:<72} {value:>12}  {goal}", flush=True)

    def found_country(self):
        """The other territories, each with a programme and a body; ids into a table of their own."""
        territories = self.env["citta.territory"].create([{"name": f"Bench {place}", "code": f"BE{place}"} for place in range(TERRITORIES - 1)])
        bodies = self.env["res.partner"].create([{"name": f"Bench body {place}", "is_company": True, "citta_body_kind": "third_sector"} for place in range(TERRITORIES - 1)])
        programmes = self.env["citta.programme"].create([
            {
                "name": f"Bench {place}", "code": f"BE{place}", "territory_id": territory.id, "lead_partner_id": body.id,
                "date_start": self.sample.programme_id.date_start,
            }
            for place, (territory, body) in enumerate(zip(territories, bodies, strict=True))
        ])
        self.env.flush_all()
        self.env.cr.execute("CREATE TEMP TABLE bench_place (n int PRIMARY KEY, territory int, programme int, body int)")
        rows = zip(range(TERRITORIES - 1), territories.ids, programmes.ids, bodies.ids, strict=True)
        self.env.cr.executemany("INSERT INTO bench_place VALUES (%s, %s, %s, %s)", list(rows))
        self.settle(OWN, "SELECT 0 AS n, %s AS territory, %s AS programme, %s AS body" % (
            self.sample.territory_id.id, self.sample.programme_id.id, self.sample.body_id.id,
        ), 1)

    def settle(self, count, places="SELECT * FROM bench_place", number=TERRITORIES - 1):
        """``count`` more persons with a pathway each, spread over the places: copies of one row, other keys."""
        first = self.next_id("res_partner", count)
        self.copy("res_partner", self.sample.partner_id.id, count, {
            "id": f"{first} + x.n", "name": "'Bench ' || x.n", "complete_name": "'Bench ' || x.n", "commercial_partner_id": f"{first} + x.n",
            "citta_body_id": "p.body", "citta_territory_id": "p.territory", "citta_fiscal_code": "NULL", "email": "NULL", "email_normalized": "NULL",
        }, places, number)
        self.copy("citta_pathway", self.sample.id, count, {
            "id": f"{self.next_id('citta_pathway', count)} + x.n", "partner_id": f"{first} + x.n", "territory_id": "p.territory",
            "programme_id": "p.programme", "body_id": "p.body", "lead_id": "NULL", "date_next_contact": "CURRENT_DATE + (x.n % 90)::int",
            "stage_id": "(SELECT array_agg(id) FROM citta_pathway_stage WHERE is_exit IS NOT TRUE)[1 + x.n % (SELECT count(*) FROM citta_pathway_stage WHERE is_exit IS NOT TRUE)]",
        }, places, number)
        self.made += count
        tidy(self.env, "res_partner", "citta_pathway")

    def next_id(self, table, count):
        """Take ``count`` numbers out of the sequence; the first of them."""
        self.env.cr.execute(f"SELECT setval('{table}_id_seq', nextval('{table}_id_seq') + %s) - %s", (count, count))
        return self.env.cr.fetchone()[0]

    def copy(self, table, source, count, changed, places, number):
        """Insert ``count`` copies of a row, with some columns computed from the copy's number x.n and its place p."""
        names = self.columns(table)
        values = ", ".join(changed.get(name) or f't."{name}"' for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        self.env.cr.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, generate_series(0, {count - 1}) AS x(n)"
            f" JOIN ({places}) p ON p.n = x.n % {number} WHERE t.id = {source}",
        )

    def columns(self, table):
        """Names of a table's columns, but for those that the database computes."""
        self.env.cr.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", (table,))
        return [name for (name,) in self.env.cr.fetchall()]

    def board(self):
        """The operator opens the board: statements of one look, and seconds of several."""
        pathways = self.env(user=self.operator.id, context={"lang": "it_IT"})["citta.pathway"]
        card, start = self.card(pathways), self.seconds()
        for _round in range(ROUNDS):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            groups = pathways.web_read_group(
                [("state", "!=", "closed")], ["stage_id"], ["__count"], auto_unfold=True, unfold_read_specification=card,
            )["groups"]
        assert sum(group["__count"] for group in groups) >= OWN, groups
        return self.env.cr.sql_log_count - before, self.seconds() - start

    def card(self, pathways):
        """What the web client asks of each pathway to draw its card."""
        kinds = {"many2one": {"fields": {"display_name": {}}}, "one2many": {"fields": {}}, "many2many": {"fields": {}}}
        shown = {field.get("name") for field in etree.fromstring(pathways.get_view(view_type="kanban")["arch"]).iter("field")}
        return {name: kinds.get(pathways._fields[name].type, {}) for name in shown}

    # -- what is measured ----------------------------------------------------

    def boards(self):
        """The board among few and among many; the operator's own people are as many in both."""
        self.found_country()
        self.settle(FEW - self.made)
        few, quick = self.board()
        self.settle(MANY - self.made)
        many, slow = self.board()
        self.say(f"board of one body among {FEW} pathways in {TERRITORIES} territories: SQL", few, "<= 12")
        self.say(f"board of one body among {MANY} pathways: SQL", many, "<= 12")
        self.say(f"board: time among {MANY} against {FEW}", f"{slow / quick:.2f}x", "<= 1.5x")

    def bulk(self):
        """Pathways in bulk by the ORM, against COPY of the same rows for other persons: the quickest of some rounds of each."""
        orm, raw, counts = [], [], []
        for _round in range(BULK_ROUNDS):
            first = self.persons(2 * ROWS)
            before, start = self.env.cr.sql_log_count, self.seconds()
            pathways = self.env["citta.pathway"].create([
                {"partner_id": first + n, "programme_id": self.sample.programme_id.id, "body_id": self.sample.body_id.id} for n in range(ROWS)
            ])
            self.env.flush_all()
            orm.append(self.seconds() - start)
            counts.append(self.env.cr.sql_log_count - before)
            self.env.cr.commit()
            raw.append(self.raw(pathways))
            # the board that comes next is not theirs
            self.env.cr.execute("DELETE FROM citta_pathway WHERE partner_id >= %s", (first,))
        self.say(f"{ROWS} pathways in bulk: SQL each", round(min(counts) / ROWS, 2))
        self.say(f"{ROWS} pathways in bulk: time against COPY of the same rows", f"{min(orm) / min(raw):.1f}x", "<= 6x")

    def persons(self, count):
        """``count`` contacts whom nobody follows yet; the id of the first."""
        first = self.next_id("res_partner", count)
        place = f"SELECT 0 AS n, {self.sample.territory_id.id} AS territory, {self.sample.body_id.id} AS body"
        self.copy("res_partner", self.sample.partner_id.id, count, {
            "id": f"{first} + x.n", "name": "'Bulk ' || x.n", "complete_name": "'Bulk ' || x.n", "commercial_partner_id": f"{first} + x.n",
            "citta_fiscal_code": "NULL", "email": "NULL", "email_normalized": "NULL", "citta_is_person": "NULL", "citta_body_id": "NULL",
            "citta_territory_id": "NULL",
        }, place, 1)
        tidy(self.env, "res_partner", "citta_pathway")
        return first

    def raw(self, pathways):
        """Seconds of COPY, with every column and index, of the same rows for the persons who come next."""
        names = self.columns("citta_pathway")
        moved = [f"{name} + {ROWS}" if name == "partner_id" else name for name in names if name != "id"]
        rows, copied = io.StringIO(), ", ".join(name for name in names if name != "id")
        cursor = self.env.cr._obj
        cursor.copy_expert(f"COPY (SELECT {', '.join(moved)} FROM citta_pathway WHERE id BETWEEN {min(pathways.ids)} AND {max(pathways.ids)}) TO STDOUT", rows)
        rows.seek(0)
        start = self.seconds()
        cursor.copy_expert(f"COPY citta_pathway ({copied}) FROM STDIN", rows)
        took = self.seconds() - start
        self.env.cr.commit()
        return took

    def intake(self):
        """Lists of first contacts through Odoo's import: memory must not grow with the rows, nor time faster than they."""
        few, quick = self.imported(PORTION)
        many, slow = self.imported(ROWS)
        self.say(f"list of {ROWS} first contacts against {PORTION}: time for each row", f"{slow / quick / ROWS * PORTION:.2f}x", "1x")
        self.say(f"list of {ROWS} first contacts against {PORTION}: memory at the peak", f"{many / few:.2f}x", "1x")

    def imported(self, count):
        """Peak of memory and seconds of one list, in the portions in which the import screen asks for it."""
        lines = ["Nome;Telefono;Comune;Note"] + [f"Prova {n};333{n:07d};Segrate;lista" for n in range(count)]
        team = self.env.ref("citta_lavoro.crm_team_intake")
        importer = self.env(user=self.operator.id, context={"default_team_id": team.id})["base_import.import"].create({
            "res_model": "crm.lead", "file": "\n".join(lines).encode(), "file_name": f"{count}.csv", "file_type": "text/csv",
        })
        self.env.flush_all()
        tracemalloc.start()
        start, skip, there = self.seconds(), 0, 0
        while skip is not None:
            result = importer.execute_import(
                ["contact_name", "phone", "citta_city_id", "description"], ["Nome", "Telefono", "Comune", "Note"],
                {"has_headers": True, "quoting": '"', "separator": ";", "limit": PORTION, "skip": skip},
            )
            there, skip = there + len(result["ids"]), result["nextrow"] or None
            self.env.flush_all()
            self.env.invalidate_all()
        took, peak = self.seconds() - start, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert there == count, result
        return peak, took


def main():
    config.parse_config(["-c", os.environ["CITTA_ODOO_CONF"], "-d", os.environ["CITTA_DB"]], setup_logging=False)
    logging.disable(logging.WARNING)
    with Registry(os.environ["CITTA_DB"]).cursor() as cr:
        bench = Bench(api.Environment(cr, SUPERUSER_ID, {}))
        for part in (bench.intake, bench.bulk, bench.boards):
            part()
    return 0


if __name__ == "__main__":
    sys.exit(main())
