from datetime import timedelta

from psycopg2.errors import CheckViolation, ForeignKeyViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon


class FactsCommon(CaseCommon):
    """Bands, parts of the week, a language and a licence to choose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.low, cls.high = cls.env["citta.isee.band"].create([{"name": "Low band"}, {"name": "High band"}])
        cls.morning = cls.env.ref("citta_lavoro.time_slot_1_morning")
        cls.evening = cls.env.ref("citta_lavoro.time_slot_1_evening")
        cls.italian = cls.env.ref("citta_lavoro.skill_italian")
        cls.french = cls.env.ref("hr_skills.hr_skill_french")
        cls.b1 = cls.env.ref("hr_skills.hr_skill_level_b1")
        licences = cls.env.ref("citta_lavoro.skill_type_driving").skill_ids
        cls.car, cls.lorry = (licences.filtered(lambda one, name=name: one.name == name) for name in ("B", "C"))

    def facts(self, user=None, **values):
        return self.env["citta.person.profile"].with_user(user or self.operator).create({"pathway_id": self.pathway.id, **values})

    def isee(self, days=30, **values):
        return self.facts(isee_band_id=self.low.id, isee_date_end=self.today + timedelta(days=days), **values)


@tagged("post_install", "-at_install")
class TestPersonProfile(FactsCommon):
    """One row of facts per pathway: counted, dated, and with the name of who saw the paper."""

    def test_scope(self):
        self.assertScoped(self.facts(), {"hours_week": 3})
        with self.assertRaises(UserError):
            self.facts(pathway_id=self.of_b.id)
        self.assertTrue(self.facts(self.operator_b, pathway_id=self.of_b.id))

    def test_one_row_per_pathway_that_stays_there(self):
        profile = self.facts()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.facts(self.coordinator)
        with self.assertRaises(UserError):
            profile.with_user(self.coordinator).pathway_id = self.of_b
        with self.assertRaises(AccessError):
            profile.unlink()

    def test_counts_that_cannot_be(self):
        profile = self.facts(household_size=3, minor_count=2, dependant_count=4)
        for wrong in (
            {"household_size": -1}, {"minor_count": 4}, {"household_size": 31}, {"dependant_count": -2}, {"dependant_count": 31},
            {"hours_week": 61}, {"hours_week": -1}, {"travel_minutes": 241},
        ):
            with self.subTest(wrong), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                profile.write(wrong)
                profile.flush_recordset()
        profile.write({"household_size": 0, "minor_count": 2, "hours_week": 60, "travel_minutes": 240})
        profile.flush_recordset()

    def test_an_isee_band_has_a_term(self):
        profile = self.facts()
        for wrong in ({"isee_band_id": self.low.id}, {"isee_date_end": self.today}):
            with self.subTest(wrong), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                profile.write(wrong)
                profile.flush_recordset()
        self.assertEqual(profile.isee_state, "none")

    def test_expired_the_day_after(self):
        profile = self.isee()
        for days, state in ((-400, "expired"), (-1, "expired"), (0, "told"), (1, "told")):
            profile.isee_date_end = self.today + timedelta(days=days)
            self.assertEqual(profile.isee_state, state, days)
        profile.isee_date_end = self.today
        profile.action_isee_seen()
        self.assertEqual(profile.isee_state, "seen")

    def test_who_saw_the_paper_and_when(self):
        profile = self.isee()
        self.assertFalse(profile.isee_seen_by_id)
        profile.action_isee_seen()
        self.assertEqual((profile.isee_seen_by_id, profile.isee_seen_on), (self.operator, self.today))
        profile.hours_week = 10
        self.assertEqual(profile.isee_seen_by_id, self.operator)

    def test_another_band_or_term_was_not_seen(self):
        profile = self.isee()
        for change in ({"isee_band_id": self.high.id}, {"isee_date_end": self.today + timedelta(days=99)}, {"isee_band_id": False, "isee_date_end": False}):
            profile.action_isee_seen()
            profile.with_user(self.coordinator).write(change)
            self.assertFalse(profile.isee_seen_by_id or profile.isee_seen_on, change)

    def test_the_earlier_bands_are_kept_with_who_saw_them(self):
        profile = self.isee(days=10)
        first_term = profile.isee_date_end
        profile.action_isee_seen()
        profile.with_user(self.coordinator).write({"isee_band_id": self.high.id, "isee_date_end": self.today + timedelta(days=400)})
        past = profile.isee_past_ids
        self.assertEqual(
            (past.band_id, past.date_start, past.date_end, past.seen_by_id, past.seen_on, past.date_replaced),
            (self.low, self.today, first_term, self.operator, self.today, self.today),
        )
        self.assertEqual((profile.isee_band_id, profile.isee_state, profile.isee_date_start), (self.high, "told", self.today))
        profile.sudo().isee_date_start = self.today - timedelta(days=3)
        profile.write({"isee_band_id": False, "isee_date_end": False})
        profile.invalidate_recordset()
        self.assertEqual(profile.isee_past_ids.mapped("band_id"), self.high | self.low)
        self.assertEqual((profile.isee_past_ids[0].seen_by_id, profile.isee_date_start), (self.env["res.users"], False))

    def test_what_is_no_other_paper_keeps_the_note_and_makes_no_history(self):
        profile = self.isee()
        profile.action_isee_seen()
        profile.write({"isee_band_id": self.low.id, "isee_date_end": str(profile.isee_date_end), "hours_week": 4})
        self.assertEqual((profile.isee_state, profile.isee_past_ids), ("seen", self.env["citta.isee.past"]))

    def test_a_slip_mended_at_once_is_no_history(self):
        profile = self.isee()
        profile.isee_band_id = self.high
        self.assertFalse(profile.isee_past_ids)
        profile.sudo().isee_date_start = self.today - timedelta(days=1)
        profile.isee_band_id = self.low
        self.assertEqual(profile.isee_past_ids.band_id, self.high)

    def test_several_at_once_keep_each_its_own(self):
        mine, theirs = self.isee(), self.facts(self.operator_b, pathway_id=self.of_b.id, isee_band_id=self.high.id, isee_date_end=self.today)
        mine.action_isee_seen()
        theirs.action_isee_seen()
        (mine | theirs).with_user(self.coordinator).write({"isee_band_id": self.high.id, "isee_date_end": self.today})
        self.assertEqual((mine.isee_past_ids.band_id, mine.isee_state), (self.low, "told"))
        self.assertEqual((theirs.isee_past_ids.band_id, theirs.isee_state), (self.env["citta.isee.band"], "seen"))

    def test_history_is_nobodys_to_write(self):
        profile = self.isee()
        profile.action_isee_seen()
        profile.isee_band_id = self.high
        past = profile.isee_past_ids
        self.assertScoped(past, {"date_end": self.today})
        for user in (self.operator, self.coordinator, self.administrator):
            mine = past.with_user(user)
            for deed in (
                lambda one: one.write({"seen_on": self.today}), lambda one: one.unlink(), lambda one: one.copy(),
                lambda one: one.create({"profile_id": profile.id, "band_id": self.low.id, "date_end": self.today}),
            ):
                with self.assertRaises(AccessError):
                    deed(mine)
            with self.assertRaises(AccessError):
                profile.with_user(user).write({"isee_past_ids": [Command.clear()]})
        for user in (self.operator_b, self.employee):
            with self.assertRaises(AccessError):
                profile.with_user(user).isee_band_id = self.low
        self.assertEqual(len(profile.isee_past_ids), 1)

    def test_a_closed_pathway_takes_no_other_paper(self):
        profile = self.isee()
        profile.action_isee_seen()
        self.close(self.pathway)
        with self.assertRaises(UserError):
            profile.isee_band_id = self.high

    def test_the_paper_of_nothing_is_not_seen(self):
        with self.assertRaises(UserError):
            self.facts().action_isee_seen()

    def test_strangers_do_not_see_the_paper(self):
        profile = self.isee()
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                profile.with_user(user).action_isee_seen()
        self.assertFalse(profile.isee_seen_on)

    def test_notes_are_not_forged(self):
        forged = {"isee_seen_by_id": self.coordinator.id, "isee_seen_on": self.today, "availability_by": "person", "availability_date": "2020-01-01"}
        profile = self.isee(**forged, hours_week=3)
        self.assertFalse(profile.isee_seen_by_id or profile.isee_seen_on)
        self.assertEqual((profile.availability_by, profile.availability_date), ("operator", self.today))
        for name, value in forged.items():
            with self.subTest(name), self.assertRaises(UserError):
                profile.write({name: value})

    def test_availability_carries_its_date(self):
        profile = self.facts(household_size=2)
        self.assertFalse(profile.availability_date)
        profile.sudo().write({"slot_ids": [Command.link(self.morning.id)], "availability_by": "person", "availability_date": "2024-05-01"})
        self.assertEqual((profile.availability_by, str(profile.availability_date)), ("person", "2024-05-01"))
        profile.household_size = 3
        self.assertEqual(profile.availability_by, "person")
        profile.travel_car = True
        self.assertEqual((profile.availability_by, profile.availability_date), ("operator", self.today))

    def test_the_week_in_words(self):
        week = self.env["citta.time.slot"].search([])
        self.assertEqual(len(week), 21)
        profile = self.facts()
        self.assertFalse(profile.availability_summary or profile.travel_summary)
        profile.write({"slot_ids": [Command.set((self.morning | self.evening).ids)], "available_nights": True, "travel_car": True})
        self.assertEqual((profile.availability_summary, profile.travel_summary), ("Mon: morning, evening; also at night", "Car"))
        profile.write({"slot_ids": [Command.set(week.ids)], "available_nights": False})
        self.assertEqual(profile.availability_summary, "Every day: all day")
        self.assertEqual(self.morning.display_name, "Monday morning")

    def test_found_by_what_matching_asks(self):
        profile, other = self.facts(slot_ids=[Command.set(self.morning.ids)], hours_week=20), self.facts(self.operator_b, pathway_id=self.of_b.id)
        Profile = self.env["citta.person.profile"].with_user(self.coordinator)
        self.assertEqual(Profile.search([("slot_ids.part", "=", "morning")]), profile)
        self.assertEqual(Profile.search([("slot_ids", "in", self.evening.ids)]), Profile)
        self.assertEqual(Profile.search([("isee_band_id", "=", False)]), profile | other)

    def test_a_closed_pathway_takes_no_facts(self):
        profile = self.isee()
        self.close(self.pathway)
        self.close(self.of_b)
        with self.assertRaises(UserError):
            profile.action_isee_seen()
        with self.assertRaises(UserError):
            self.facts(self.operator_b, pathway_id=self.of_b.id)

    def test_a_band_that_is_in_use_stays(self):
        self.isee()
        with self.assertRaises(AccessError):
            self.high.with_user(self.operator).name = "Mine"
        self.high.with_user(self.administrator).name = "Another"
        with self.assertRaises(ForeignKeyViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.low.unlink()

    def test_the_form_of_the_pathway(self):
        with Form(self.pathway.with_user(self.operator)) as form, form.profile_ids.new() as line:
            line.household_size = 4
            line.hours_week = 12
        profile = self.pathway.profile_ids
        self.assertEqual((profile.household_size, profile.hours_week, profile.availability_by), (4, 12, "operator"))

    def test_erased_with_the_person(self):
        profile = self.isee(household_size=5)
        profile.action_isee_seen()
        profile.isee_band_id = self.high
        self.assertIn("Low band", str(self.env["citta.privacy.export"]._collect(self.pathway.partner_id, self.env["crm.lead"])))
        self.env["citta.status.declaration"].create({"pathway_id": self.pathway.id, "kind": "did", "date_start": self.today, "number": "N-77"})
        person = self.pathway.partner_id
        person.write({"citta_contact_channel": "phone", "citta_contact_time": "evening"})
        self.close(self.pathway)
        self.env["citta.privacy.eraser"].erase(person, self.env["crm.lead"])
        self.assertFalse(self.env["citta.person.profile"].search([("pathway_id", "=", self.pathway.id)]))
        self.assertFalse(self.env["citta.status.declaration"].search([("pathway_id", "=", self.pathway.id)]))
        self.assertFalse(self.env["citta.isee.past"].search([("pathway_id", "=", self.pathway.id)]))
        self.assertFalse(person.citta_contact_channel or person.citta_contact_time)
        self.assertTrue(self.pathway.exists())

    def test_the_persons_copy_tells_the_facts(self):
        self.isee(household_size=5, slot_ids=[Command.set(self.morning.ids)])
        found = self.env["citta.privacy.export"]._collect(self.pathway.partner_id, self.env["crm.lead"])
        facts = next(one for one in found if one["model"] == "citta.person.profile")["records"][0]
        self.assertEqual((facts["People in the household"], facts["Free"], facts["ISEE band"]), (5, "Mon: morning", "Low band"))


@tagged("post_install", "-at_install")
class TestLanguagesAndLicences(FactsCommon):
    """Skills like others: with kinds that the form, the page and the curriculum know."""

    def skill(self, skill, user=None, **values):
        return self.env["citta.person.skill"].with_user(user or self.operator).create({"pathway_id": self.pathway.id, "skill_id": skill.id, **values})

    def test_each_stands_in_its_place(self):
        language, licence = self.skill(self.italian, is_native=True), self.skill(self.car)
        trade = self.skill(self.env.ref("hr_skills.hr_skill_teamwork"))
        self.assertEqual((language.skill_kind, licence.skill_kind, trade.skill_kind), ("language", "driving", False))
        pathway = self.pathway.with_user(self.operator)
        self.assertEqual((pathway.language_ids, pathway.licence_ids, pathway.trade_skill_ids), (language, licence, trade))

    def test_a_mother_tongue_is_a_language(self):
        with self.assertRaises(ValidationError):
            self.skill(self.car, is_native=True)
        licence = self.skill(self.car)
        with self.assertRaises(ValidationError):
            licence.is_native = True

    def test_an_expired_licence_leaves_the_curriculum(self):
        self.skill(self.car, date_valid=self.today - timedelta(days=1))
        self.assertFalse(self.env["citta.europass"]._get_curriculum(self.pathway).licences)

    def test_languages_have_their_codes(self):
        self.assertEqual((self.french.citta_language_code, self.italian.citta_language_code), ("fr", "it"))
        self.french.citta_language_code = "xx"
        self.env["hr.skill"]._citta_know_languages()
        self.assertEqual(self.french.citta_language_code, "xx")

    def test_on_the_form(self):
        with Form(self.pathway.with_user(self.operator)) as form:
            with form.language_ids.new() as line:
                line.skill_id = self.french
                line.level_id = self.b1
            with form.licence_ids.new() as line:
                line.skill_id = self.lorry
        self.assertEqual(self.pathway.language_ids.level_id, self.b1)
        self.assertEqual(self.pathway.licence_ids.skill_id, self.lorry)


@tagged("post_install", "-at_install")
class TestContactPreference(FactsCommon):
    """How the person is best reached stands with the phone number, and comes along from the first contact."""

    def test_who_may_change_it(self):
        person = self.pathway.partner_id
        person.with_user(self.operator).write({"citta_contact_channel": "sms", "citta_contact_time": "morning"})
        self.assertEqual((person.citta_contact_channel, person.citta_contact_time), ("sms", "morning"))
        with self.assertRaises(AccessError):
            person.with_user(self.operator_b).citta_contact_channel = "email"
        portal = self._portal_user(self.pathway, "p_contact")
        with self.assertRaises(AccessError):
            person.with_user(portal).write({"citta_contact_channel": "email"})

    def test_it_comes_from_the_first_contact(self):
        lead = self.env["crm.lead"].create({
            "name": "Carla", "contact_name": "Carla Provetti", "phone": "000-4411", "user_id": False, "citta_preferred_time": "evening",
            "team_id": self.env.ref("citta_lavoro.crm_team_intake").id, "citta_programme_id": self.programme.id, "citta_body_id": self.body_a.id,
            "citta_territory_id": self.east.id,
        })
        self.env["citta.consent"].create({
            "lead_id": lead.id, "purpose_id": self.env.ref("citta_lavoro.purpose_callback").id, "channel": "paper", "territory_id": self.east.id,
        })
        pathway = lead.with_user(self.operator)._open_pathway()
        self.assertEqual(pathway.partner_id.citta_contact_time, "evening")
