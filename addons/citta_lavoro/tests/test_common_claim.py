from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .fake_models import register


@tagged("post_install", "-at_install")
class TestClaim(TransactionCase):
    """What is scarce is given once; the drill in ``tests/drills`` does the same with real processes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        register(cls)
        cls.pot = cls.env["citta.fake.pot"].create({"capacity": 3})

    def test_claims_stop_at_the_ceiling(self):
        self.assertEqual([self.pot._claim("places") for _round in range(4)], [True, True, True, False])
        self.assertEqual(self.pot._claim_used("places"), 3)

    def test_what_does_not_fit_takes_nothing(self):
        self.assertFalse(self.pot._claim("places", 3.01))
        self.assertEqual(self.pot._claim_used("places"), 0)
        self.assertTrue(self.pot._claim("places", 3))

    def test_released_is_free_again(self):
        self.pot._claim("places", 3)
        self.pot._claim_release("places", 1)
        self.assertTrue(self.pot._claim("places"))

    def test_more_than_taken_cannot_be_given_back(self):
        self.pot._claim("places", 1)
        with self.assertRaises(UserError):
            self.pot._claim_release("places", 2)
        self.assertEqual(self.pot._claim_used("places"), 1)

    def test_kinds_are_counted_apart_and_may_have_no_ceiling(self):
        self.assertTrue(all(self.pot._claim("visits") for _round in range(10)))
        self.assertEqual(self.pot._claim_used("places"), 0)

    def test_numbers_have_no_gap_after_a_rollback(self):
        first = self.pot._claim_next("number")
        try:
            with self.env.cr.savepoint():
                self.pot._claim_next("number")
                raise UserError("killed in the middle")
        except UserError:
            pass
        self.assertEqual((first, self.pot._claim_next("number")), (1, 2))

    def test_range_that_is_used_up_says_so(self):
        self.pot._claim("places", 3)
        with self.assertRaises(UserError):
            self.pot._claim_next("places")

    def test_ceiling_follows_the_record_but_not_below_what_is_taken(self):
        self.pot._claim("places", 2)
        self.pot.capacity = 1
        with self.assertRaises(UserError):
            self.pot._claim_resize("places")
        self.pot.capacity = 5
        self.pot._claim_resize("places")
        self.assertTrue(self.pot._claim("places", 3))

    def test_database_holds_even_against_sql(self):
        self.pot._claim("places", 3)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE citta_claim SET used = 4 WHERE res_model = 'citta.fake.pot'")

    def test_counter_goes_with_its_record(self):
        self.pot._claim("places")
        pot_id = self.pot.id
        self.pot.unlink()
        self.assertFalse(
            self.env["citta.claim"].search([("res_model", "=", "citta.fake.pot"), ("res_id", "=", pot_id)])
        )

    def test_counters_are_nobodys_to_change(self):
        self.pot._claim("places")
        administrator = new_test_user(self.env, "claim_admin", groups="citta_lavoro.group_citta_administrator")
        counter = self.env["citta.claim"].search([("res_model", "=", "citta.fake.pot")])
        with self.assertRaises(AccessError):
            counter.with_user(administrator).write({"used": 0})
