from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CasePortalCommon
from .test_people_person_profile import FactsCommon


@tagged("post_install", "-at_install")
class TestFactsPage(CasePortalCommon, FactsCommon):
    """The person reads everything, changes what is the person's, and reaches nothing of anybody else."""

    PATH = "/my/percorso/su-di-me"

    def save(self, login="p_ada", **values):
        return self.post(f"{self.PATH}/disponibilita", values, login=login)

    def languages(self):
        self.env.invalidate_all()
        return self.pathway.language_ids

    def test_the_page_shows_what_is_known(self):
        profile = self.isee(-3, household_size=4)
        profile.action_isee_seen()
        self.env["citta.status.declaration"].create({
            "pathway_id": self.pathway.id, "kind": "naspi", "date_start": self.today, "date_end": self.today + timedelta(days=9), "authority": "INPS X",
        })
        text = self.page(self.PATH).text
        for shown in ("Low band", "Expired", "INPS X", "NASpI", "People at home"):
            self.assertIn(shown, text)
        self.assertNotIn("Low band", self.page(self.PATH, "p_bea").text)

    def test_availability_is_kept_and_dated(self):
        self.assertEqual(self.page(self.PATH).status_code, 200)
        sent = {
            f"slot_{self.morning.id}": "1", "hours_week": "20", "travel_minutes": "30", "travel_car": "1", "care_constraint": "school",
            "date_available": "2026-01-15", "available_nights": "1",
        }
        for _again in (1, 2):
            self.assertIn("notice=saved", self.save(**sent).headers["Location"])
        profile = self.pathway.profile_ids
        self.assertEqual((len(profile), profile.slot_ids, profile.hours_week, profile.care_constraint), (1, self.morning, 20, "school"))
        self.assertEqual((profile.availability_by, profile.availability_date, profile.travel_car), ("person", self.today, True))
        self.save(hours_week="")
        self.assertFalse(profile.slot_ids or profile.hours_week or profile.travel_car or profile.date_available)

    def test_wrong_words_come_back(self):
        for wrong in ({"hours_week": "61"}, {"hours_week": "molte"}, {"hours_week": "-3"}, {"travel_minutes": "999"}, {"date_available": "domani"}):
            answer = self.save(**{f"slot_{self.evening.id}": "1", **wrong})
            self.assertEqual(answer.status_code, 200)
            self.assertIn('role="alert"', answer.text)
            self.assertRegex(answer.text, rf'name="slot_{self.evening.id}"[^>]*checked')
        self.assertFalse(self.pathway.profile_ids)

    def test_papers_and_household_are_not_the_persons_to_change(self):
        profile = self.isee(household_size=2)
        self.save(
            hours_week="5", isee_band_id=str(self.high.id), isee_date_end="2099-01-01", isee_seen_by_id=str(self.operator.id), isee_seen_on="2024-01-01",
            household_size="9", pathway_id=str(self.of_b.id), care_constraint="invented",
        )
        self.assertEqual((profile.isee_band_id, profile.household_size, profile.pathway_id), (self.low, 2, self.pathway))
        self.assertEqual((profile.hours_week, profile.care_constraint), (5, False))
        self.assertFalse(profile.isee_seen_on or self.of_b.profile_ids)

    def test_a_language_is_added_once_and_taken_away(self):
        data = {"skill_id": str(self.french.id), "level_id": str(self.b1.id)}
        self.assertIn("notice=saved", self.post(f"{self.PATH}/lingua", data).headers["Location"])
        self.assertIn("notice=there", self.post(f"{self.PATH}/lingua", data).headers["Location"])
        own = self.languages()
        self.assertEqual((own.skill_id, own.level_id, own.filled_by, own.is_native), (self.french, self.b1, "person", False))
        self.post(f"{self.PATH}/lingua", {"skill_id": str(self.italian.id), "level_id": "native"})
        self.assertTrue(self.languages().filtered("is_native").skill_id == self.italian)
        self.assertIn("mother tongue", self.page(self.PATH).text)
        self.post(f"{self.PATH}/lingua/{own.id}/togli")
        self.assertEqual(self.languages().skill_id, self.italian)

    def test_only_languages_by_that_door(self):
        with mute_logger("odoo.http"):
            for skill in (self.car.id, self.env.ref("hr_skills.hr_skill_teamwork").id, 0, "x"):
                self.assertEqual(self.post(f"{self.PATH}/lingua", {"skill_id": str(skill)}).status_code, 404)
        self.assertFalse(self.pathway.skill_ids)

    def test_licences_are_ticked(self):
        self.post(f"{self.PATH}/patenti", {f"licence_{self.car.id}": "1", f"licence_{self.french.id}": "1"})
        self.assertEqual(self.pathway.licence_ids.skill_id, self.car)
        self.post(f"{self.PATH}/patenti", {f"licence_{self.car.id}": "1", f"licence_{self.lorry.id}": "1"})
        self.env.invalidate_all()
        self.assertEqual(self.pathway.licence_ids.skill_id, self.car | self.lorry)
        self.post(f"{self.PATH}/patenti")
        self.env.invalidate_all()
        self.assertFalse(self.pathway.skill_ids)

    def test_what_an_operator_saw_stays(self):
        seen = self.env["citta.person.skill"].with_user(self.operator).create([
            {"pathway_id": self.pathway.id, "skill_id": self.lorry.id, "evidence": "document"}, {"pathway_id": self.pathway.id, "skill_id": self.french.id},
        ])
        told = self.env["citta.person.skill"].create({"pathway_id": self.pathway.id, "skill_id": self.car.id, "filled_by": "person", "evidence": "seen"})
        self.post(f"{self.PATH}/patenti")
        with mute_logger("odoo.http"):
            for entry in seen | told:
                self.assertEqual(self.post(f"{self.PATH}/lingua/{entry.id}/togli").status_code, 404)
        self.assertEqual(len((seen | told).exists()), 3)

    def test_nobody_elses_rows(self):
        theirs = self.env["citta.person.skill"].create({"pathway_id": self.of_b.id, "skill_id": self.french.id, "filled_by": "person"})
        with mute_logger("odoo.http"):
            self.assertEqual(self.post(f"{self.PATH}/lingua/{theirs.id}/togli").status_code, 404)
            self.assertEqual(self.post(f"{self.PATH}/disponibilita", csrf=False).status_code, 400)
        self.assertTrue(theirs.exists())
        for model in ("citta.person.profile", "citta.status.declaration", "citta.time.slot", "citta.isee.band"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.ada).search([])

    def test_how_to_be_reached(self):
        person = self.pathway.partner_id
        name = person.name
        self.post(f"{self.PATH}/contatti", {"channel": "chat", "time": "evening", "citta_body_id": str(self.body_b.id), "name": "Forged"})
        self.assertEqual((person.citta_contact_channel, person.citta_contact_time), ("chat", "evening"))
        self.assertEqual((person.name, person.citta_body_id), (name, self.body_a))
        self.post(f"{self.PATH}/contatti", {"channel": "telepathy", "time": ""})
        self.assertFalse(person.citta_contact_channel or person.citta_contact_time)

    def test_a_closed_pathway_is_read_only(self):
        self.isee()
        self.close(self.pathway)
        text = self.page(self.PATH).text
        self.assertIn("Low band", text)
        for button in ("save_availability", "add_language", "save_licences", "save_contact"):
            self.assertNotIn(button, text)
        with mute_logger("odoo.http"):
            for door in ("disponibilita", "contatti", "lingua", "patenti"):
                self.assertEqual(self.post(f"{self.PATH}/{door}").status_code, 404, door)

    def test_without_a_pathway_there_is_no_page(self):
        self.authenticate("p_employee", "p_employee")
        answer = self.url_open(self.PATH, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith("/my/percorso"))
