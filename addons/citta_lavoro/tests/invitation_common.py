from datetime import timedelta

from odoo import fields

from ..tools.slots import to_local
from .case_common import CaseCommon


class InvitationCase(CaseCommon):
    """Times of body A and body B in the East, a first contact of body A, and a pathway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        cls.today = to_local(fields.Datetime.now(), "Europe/Rome").date()
        cls.first, cls.second, cls.third = (cls._slot(hours) for hours in (72, 74, 76))
        cls.of_body_b = cls._slot(72, cls.operator_b, cls.body_b)
        cls.lead = cls._lead(cls)
        cls.partners = cls.env["res.partner"]

    @classmethod
    def _slot(cls, hours, user=None, body=None, **values):
        return cls.env["citta.meeting.slot"].create({
            "user_id": (user or cls.operator).id, "body_id": (body or cls.body_a).id, "territory_id": cls.east.id, "duration": 1,
            "start": cls.now + timedelta(hours=hours), "location": "Via Esempio 5", **values,
        })

    @classmethod
    def _invite(cls, record=None, user=None, **values):
        record = record or cls.lead
        link = {"crm.lead": "lead_id", "citta.pathway": "pathway_id"}[record._name]
        return cls.env["citta.invitation"].with_user(user or cls.operator).create({link: record.id, **values})

    def _sent(self, record=None, **values):
        item = self._invite(record, **values)
        item.action_send()
        return item

    def _booked(self, record=None, slot=None, **values):
        item = self._sent(record, **values)
        # sudo: as the page does for the person
        item.sudo()._choose((slot or self.first).sudo())
        return item

    def _pass(self, item, hours=2):
        """Let the meeting have been so many hours ago."""
        # sudo: only time moves a meeting into the past
        event = item.sudo().event_id.with_context(dont_notify=True)
        start = fields.Datetime.now() - timedelta(hours=hours)
        event.write({"start": start, "stop": start + timedelta(hours=1)})
        self.env.flush_all()
        item.invalidate_recordset()

    def _mails(self, item):
        """Letters to the person, without notices to colleagues."""
        mails = self.env["mail.mail"].search([("model", "=", "citta.invitation"), ("res_id", "=", item.id)], order="id")
        return mails.filtered("email_to")

    def _calls(self, record):
        """Summaries of what the operator has to do about a first contact or pathway."""
        return self.env["mail.activity"].search([("res_model", "=", record._name), ("res_id", "=", record.id)]).mapped("summary")
