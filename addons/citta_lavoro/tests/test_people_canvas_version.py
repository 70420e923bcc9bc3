from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon, CasePortalCommon

BLOCKS = ("talent", "value", "constraint", "need", "profession", "experiment", "next_step")


@tagged("post_install", "-at_install")
class TestCanvasVersion(CaseCommon):
    """Three versions of one canvas: what is copied, what is frozen, what is compared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.env["citta.canvas"].with_user(cls.operator).create({"pathway_id": cls.pathway.id})
        cls.lines = cls.env["citta.canvas.line"].with_user(cls.operator).create([
            {"canvas_id": cls.first.id, "block": block, "text": f"In {block}"} for block in BLOCKS
        ])

    def next(self, canvas):
        return canvas.browse(canvas.action_new_version()["res_id"])

    def compare(self, newer, older=None, user=None):
        values = {"pathway_id": self.pathway.id, "newer_id": newer.id}
        return self.env["citta.canvas.compare"].with_user(user or self.operator).create(
            {**values, "older_id": older.id} if older else values
        )

    def test_every_kind_of_entry_stands_in_its_own_block(self):
        blocks = self.first._get_blocks()
        self.assertEqual([one["code"] for one in blocks], list(BLOCKS))
        for block in blocks:
            self.assertEqual(block["lines"].mapped("text"), [f"In {block['code']}"])
        for block in BLOCKS:
            self.assertEqual(self.first[f"{block}_ids"].block, block)
        with self.assertRaises(ValueError):
            self.lines[0].create({"canvas_id": self.first.id, "block": "dream", "text": "x"})

    def test_entries_of_a_block_keep_their_order(self):
        self.lines.create([
            {"canvas_id": self.first.id, "block": "talent", "text": text, "sequence": sequence}
            for text, sequence in (("Ultimo", 90), ("Primo", 1))
        ])
        self.assertEqual(self.first.talent_ids.mapped("text"), ["Primo", "In talent", "Ultimo"])
        newer = self.next(self.first)
        self.assertEqual(newer.talent_ids.mapped("text"), ["Primo", "In talent", "Ultimo"])

    def test_numbers_go_on_and_one_is_current(self):
        second = self.next(self.first)
        third = self.next(second)
        versions = self.pathway.canvas_ids
        self.assertEqual(versions.mapped("version"), [3, 2, 1])
        self.assertEqual(versions.filtered("is_current"), third)
        self.assertEqual((third.date, third.pathway_id, third.body_id), (self.today, self.pathway, self.body_a))
        self.assertEqual(len(third.line_ids), len(BLOCKS))
        with self.assertRaises(UserError):
            second.action_new_version()
        self.assertEqual(len(self.pathway.canvas_ids), 3)

    def test_frozen_for_every_role(self):
        self.next(self.first)
        for user in (self.operator, self.coordinator, self.administrator):
            frozen, line = self.first.with_user(user), self.lines[0].with_user(user)
            for deed in (
                lambda frozen=frozen: frozen.write({"date": "2020-01-01"}),
                lambda frozen=frozen, line=line: frozen.write({"line_ids": [Command.delete(line.id)]}),
                lambda frozen=frozen: frozen.write({"line_ids": [Command.create({"block": "talent", "text": "x"})]}),
                lambda line=line: line.write({"sequence": 1}), line.unlink, line.action_make_goal,
            ):
                with self.assertRaises(UserError):
                    deed()
            with self.assertRaises(AccessError):
                frozen.write({"is_current": True})
            with self.assertRaises(AccessError):
                frozen.unlink()
        self.assertEqual(self.first.line_ids.mapped("text"), [f"In {block}" for block in BLOCKS])
        self.assertFalse(self.pathway.goal_ids)

    def test_a_change_of_the_new_one_leaves_the_old_one_alone(self):
        newer = self.next(self.first)
        newer.talent_ids.text = "Guidare"
        newer.value_ids.unlink()
        self.assertEqual((self.first.talent_ids.text, self.first.value_ids.text), ("In talent", "In value"))

    def test_a_goal_is_made_once_over_all_versions(self):
        self.lines[0].action_make_goal()
        newer = self.next(self.first)
        with self.assertRaises(UserError) as refused:
            newer.talent_ids.action_make_goal()
        self.assertIn("In talent", str(refused.exception))
        newer.next_step_ids.action_make_goal()
        self.assertEqual(self.pathway.goal_ids.mapped("name"), ["In talent", "In next_step"])
        self.assertEqual(newer.next_step_ids.goal_id.partner_id, self.pathway.partner_id)

    def test_several_entries_become_goals_or_none(self):
        self.lines[1].action_make_goal()
        with self.assertRaises(UserError):
            self.lines[:3].action_make_goal()
        self.assertEqual(self.pathway.goal_ids.mapped("name"), ["In value"])
        (self.lines[0] | self.lines[2]).action_make_goal()
        self.assertEqual(len(self.pathway.goal_ids), 3)

    def test_the_goal_is_not_linked_by_hand(self):
        goal = self.env["citta.goal"].create({"name": "Altro", "pathway_id": self.pathway.id})
        with self.assertRaises(AccessError):
            self.lines[0].write({"goal_id": goal.id})
        made = self.lines[0].create({"canvas_id": self.first.id, "block": "talent", "text": "x", "goal_id": goal.id})
        self.assertFalse(made.goal_id)
        self.lines[0].action_make_goal()
        self.lines[0].goal_id.unlink()
        self.assertFalse(self.lines[0].goal_id)
        self.lines[0].action_make_goal()
        self.assertEqual(self.lines[0].goal_id.name, "In talent")

    def test_any_two_versions_are_compared(self):
        second = self.next(self.first)
        second.talent_ids.text = "Guidare"
        third = self.next(second)
        third.need_ids.unlink()
        self.assertEqual(self.compare(third).older_id, second)
        self.assertEqual(self.compare(self.first).older_id, second)  # nothing is older: the nearest one
        rows = {row["label"]: (row["before"], row["after"]) for row in third._compare_with(self.first)}
        self.assertEqual(rows["Talents"], ([("In talent", True)], [("Guidare", True)]))
        self.assertEqual(rows["What the territory needs"], ([("In need", True)], []))
        self.assertEqual(rows["Values"], ([("In value", False)], [("In value", False)]))
        self.assertIn("<del>In talent</del>", self.compare(third, self.first).table)

    def test_a_single_version_has_nothing_beside_it(self):
        """And no technical word in the place of the table."""
        self.assertIs(self.compare(self.first).table, False)

    def test_the_comparison_escapes_what_was_written(self):
        newer = self.next(self.first)
        newer.talent_ids.text = "<script>x</script>"
        table = self.compare(newer).table
        self.assertNotIn("<script>", table)
        self.assertIn("&lt;script&gt;", table)

    def test_only_who_may_read_compares_and_prints(self):
        newer = self.next(self.first)
        Report = self.env["ir.actions.report"]
        content = Report.with_user(self.operator)._render_qweb_html("citta_lavoro.canvas_report_action", newer.ids)[0].decode()
        for block in BLOCKS:
            self.assertIn(f"In {block}", content)
        self.env.invalidate_all()
        portal = self._portal_user(self.of_b, "p_canvas_bea")
        for user in (self.operator_b, self.operator_west, self.employee, portal):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                Report.with_user(user)._render_qweb_html("citta_lavoro.canvas_report_action", newer.ids)
        with self.assertRaises(AccessError):
            self.compare(newer, self.first, self.operator_b).table  # noqa: B018  # the table is made when it is read

    def test_each_operator_numbers_the_own_canvases(self):
        self.next(self.first)
        theirs = self.env["citta.canvas"].with_user(self.operator_b).create({"pathway_id": self.of_b.id})
        self.assertEqual((theirs.version, theirs.is_current), (1, True))
        with self.assertRaises(AccessError):
            theirs.with_user(self.operator).action_new_version()
        self.assertEqual(self.of_b.canvas_ids, theirs)


@tagged("post_install", "-at_install")
class TestCanvasDoor(CasePortalCommon):
    """The report's own address is no door to another person's canvas."""

    def test_the_report_of_another_is_refused(self):
        canvas = self.env["citta.canvas"].create({"pathway_id": self.pathway.id})
        self.env["citta.canvas.line"].create({"canvas_id": canvas.id, "block": "talent", "text": "Cucinare"})
        for login in ("p_bea", "p_ada", "p_employee"):
            with mute_logger("odoo.http", "odoo.addons.web.controllers.report", "odoo.addons.base.models.ir_rule"):
                answer = self.page(f"/report/html/citta_lavoro.canvas_report/{canvas.id}", login)
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn("Cucinare", answer.text)
