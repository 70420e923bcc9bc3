from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestUsers(PeopleCase):
    """A user's scope counts from the moment the administrator changes it, and only the administrator does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.path_a, cls.path_b, cls.path_west = (
            cls._pathway("Ada Prova"), cls._pathway("Bea Prova", body=cls.body_b),
            cls._pathway("Cleo Prova", programme=cls.programme_west),
        )

    def seen(self, user):
        """The test's pathways that a user finds."""
        ids = (self.path_a | self.path_b | self.path_west).ids
        return self.env["citta.pathway"].with_user(user).search([("id", "in", ids)])

    def edit(self, user, **values):
        """What the administrator does in the user's form."""
        user.with_user(self.admin).write(values)

    def test_another_body_counts_at_once(self):
        self.assertEqual(self.seen(self.operator), self.path_a)
        self.edit(self.operator, citta_body_ids=[Command.set(self.body_b.ids)])
        self.assertEqual(self.seen(self.operator), self.path_b)
        with self.assertRaises(AccessError):
            self.path_a.with_user(self.operator).read(["display_name"])

    def test_another_territory_counts_at_once(self):
        self.assertEqual(self.seen(self.coordinator), self.path_a | self.path_b)
        self.edit(self.coordinator, citta_territory_ids=[Command.link(self.west.id)])
        self.assertEqual(self.seen(self.coordinator), self.path_a | self.path_b | self.path_west)
        self.edit(self.coordinator, citta_territory_ids=[Command.unlink(self.east.id)])
        self.assertEqual(self.seen(self.coordinator), self.path_west)

    def test_another_role_counts_at_once(self):
        self.assertEqual(self.seen(self.operator), self.path_a)
        self.edit(self.operator, group_ids=[Command.link(self.env.ref("citta_lavoro.group_citta_coordinator").id)])
        self.assertEqual(self.seen(self.operator), self.path_a | self.path_b)

    def test_no_scope_no_person(self):
        nobody = new_test_user(self.env, "u_nobody", groups="citta_lavoro.group_citta_coordinator")
        self.assertFalse(self.seen(nobody))
        self.assertFalse(self.env["res.partner"].with_user(nobody).search([("citta_is_person", "=", True)]))

    def test_nobody_below_changes_a_scope(self):
        for user in (self.employee, self.operator, self.coordinator):
            for values in (
                {"citta_body_ids": [Command.link(self.body_b.id)]}, {"citta_territory_ids": [Command.link(self.west.id)]},
            ):
                for target in (user, self.operator_west):
                    with self.subTest(user=user.login, target=target.login), self.assertRaises(AccessError):
                        target.with_user(user).write(values)

    def test_the_own_preferences_are_language_and_timezone_only(self):
        """A user sets the own timezone and language; neither opens nor closes anything."""
        before = self.seen(self.operator)
        self.operator.with_user(self.operator).write({"tz": "Europe/Rome", "lang": "en_US"})
        self.assertEqual((self.operator.tz, self.operator.lang), ("Europe/Rome", "en_US"))
        self.assertEqual(self.seen(self.operator), before)
        with self.assertRaises(ValueError):
            self.operator.with_user(self.operator).write({"tz": "Milan/East"})

    def test_the_scope_does_not_leak_by_the_territory(self):
        """The list of a territory's users is for reading; writing there is no way round the user's form."""
        with self.assertRaises(AccessError):
            self.west.with_user(self.coordinator).write({"user_ids": [Command.link(self.coordinator.id)]})
        self.assertNotIn(self.coordinator, self.west.user_ids)
