from pathlib import Path

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.people.intake_import_mixin import PORTION
from .test_people_intake import RIGHT_CODE, IntakeCase

LIST = Path(__file__).parents[1] / "import" / "people" / "primi_contatti_400.csv"
# as the import screen sends them: nothing is told but the header
OPTIONS = {"quoting": '"', "separator": "", "encoding": "", "has_headers": True, "date_format": "", "datetime_format": "", "limit": 100}
COUNTS = (315, 77, 8)  # taken, taken but to check, refused
HEADER = "Nome e cognome;Comune;Telefono;E-mail;Codice fiscale;Data contatto;Consenso firmato;Note\n"


@tagged("post_install", "-at_install")
class TestPeopleIntakeImport(IntakeCase):
    def _import(self, content, user=None, dryrun=False, name="list.csv", **options):
        """Run Odoo's own import as its screen does: preview, mapping as proposed, execution."""
        content = content.encode() if isinstance(content, str) else content
        wizard = self.env["base_import.import"].with_user(user or self.operator).create({
            "res_model": "crm.lead", "file": content, "file_name": name, "file_type": "text/csv",
        })
        preview = wizard.parse_preview({**OPTIONS, **options})
        self.assertNotIn("error", preview, preview.get("error"))
        columns = [header.lower() for header in preview["headers"]]
        matched = {int(index): "/".join(path) for index, path in preview["matches"].items()}
        fields = [matched.get(index, False) for index in range(len(columns))]
        self.assertNotIn(False, fields, "every header of the list is known")
        # only now does the screen send the context of the pipeline
        intake = wizard.with_context(default_team_id=self.team.id)
        return intake.execute_import(fields, columns, {**OPTIONS, **options}, dryrun=dryrun)

    def _batch(self):
        return self.env["citta.intake.import"].search([], limit=1)

    def _rows(self, *rows):
        return self._import(HEADER + "\n".join(rows) + "\n")

    def test_400_real_shaped_contacts(self):
        for name in ("Pioltello", "Segrate", "Vimodrone", "Rodano"):
            self.env["res.city"].search([("name", "=", name)]).citta_territory_id = self.east
        before = self.env["crm.lead"].search_count([])
        result = self._import(LIST.read_bytes(), name="primi_contatti_400.csv")
        self.assertFalse(result["messages"])
        batch = self._batch()
        counts = batch.taken_count, batch.doubtful_count, batch.refused_count
        self.assertEqual(counts, COUNTS)
        self.assertEqual((sum(counts), len(batch.line_ids)), (400, 400))
        self.assertEqual(self.env["crm.lead"].search_count([]) - before, 400 - batch.refused_count)
        leads = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(set(leads.mapped("citta_source")), {"import"})
        self.assertFalse(leads.user_id | leads.citta_body_id.user_id, "imported contacts are free to take")
        self.assertEqual(leads.citta_territory_id, self.east)
        self.assertEqual(leads.filtered("citta_doubt"), batch.line_ids.filtered(lambda line: line.outcome == "doubtful").lead_id)
        self.assertTrue(all(batch.line_ids.filtered(lambda line: line.outcome != "taken").mapped("reasons")))
        self.assertEqual(leads.filtered("citta_consent_proof"), leads.filtered("citta_has_consent"))
        self.assertEqual((batch.name, batch.user_id), ("primi_contatti_400.csv", self.operator))

    def test_a_test_run_tells_the_same_and_leaves_nothing(self):
        before = self.env["crm.lead"].search_count([]), self.env["citta.intake.import"].search_count([])
        result = self._import(HEADER + "Anna Esempio;Esempio Est;333 1234567;;;;;\n;;;;;;;senza nome\n", dryrun=True)
        self.assertIn("1 taken, 0 taken but to check, 1 refused", result["messages"][0]["message"])
        self.assertEqual(result["messages"][0]["type"], "info")
        after = self.env["crm.lead"].search_count([]), self.env["citta.intake.import"].search_count([])
        self.assertEqual(before, after)

    def test_what_is_doubtful_and_why(self):
        self.of_a.phone = "333 0000001"
        self._rows(
            "Anna Uno;Esempio Est;333 0000001;;;;;",
            f"Bice Due;esempio EST (MI);333 0000002;;{RIGHT_CODE};02/03/2026;Form 1;ok",
            f"Bice 2;Esempio Est;;bice@esempio.example;{RIGHT_CODE.lower()};;;",
            "Carla Tre;Esempio Est;;;;;;",
            "Dina Quattro;Altrove;333 0000004;;;;;",
            "Elsa Cinque;;333 0000005;;RCCMNL83S18D969X;31/02/2026;;",
            "Fede Sei;Esempio Est;ask;no mail;;;;",
            " ;Esempio Est;333 0000006;;;;;",
        )
        lines = self._batch().line_ids
        self.assertEqual(lines.mapped("outcome"), ["doubtful", "taken"] + ["doubtful"] * 5 + ["refused"])
        self.assertEqual(lines.mapped("row"), list(range(2, 10)))
        words = ["somebody known", "", "fiscal code as row 3", "No way to reach", "no municipality of the territory", "no date", "no e-mail", "No name"]
        for line, word in zip(lines, words, strict=True):
            self.assertIn(word, line.reasons or "")
        self.assertIn("slip", lines[5].reasons)
        self.assertIn("“ask” is no telephone number", lines[6].lead_id.citta_doubt_reason)
        for own_words in ("ask", "RCCMNL", "no mail"):
            self.assertNotIn(own_words, " ".join(filter(None, lines.mapped("reasons"))), "the report holds no personal data")
        self.assertFalse(lines[5].lead_id.citta_fiscal_code)
        good = lines[1].lead_id
        self.assertEqual((good.citta_city_id, good.citta_programme_id), (self.city, self.programme))
        self.assertEqual(good.citta_consent_ids.channel, "import")
        self.assertEqual(good.citta_date_received.date().isoformat(), "2026-03-02")
        self.assertEqual(lines.lead_id.filtered("citta_duplicate_doubt"), lines[0].lead_id | lines[2].lead_id)

    def test_doubts_are_filtered_and_cleared(self):
        self._rows("Carla Tre;Esempio Est;;;;;;")
        lead = self._batch().line_ids.lead_id
        self.assertTrue(lead.citta_doubt)
        lead.with_user(self.operator).action_intake_checked()
        self.assertFalse(lead.citta_doubt)
        self.assertIn("No way to reach", lead.message_ids[0].body)

    def test_html_and_formulas_stay_text(self):
        self._rows("<b>Anna</b> Esempio;Esempio Est;333 1234567;;;;;<script>alert(1)</script> =1+1")
        lead = self._batch().line_ids.lead_id
        self.assertIn("&lt;script&gt;", lead.description)
        self.assertEqual(lead.contact_name, "<b>Anna</b> Esempio")

    def test_ragged_rows(self):
        self._rows("Anna Esempio;Esempio Est;333 1234567", "", "  Bruno   Esempio ;Esempio Est;333 7654321;;;;;")
        self.assertEqual(self._batch().line_ids.lead_id.mapped("contact_name"), ["Anna Esempio", "Bruno Esempio"])

    def test_a_malformed_file_imports_nothing(self):
        before = self.env["crm.lead"].search_count([])
        row = "Anna Esempio;Esempio Est;333 1234567;;;;;\n"
        slipped = HEADER + row + "Bruno;Esempio Est;333 7654321;;;;;note;with;separators\n"
        fields = ["contact_name", "citta_city_id", "phone", "email_from", "citta_fiscal_code", "citta_date_received",
                  "citta_consent_proof", "description"]
        model = self.env["base_import.import"].with_user(self.operator).with_context(default_team_id=self.team.id)
        for content, word in ((slipped.encode(), "Row 3 has more cells"), (b"", "empty"), (b"\xff\xfe\x00binary", "")):
            broken = model.create({"res_model": "crm.lead", "file": content, "file_name": "x.csv", "file_type": "text/csv"})
            result = broken.execute_import(fields, fields, dict(OPTIONS))
            self.assertFalse(result.get("ids"))
            self.assertIn(word, result["messages"][0]["message"])
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        self.assertFalse(self._batch())

    def test_columns_that_are_not_ours_are_refused(self):
        model = self.env["crm.lead"].with_user(self.operator).with_context(import_file=True, default_team_id=self.team.id)
        for fields in (["contact_name", "user_id"], ["contact_name", "citta_body_id/id"], ["phone"], ["contact_name", "id"]):
            result = model.load(fields, [["x"] * len(fields)])
            self.assertFalse(result["ids"])
            self.assertEqual(result["messages"][0]["type"], "error")

    def test_the_same_file_is_imported_once(self):
        content = HEADER + "Anna Esempio;Esempio Est;333 1234567;;;;;\n"
        self._import(content)
        before = self.env["crm.lead"].search_count([])
        result = self._import(content, user=self.coordinator)
        self.assertIn("already", result["messages"][0]["message"])
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def long_list(self, count):
        return HEADER + "\n".join(f"Nome {n};Esempio Est;333 {n:07d};;;;;" for n in range(count)) + "\n"

    def test_a_long_list_comes_in_portions_each_row_once(self):
        content = self.long_list(PORTION + 3)
        result = self._import(content)
        batch = self._batch()
        self.assertEqual((result["nextrow"], len(result["ids"]), batch.next_row), (PORTION, PORTION, PORTION + 2))
        self.assertIn(f"goes on at row {PORTION + 2}", batch._summary())
        rest = self._import(content, skip=result["nextrow"])
        self.assertEqual((rest["nextrow"], len(rest["ids"])), (0, 3))
        self.assertEqual((self._batch(), batch.next_row, batch.taken_count), (batch, 0, PORTION + 3))
        self.assertEqual(batch.line_ids.mapped("row"), list(range(2, PORTION + 5)))
        self.assertIn("already", self._import(content)["messages"][0]["message"])

    def test_a_list_that_was_cut_off_goes_on_when_imported_again(self):
        content = self.long_list(PORTION + 2)
        self._import(content)
        again = self._import(content, user=self.coordinator)
        self.assertEqual((again["nextrow"], len(again["ids"])), (0, 2))
        self.assertEqual((len(self._batch().line_ids), self._batch().next_row), (PORTION + 2, 0))

    def test_one_file_is_not_imported_by_two_at_once(self):
        self._rows("Anna Esempio;Esempio Est;333 1234567;;;;;")
        line = self._batch().line_ids
        for record in (self._batch(), line):
            with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                record.sudo().create(record.sudo().copy_data()[0] | {name: record[name] for name in ("digest", "row") if name in record._fields})

    def test_who_has_no_right_imports_nothing(self):
        with self.assertRaises(AccessError):
            self._import(HEADER + "Anna Esempio;Esempio Est;333 1234567;;;;;\n", user=self.employee)
        self._rows("Anna Esempio;Esempio Ovest;333 1234567;;;;;")
        line = self._batch().line_ids
        self.assertEqual((line.outcome, line.lead_id.citta_territory_id), ("doubtful", self.east), "another territory's town is none of ours")

    def test_reports_are_read_in_scope_and_written_by_nobody(self):
        self._rows("Anna Esempio;Esempio Est;333 1234567;;;;;")
        batch = self._batch()
        self.assertEqual(batch.with_user(self.operator).line_ids.outcome, "taken")
        self.assertEqual(batch.with_user(self.coordinator).taken_count, 1)
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                batch.with_user(user).read(["name"])
        for user in (self.operator, self.coordinator, self.administrator):
            with self.assertRaises(AccessError):
                batch.with_user(user).write({"taken_count": 9})

    def test_other_imports_stay_as_core_has_them(self):
        model = self.env["crm.lead"].with_user(self.administrator).with_context(import_file=True)
        result = model.load(["name"], [["A machine"]])
        self.assertTrue(result["ids"])
        self.assertFalse(self._batch())

    def test_queries_do_not_grow_with_the_rows(self):
        def cost(numbers):
            model = self.env["crm.lead"].with_user(self.operator).with_context(import_file=True, default_team_id=self.team.id)
            data = [
                [f"Nome {n}", "Esempio Est", f"333 {n:07d}", f"n{n}@esempio.example", f"Form {n}", "a note"] for n in numbers
            ]
            columns = ["contact_name", "citta_city_id", "phone", "email_from", "citta_consent_proof", "description"]
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertEqual(len(model.load(columns, data)["ids"]), len(data))
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        cost(range(1000, 1010))
        few, many = cost(range(2000, 2020)), cost(range(3000, 3080))
        self.assertLessEqual(many, few, f"{few} queries for 20 rows, {many} for 80")

