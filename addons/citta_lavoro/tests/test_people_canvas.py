from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon, CasePortalCommon


@tagged("post_install", "-at_install")
class TestCanvas(CaseCommon):
    """Versions, frozen ones, goals out of entries, and who reaches them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.canvas = cls.env["citta.canvas"].create({"pathway_id": cls.pathway.id})
        cls.talent, cls.step = cls.env["citta.canvas.line"].create([
            {"canvas_id": cls.canvas.id, "block": "talent", "text": "Cucinare"},
            {"canvas_id": cls.canvas.id, "block": "next_step", "text": "Provare un giorno in forno"},
        ])

    def next(self, user=None):
        canvas = self.canvas.with_user(user or self.operator)
        action = canvas.action_new_version()
        return canvas.browse(action["res_id"])

    def test_scope(self):
        self.assertScoped(self.canvas, {"filled_by": "person"})
        self.assertScoped(self.talent, {"text": "Preso"})

    def test_entries_carry_the_scope_and_follow_the_pathway(self):
        self.assertEqual((self.talent.pathway_id, self.talent.body_id), (self.pathway, self.body_a))
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        self.pathway.with_user(self.coordinator).body_id = self.body_b
        self.assertEqual((self.talent.body_id, self.canvas.body_id), (self.body_b, self.body_b))

    def test_a_canvas_is_not_put_into_anothers_pathway(self):
        with self.assertRaises(AccessError):
            self.env["citta.canvas"].with_user(self.operator).create({"pathway_id": self.of_b.id})
        theirs = self.env["citta.canvas"].create({"pathway_id": self.of_b.id})
        with self.assertRaises(UserError):
            self.env["citta.canvas.line"].with_user(self.operator).create(
                {"canvas_id": theirs.id, "block": "talent", "text": "X"}
            )

    def test_one_current_canvas_per_pathway(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["citta.canvas"].with_user(self.operator).create({"pathway_id": self.pathway.id})

    def test_version_and_currency_are_not_forged(self):
        forged = self.env["citta.canvas"].with_user(self.coordinator).create(
            {"pathway_id": self.of_b.id, "version": 7, "is_current": False}
        ) if self.of_b.with_user(self.coordinator).has_access("write") else self.canvas
        self.assertEqual((forged.version, forged.is_current), (1, True))
        for values in ({"version": 9}, {"is_current": False}, {"pathway_id": self.of_b.id}):
            with self.assertRaises(AccessError):
                self.canvas.with_user(self.operator).write(values)

    def test_a_new_version_copies_and_freezes(self):
        self.talent.with_user(self.operator).action_make_goal()
        newer = self.next()
        self.assertEqual((newer.version, newer.is_current, self.canvas.is_current), (2, True, False))
        self.assertEqual(newer.line_ids.mapped("text"), ["Cucinare", "Provare un giorno in forno"])
        self.assertEqual(newer.line_ids[0].goal_id, self.talent.goal_id)

    def test_an_old_version_is_frozen(self):
        newer = self.next()
        with self.assertRaises(UserError):
            self.canvas.with_user(self.operator).write({"filled_by": "person"})
        with self.assertRaises(UserError):
            self.talent.with_user(self.operator).write({"text": "Altro"})
        with self.assertRaises(UserError):
            self.talent.with_user(self.operator).unlink()
        with self.assertRaises(UserError):
            self.talent.with_user(self.operator).action_make_goal()
        with self.assertRaises(UserError):
            self.env["citta.canvas.line"].with_user(self.operator).create(
                {"canvas_id": self.canvas.id, "block": "talent", "text": "X"}
            )
        with self.assertRaises(UserError):
            self.canvas.with_user(self.operator).action_new_version()
        with self.assertRaises(AccessError):
            newer.unlink()

    def test_an_entry_does_not_change_its_canvas(self):
        theirs = self.env["citta.canvas"].create({"pathway_id": self.of_b.id})
        with self.assertRaises(AccessError):
            self.talent.with_user(self.operator).write({"canvas_id": theirs.id})

    def test_an_entry_becomes_a_goal_once(self):
        line = self.talent.with_user(self.operator)
        line.action_make_goal()
        self.assertEqual((line.goal_id.name, line.goal_id.pathway_id), ("Cucinare", self.pathway))
        with self.assertRaises(UserError):
            line.action_make_goal()
        self.assertEqual(self.env["citta.goal"].search_count([("pathway_id", "=", self.pathway.id)]), 1)

    def test_a_closed_pathway_keeps_its_canvas_as_it_is(self):
        self.close(self.pathway)
        with self.assertRaises(UserError):
            self.talent.with_user(self.operator).write({"text": "Altro"})
        with self.assertRaises(UserError):
            self.next()

    def test_versions_side_by_side(self):
        newer = self.next()
        newer.line_ids.filtered(lambda line: line.block == "talent").write({"text": "Cucinare per tanti"})
        wizard = self.env["citta.canvas.compare"].with_user(self.operator).create(
            {"pathway_id": self.pathway.id, "newer_id": newer.id}
        )
        self.assertEqual(wizard.older_id, self.canvas)
        self.assertIn("<del>Cucinare</del>", wizard.table)
        self.assertIn("<strong>Cucinare per tanti</strong>", wizard.table)
        talents = newer._compare_with(self.canvas)[0]
        self.assertEqual((talents["before"], talents["after"]), ([("Cucinare", True)], [("Cucinare per tanti", True)]))

    def test_buttons_of_the_pathway(self):
        pathway = self.pathway.with_user(self.operator)
        self.assertEqual(pathway.action_open_canvas()["res_id"], self.canvas.id)
        empty = self.of_b.with_user(self.operator_b).action_open_canvas()
        self.assertEqual((empty["res_id"], empty["context"]), (False, {"default_pathway_id": self.of_b.id}))
        self.assertEqual(self.canvas.with_user(self.operator).action_compare()["context"]["default_newer_id"], self.canvas.id)


@tagged("post_install", "-at_install")
class TestCanvasPortal(CasePortalCommon):
    """The person fills in the canvas alone."""

    PATH = "/my/percorso/canvas"

    def save(self, texts, canvas=0, seen=None, **kwargs):
        data = {"canvas_id": str(canvas and canvas.id)}
        for block, text in texts.items():
            data[f"text_{block}"] = text
            data[f"seen_{block}"] = ",".join(map(str, (seen or {}).get(block, [])))
        return self.post(self.PATH, data, **kwargs)

    def texts(self, block="talent"):
        return self.pathway.canvas_ids.filtered("is_current").line_ids.filtered(lambda line: line.block == block).mapped("text")

    def test_the_first_saving_makes_the_canvas(self):
        self.assertIn("What comes easily to you?", self.page(self.PATH).text)
        self.assertFalse(self.pathway.canvas_ids)
        answer = self.save({"talent": "- Cucinare\n\nAscoltare\nCucinare", "value": "<b>Rispetto</b>"})
        self.assertIn("notice=saved", answer.headers["Location"])
        self.assertEqual(self.texts(), ["Cucinare", "Ascoltare"])
        self.assertEqual(self.pathway.canvas_ids.filled_by, "person")
        page = self.page(self.PATH).text
        self.assertIn("&lt;b&gt;Rispetto", page)
        self.assertNotIn("<b>Rispetto", page)

    def test_what_the_operator_added_meanwhile_stays(self):
        self.save({"talent": "Cucinare\nCantare"})
        canvas = self.pathway.canvas_ids
        seen = {"talent": canvas.line_ids.ids}
        self.env["citta.canvas.line"].with_user(self.operator).create(
            {"canvas_id": canvas.id, "block": "talent", "text": "Insegnare"}
        )
        self.save({"talent": "Cucinare\nGuidare"}, canvas, seen)
        self.assertEqual(sorted(self.texts()), ["Cucinare", "Guidare", "Insegnare"])

    def test_saved_twice_is_saved_once(self):
        for _again in (1, 2):
            canvas = self.pathway.canvas_ids.filtered("is_current")
            self.save({"talent": "Cucinare"}, canvas, {"talent": canvas.line_ids.ids})
        self.assertEqual(self.texts(), ["Cucinare"])

    def test_text_written_on_an_old_version_is_not_lost(self):
        self.save({"talent": "Cucinare"})
        old = self.pathway.canvas_ids
        old.with_user(self.operator).action_new_version()
        answer = self.save({"talent": "Un pensiero nuovo"}, old, {"talent": old.line_ids.ids})
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Un pensiero nuovo", answer.text)
        self.assertIn("Meanwhile a new version was begun", answer.text)
        self.assertEqual(self.texts(), ["Cucinare"])

    def test_versions_begun_and_looked_back_on(self):
        self.save({"talent": "Cucinare"})
        first = self.pathway.canvas_ids
        for _again in (1, 2):
            self.post(f"{self.PATH}/nuova", {"canvas_id": str(first.id)})
        self.assertEqual(self.pathway.canvas_ids.mapped("version"), [2, 1])
        second = self.pathway.canvas_ids.filtered("is_current")
        self.save({"talent": "Guidare"}, second, {"talent": second.line_ids.ids})
        page = self.page(f"{self.PATH}/1").text
        self.assertIn("<del>Cucinare</del>", page)
        self.assertIn("<strong>Guidare</strong>", page)
        with mute_logger("odoo.http"):
            for wrong in (2, 3):
                self.assertEqual(self.page(f"{self.PATH}/{wrong}").status_code, 404)

    def test_nobody_sees_or_changes_anothers_canvas(self):
        self.save({"talent": "Cucinare"})
        canvas = self.pathway.canvas_ids
        self.assertNotIn("Cucinare", self.page(self.PATH, "p_bea").text)
        self.save({"talent": "Rubato"}, canvas, {"talent": canvas.line_ids.ids}, login="p_bea")
        self.assertEqual(self.texts(), ["Cucinare"])
        self.assertEqual(self.of_b.canvas_ids.line_ids.mapped("text"), ["Rubato"])
        for model in ("citta.canvas", "citta.canvas.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.ada).search([])

    def test_the_token_is_needed(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.save({"talent": "X"}, csrf=False).status_code, 400)
        self.assertFalse(self.pathway.canvas_ids)

    def test_a_closed_pathway_is_read_only(self):
        self.save({"talent": "Cucinare"})
        self.close(self.pathway)
        page = self.page(self.PATH).text
        self.assertIn("Cucinare", page)
        self.assertNotIn("<textarea", page)
        with mute_logger("odoo.http"):
            self.assertEqual(self.save({"talent": "X"}, self.pathway.canvas_ids).status_code, 404)

    def test_the_paper(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.page(f"{self.PATH}/pdf").status_code, 404)
        self.save({"talent": "Cucinare", "next_step": "Telefonare al forno"})
        answer = self.page(f"{self.PATH}/pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        text = self.text_of(answer.content)
        for part in (self.ada.name, "Cucinare", "Telefonare al forno", "Version 1", "P-East"):
            self.assertIn(part, text)

    def test_who_has_no_pathway_is_sent_to_the_friendly_page(self):
        self.authenticate("p_employee", "p_employee")
        self.assertTrue(self.url_open(self.PATH).url.endswith("/my/percorso"))
