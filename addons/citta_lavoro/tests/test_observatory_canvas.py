from lxml import html
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CasePortalCommon
from .test_observatory_need import ObservatoryCase

PATH = "/my/percorso/canvas"


@tagged("post_install", "-at_install")
class TestCanvasNeeds(ObservatoryCase, CasePortalCommon):
    """Needs of the observatories in a person's own canvas: which ones, by whom, and what is counted of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.need.write({"is_public": True})
        cls.need.action_validate()
        cls.far = cls._need("Far away", cls.observatory_west, is_public=True)
        cls.far.action_validate()
        cls.hidden = cls._need("Not published")
        cls.hidden.action_validate()

    def save(self, needs, login="p_ada", **texts):
        canvas = (self.pathway if login == "p_ada" else self.of_b).canvas_ids.filtered("is_current")
        data = {"canvas_id": str(canvas.id or 0), "need": [str(one) for one in needs]}
        for block, text in texts.items():
            data |= {f"text_{block}": text, f"seen_{block}": ",".join(map(str, canvas.line_ids.ids))}
        return self.post(PATH, data, login)

    def offered(self):
        return [box.get("value") for box in html.fromstring(self.page(PATH).content).xpath("//input[@name='need']")]

    def entries(self):
        return self.pathway.canvas_ids.filtered("is_current").need_ids

    def test_published_needs_of_the_own_territory_are_offered_until_taken(self):
        self.assertEqual(self.offered(), [str(self.need.id)])
        self.save([self.need.id], talent="Baking")
        self.assertEqual((self.entries().need_id, self.entries().text), (self.need, "Bakers"))
        self.assertEqual(self.pathway.canvas_ids.talent_ids.text, "Baking")
        self.assertEqual(self.offered(), [])

    def test_ticked_twice_it_stands_once_and_crossed_out_it_goes(self):
        for _again in (1, 2):
            self.save([self.need.id])
        self.assertEqual(len(self.entries()), 1)
        self.save([], need="")
        self.assertFalse(self.entries())
        self.assertEqual(self.offered(), [str(self.need.id)])

    def test_what_was_not_offered_is_not_taken(self):
        self.save([self.far.id, self.hidden.id, 0, 99999999], talent="Baking")
        self.assertFalse(self.entries())
        self.need.action_answer()
        self.assertEqual(self.offered(), [])
        self.save([self.need.id, "x"])
        self.assertFalse(self.entries())

    def test_ticks_come_back_with_the_text_of_a_frozen_version(self):
        self.save([], talent="Baking")
        old = self.pathway.canvas_ids
        old._make_next()
        answer = self.post(PATH, {"canvas_id": str(old.id), "need": [str(self.need.id)], "text_talent": "A new thought"})
        box = html.fromstring(answer.content).xpath("//input[@name='need']")[0]
        self.assertEqual(box.get("checked"), "checked")
        self.assertFalse(self.entries())

    def test_an_operator_links_only_in_the_right_block_and_territory(self):
        canvas = self.env["citta.canvas"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        Line = self.env["citta.canvas.line"].with_user(self.operator)
        with self.assertRaises(ValidationError):
            Line.create({"canvas_id": canvas.id, "block": "need", "text": "X", "need_id": self.far.id})
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            Line.create({"canvas_id": canvas.id, "block": "talent", "text": "X", "need_id": self.need.id})
        line = Line.new({"canvas_id": canvas.id, "block": "need", "need_id": self.need.id})
        line._onchange_need_id()
        self.assertEqual(line.text, "Bakers")

    def test_a_need_counts_the_canvases_within_reach(self):
        for pathway in (self.pathway, self.of_b):
            self.env["citta.canvas"].create({"pathway_id": pathway.id})._add_needs(self.need)
        self.pathway.canvas_ids._make_next()
        for user, count in ((self.operator, 1), (self.operator_b, 1), (self.coordinator, 2)):
            need = self.need.with_user(user)
            self.assertEqual(need.canvas_count, count)
            self.assertEqual(len(self.env["citta.canvas"].with_user(user).search(
                need.action_open_canvases()["domain"] + [("is_current", "=", True)])), count)
        self.assertFalse({"canvas_count", "canvas_line_ids"} & self.need.with_user(self.editor).fields_get().keys())

    def test_an_old_version_takes_no_need(self):
        canvas = self.env["citta.canvas"].create({"pathway_id": self.pathway.id})
        canvas._make_next()
        with self.assertRaises(UserError):
            canvas._add_needs(self.need)
