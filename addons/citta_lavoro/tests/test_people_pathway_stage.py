from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestPathwayStage(PeopleCase):
    """A stage is of all programmes or of some: a pathway begins and stands in one of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.env["citta.pathway"]._get_first_stage(cls.programme_west)
        cls.own = cls._stage("East only", cls.programme, -5)
        cls.west_own = cls._stage("West only", cls.programme_west, 90)

    @classmethod
    def _stage(cls, name, programmes, sequence):
        return cls.env["citta.pathway.stage"].create({"name": name, "sequence": sequence, "programme_ids": [Command.set(programmes.ids)]})

    def columns(self, user, domain=()):
        groups = self.env["citta.pathway"].with_user(user).with_context(read_group_expand=True).web_read_group(list(domain), ["stage_id"], ["__count"])["groups"]
        return self.env["citta.pathway.stage"].browse([group["stage_id"][0] for group in groups if group["stage_id"]])

    def test_each_begins_in_the_first_of_its_programme(self):
        east, west = self._pathway("Ada Prova"), self._pathway("Bea Prova", programme=self.programme_west)
        self.assertEqual((east.stage_id, west.stage_id), (self.own, self.first))
        person = self.env["res.partner"].create({"name": "Cia Prova"})
        mine = self.env["citta.pathway"].with_user(self.operator).create({"partner_id": person.id})
        self.assertEqual((mine.programme_id, mine.stage_id), (self.programme, self.own))

    def test_nobody_stands_in_a_stage_of_another(self):
        east = self._pathway("Ada Prova").with_user(self.operator)
        with self.assertRaisesRegex(ValidationError, "no stage of the programme"), self.env.cr.savepoint():
            east.stage_id = self.west_own
        self.env.invalidate_all()
        east.stage_id = self.first
        with self.assertRaisesRegex(ValidationError, "move them"), self.env.cr.savepoint():
            self.first.programme_ids = self.programme_west
        self.env.invalidate_all()
        east.stage_id = self.own
        exit_stage = self.env["citta.pathway.stage"].search([("is_exit", "=", True)])
        with self.assertRaisesRegex(ValidationError, "exit is for all"):
            exit_stage.programme_ids = self.programme

    def test_the_board_shows_those_of_its_programmes(self):
        self.assertIn(self.own, self.columns(self.operator))
        self.assertNotIn(self.west_own, self.columns(self.operator))
        self.assertIn(self.first, self.columns(self.operator))
        self.assertLessEqual(self.own | self.west_own, self.columns(self.administrator))
        narrow = self.columns(self.administrator, [("programme_id", "=", self.programme_west.id)])
        self.assertIn(self.west_own, narrow)
        self.assertNotIn(self.own, narrow)
        self.assertIn(self.first, narrow)

    def test_the_form_follows_the_programme(self):
        with Form(self.env["citta.pathway"].with_user(self.administrator)) as form:
            form.partner_id = self.env["res.partner"].create({"name": "Dea Prova"})
            form.body_id = self.body_a
            form.programme_id = self.programme
            self.assertEqual(form.stage_id, self.own)
            form.programme_id = self.programme_west
            self.assertEqual(form.stage_id, self.first)

    def test_reopened_in_the_first_of_its_programme(self):
        east, west = self._pathway("Ada Prova"), self._pathway("Bea Prova", programme=self.programme_west)
        (east | west).write({"state": "closed", "outcome": "job"})
        east.action_reopen()
        self.assertEqual(east.stage_id, self.own)
        east.write({"state": "closed", "outcome": "job"})
        (east | west).action_reopen()
        self.assertEqual(east.stage_id | west.stage_id, self.first)

    def test_many_look_the_stage_up_once(self):
        persons = self.env["res.partner"].create([{"name": f"Molti {number}"} for number in range(30)])
        values = {"programme_id": self.programme.id, "body_id": self.body_a.id, "referent_id": False}
        made = self.env["citta.pathway"].create([{**values, "partner_id": person.id} for person in persons])
        self.assertEqual(made.stage_id, self.own)
