from datetime import timedelta

from odoo import fields

from .people_common import PeopleCase


class AcademyCase(PeopleCase):
    """A lab with two places in the East, one in the West, and people with pathways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.city = cls.env["res.city"].create({
            "name": "Prova sul Lambro", "country_id": cls.env.ref("base.it").id, "citta_territory_id": cls.east.id,
        })
        cls.lab = cls._event("Lab East")
        cls.lab_west = cls._event("Lab West", citta_programme_id=cls.programme_west.id)
        cls.ada, cls.bea, cls.cleo = (cls._pathway(f"{name} Prova") for name in ("Ada", "Bea", "Cleo"))

    @classmethod
    def _event(cls, name, **values):
        return cls.env["event.event"].create({
            "name": name, "citta_kind": "lab", "citta_programme_id": cls.programme.id,
            "date_begin": cls.now + timedelta(days=3), "date_end": cls.now + timedelta(days=30),
            "seats_limited": True, "seats_max": 2, **values,
        })

    @classmethod
    def _register(cls, event, name="Dora Prova", **values):
        return cls.env["event.registration"].create({
            "event_id": event.id, "name": name, "email": f"{name.split()[0].lower()}@esempio.example", **values,
        })

    @classmethod
    def _session(cls, event, days=3, **values):
        begin = cls.now + timedelta(days=days)
        return cls.env["citta.session"].create({
            "name": "Session", "event_id": event.id, "date_begin": begin, "date_end": begin + timedelta(hours=3), **values,
        })

    def used(self, event):
        """What the counter says."""
        return event._claim_used("seats")

    def assertPlaces(self, event, seated, waiting):
        """Who has a place and who stands in line, in order, by name; the counter agrees with the facts."""
        registrations = self.env["event.registration"].search([("event_id", "=", event.id)], order="id")
        self.assertEqual(registrations.filtered(lambda one: one.state in ("open", "done")).mapped("name"), seated)
        self.assertEqual(event._citta_get_line().mapped("name"), waiting)
        self.assertEqual(self.used(event), len(seated))
        positions = event._citta_get_line().mapped("citta_waiting_position")
        self.assertEqual(positions, list(range(1, len(waiting) + 1)))
