from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .network_common import NetworkCase


@tagged("post_install", "-at_install")
class TestFixedMixin(NetworkCase):
    """What a pathway, an application and a review are about is said once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls._application()
        cls.reviewer = cls._user("f_reviewer", "reviewer", cls.body_a, cls.east)
        cls.ideas = cls.env["crm.lead"].create([{
            "name": name, "type": "opportunity", "user_id": False, "team_id": cls.env.ref("citta_lavoro.crm_team_incubator").id,
            "citta_programme_id": cls.programme.id,
        } for name in ("Mobile workshop", "Repair café")])
        cls.review = cls.env["citta.review"].with_user(cls.reviewer).create({"lead_id": cls.ideas[0].id})

    def cases(self):
        """(record, who may write it, a fixed field, another value)"""
        yield self.pathway_a, self.operator, "partner_id", self.pathway_b.partner_id
        yield self.pathway_a, self.operator, "programme_id", self.programme_west
        yield self.pathway_a, self.coordinator, "territory_id", self.west
        yield self.pathway_a, self.administrator, "lead_id", self.ideas[0]
        yield self.application, self.operator, "opportunity_id", self._opportunity("Baker")
        yield self.application, self.manager, "opportunity_id", self._opportunity("Cook")
        yield self.application, self.coordinator, "pathway_id", self.pathway_b
        yield self.review, self.reviewer, "lead_id", self.ideas[1]
        yield self.review, self.reviewer, "reviewer_id", self.operator

    def test_another_link_is_refused_by_the_name_of_the_field(self):
        for record, user, name, other in self.cases():
            label, before = record._fields[name].string, record[name]
            for values in ({name: other.id}, {name: False}):
                if before.id == values[name]:
                    continue
                with self.subTest(record=record, field=name, values=values), self.assertRaises(UserError) as refused:
                    record.with_user(user).write(values)
                self.assertIn(label, str(refused.exception))
            self.assertEqual(record[name], before)

    def test_the_same_link_again_passes(self):
        for record, user, name, _other in self.cases():
            with self.subTest(record=record, field=name):
                self.assertTrue(record.with_user(user).write({name: record[name].id}))

    def test_several_at_once_are_refused_for_one(self):
        both = (self.pathway_a | self.pathway_b).with_user(self.coordinator)
        with self.assertRaises(UserError):
            both.write({"partner_id": self.pathway_a.partner_id.id})

    def test_strangers_learn_nothing_by_guessing(self):
        """The right and the wrong guess get the same answer: no access."""
        for record, name in ((self.pathway_a, "partner_id"), (self.application, "pathway_id")):
            for value in (record[name].id, self.pathway_b[name].id if record == self.pathway_a else self.pathway_b.id):
                for user in (self.operator_b, self.operator_west, self.employee, self.person_b):
                    with self.subTest(user=user.login, value=value), self.assertRaises(AccessError):
                        record.with_user(user).write({name: value})
