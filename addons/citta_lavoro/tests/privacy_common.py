import base64
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .network_common import NetworkCase
from .people_common import PeopleCase

NAME, EMAIL, PHONE, CODE = "Zoraide Quinterno", "zoraide.quinterno@posta.example", "+39 347 1029384", "QNTZRD80A41F205M"
WORDS = "sogna di aprire una liuteria"
NEEDLES = ("Zoraide", "Quinterno", EMAIL, "3471029384", "347 1029384", CODE, WORDS)


class PrivacyCase(NetworkCase):
    """A person of whom every room holds something, and a privacy officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(cls.env, "v_officer", groups="citta_lavoro.group_citta_privacy_officer")
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls._begin()
        cls._accompany()
        cls._attend()
        cls._write()

    @classmethod
    def _begin(cls):
        """A first contact that becomes a pathway."""
        cls.lead = cls.env["crm.lead"].create({
            "team_id": cls.env.ref("citta_lavoro.crm_team_intake").id, "contact_name": NAME, "email_from": EMAIL, "phone": PHONE,
            "citta_fiscal_code": CODE, "citta_city_id": cls.city.id, "citta_body_id": cls.body_a.id, "user_id": False,
            "citta_reporter_name": f"Zia di {NAME}", "description": f"<p>{WORDS}</p>", "citta_consent_proof": f"Armadio 3, {NAME}",
        })
        for email in ("vecchia.zoraide@posta.example", EMAIL):
            cls.env.flush_all()
            cls.env.cr.precommit.run()
            cls.lead.email_from = email
        cls.env.cr.precommit.run()
        cls.full = cls.lead.with_user(cls.coordinator)._open_pathway().with_user(cls.env.user)
        cls.person = cls.full.partner_id
        cls.person.write({"citta_birth_date": "1980-01-01", "citta_gender": "female", "street": f"Via {NAME} 1", "comment": WORDS})
        cls.full.with_context(tracking_disable=False).write({"referent_id": cls.operator.id, "body_id": cls.body_a.id})
        cls.full.action_activate()
        cls.login = new_test_user(cls.env, EMAIL, groups="base.group_portal", partner_id=cls.person.id, name=NAME)

    @classmethod
    def _accompany(cls):
        Goal, Action = cls.env["citta.goal"], cls.env["citta.action"]
        cls.goal = Goal.create({"name": f"{NAME} {WORDS}", "pathway_id": cls.full.id})
        cls.action = Action.create({"name": f"Telefonare a {PHONE}", "pathway_id": cls.full.id, "goal_id": cls.goal.id})
        cls.env["citta.note"].create({"text": WORDS, "pathway_id": cls.full.id, "visibility": "team"})
        cls.env["citta.person.sensitive"].create({"partner_id": cls.person.id, "health": WORDS})
        cls.application = cls._application(cls.full, message=WORDS)
        cls.idea = cls.env["crm.lead"].create({
            "name": f"La liuteria di {NAME}", "type": "opportunity", "team_id": cls.env.ref("citta_lavoro.crm_team_incubator").id,
            "citta_pathway_id": cls.full.id, "citta_idea": WORDS, "citta_programme_id": cls.programme.id, "user_id": False,
        })
        cls.env["citta.review"].create({"lead_id": cls.idea.id, "comment": f"{NAME} convince", "reviewer_id": cls.env.uid})

    @classmethod
    def _attend(cls):
        now = fields.Datetime.now()
        cls.lab = cls.env["event.event"].create({
            "name": "Laboratorio", "citta_kind": "lab", "citta_programme_id": cls.programme.id,
            "date_begin": now + timedelta(days=1), "date_end": now + timedelta(days=9),
        })
        cls.registration = cls.full._enrol_in_event(cls.lab)
        cls.registration.state = "open"
        session = cls.env["citta.session"].create({
            "event_id": cls.lab.id, "date_begin": now + timedelta(days=1), "date_end": now + timedelta(days=1, hours=2),
        })
        attendances = cls.env["citta.attendance"].search([("session_id", "=", session.id), ("registration_id", "=", cls.registration.id)])
        cls.attendance = attendances or cls.env["citta.attendance"].create({"session_id": session.id, "registration_id": cls.registration.id})
        cls.attendance.write({"status": "present", "note": WORDS})
        survey = cls.env["survey.survey"].create({
            "title": "Questionario", "question_and_page_ids": [Command.create({"title": "Perché?", "question_type": "char_box"})],
        })
        answer = survey._create_answer(partner=cls.person, email=EMAIL)
        cls.env["survey.user_input.line"].create({
            "user_input_id": answer.id, "question_id": survey.question_ids.id, "answer_type": "char_box", "value_char_box": WORDS,
        })

    @classmethod
    def _write(cls):
        """Messages with a tracked value, a mail, a file, an activity, a meeting, a telephone message; words on a stranger's record."""
        cls.full.message_post(body=f"{NAME} {WORDS}", author_id=cls.person.id, attachments=[("lettera.txt", f"{NAME}: {WORDS}".encode())])
        cls.file = cls.env["ir.attachment"].create({
            "name": f"Curriculum di {NAME}.txt", "datas": base64.b64encode(f"{NAME} {WORDS}".encode()),
            "res_model": "citta.pathway", "res_id": cls.full.id,
        })
        cls.full.activity_schedule("mail.mail_activity_data_todo", summary=f"Chiamare {NAME}", user_id=cls.operator.id)
        cls.env["mail.mail"].create({"subject": NAME, "body_html": WORDS, "email_to": EMAIL, "recipient_ids": [Command.link(cls.person.id)]})
        cls.env["calendar.event"].create({
            "name": f"Colloquio con {NAME}", "start": "2026-01-01 10:00:00", "stop": "2026-01-01 11:00:00", "description": WORDS,
            "partner_ids": [Command.set([cls.person.id, cls.operator.partner_id.id])],
        })
        cls.env["sms.sms"].create({"partner_id": cls.person.id, "number": PHONE, "body": WORDS})
        cls.pathway_b.message_post(body=f"Viene sempre con {NAME}, tel. {PHONE}")
        cls.env["mail.mail"].create({"subject": NAME, "body_html": WORDS, "email_to": f"Zoraide <{EMAIL}>"})
        cls.env["privacy.lookup.wizard"].create({"name": NAME, "email": EMAIL}).action_lookup()
        cls.env.flush_all()

    # -- helpers -------------------------------------------------------------

    def _found_texts(self, *needles):
        """Every text column of the database in which a needle still stands.

        :return: table.column: needle
        """
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, string_agg(quote_ident(column_name) || '::text', ',') FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type IN ('character varying', 'text', 'jsonb', 'json', 'character', 'USER-DEFINED') GROUP BY 1"
        )
        found = []
        for table, columns in self.env.cr.fetchall():
            for needle in needles:
                self.env.cr.execute(SQL(
                    "SELECT count(*) FROM %s WHERE concat_ws(' ', %s) ILIKE %s", SQL.identifier(table), SQL(columns), f"%{needle}%"
                ))
                if self.env.cr.fetchone()[0]:
                    found.append(f"{table}: {needle}")
        return found

    def _figures(self):
        """What the programme counts."""
        Pathway = self.env["citta.pathway"]
        by = ["territory_id", "state", "stage_id", "outcome", "body_id", "partner_id.citta_gender", "partner_id.city_id", "age_class"]
        return {
            "pathways": [Pathway._read_group([], [one], ["__count"]) for one in by],
            "leads": self.env["crm.lead"].with_context(active_test=False)._read_group([], ["team_id", "citta_source", "citta_city_id"], ["__count"]),
            "goals": self.env["citta.goal"]._read_group([], ["state"], ["__count"]),
            "applications": self.env["citta.application"]._read_group([], ["state"], ["__count"]),
            "registrations": self.env["event.registration"]._read_group([], ["event_id", "state"], ["__count"]),
            "attendances": self.env["citta.attendance"]._read_group([], ["status"], ["__count"]),
            "answers": self.env["survey.user_input"]._read_group([], ["survey_id"], ["__count"]),
            "kpis": self.env["citta.kpi"].search([]).mapped("actual"),
        }

    def _close(self):
        self.env["citta.pathway.close"].create({
            "pathway_id": self.full.id, "outcome": "job", "closing_reason": f"{NAME} ha trovato lavoro", "date_end": self.today, "outcome_note": WORDS,
        }).action_confirm()

    def _erase(self, user=None, **values):
        erasure = self.env["citta.privacy.erasure"].with_user(user or self.officer).create({"partner_id": self.person.id, **values})
        erasure.action_erase()
        return erasure


class OfficerCase(PeopleCase):
    """A privacy officer, a person with a pathway, and requests in any state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._officer("o_officer")
        cls.pathway = cls._pathway("Ada Prova", referent_id=cls.operator.id)
        cls.person = cls.pathway.partner_id
        login = new_test_user(
            cls.env, "o_ada", groups="base.group_portal", partner_id=cls.person.id, name=cls.person.name, email=cls.person.email,
        )
        cls.strangers = (cls.operator, cls.coordinator, cls.administrator, cls.employee, cls.env.ref("base.public_user"), login)
        cls.requests = cls.env["citta.privacy.request"]

    @classmethod
    def _officer(cls, login):
        return new_test_user(cls.env, login, groups="citta_lavoro.group_citta_privacy_officer", email=f"{login}@posta.example")

    def _request(self, state="received", kind="rectification", **values):
        """A request of the person, brought to a state by the officer."""
        request = self.requests.with_user(self.officer).create({
            "kind": kind, "partner_id": self.person.id, "channel": "mail", "identity": "document", "answer": "Number corrected",
            "refusal_reason": "It is right as it is", "officer_id": self.officer.id, **values,
        })
        if state in ("verified", "answered"):
            request.action_verify()
        if state in ("answered", "refused"):
            getattr(request, {"answered": "action_answer", "refused": "action_refuse"}[state])()
        if state == "lapsed":
            request.sudo()._workflow_move("lapse")
        return request

    def _mails(self, record):
        return self.env["mail.mail"].search([("model", "=", record._name), ("res_id", "=", record.id)], order="id")

    def _log(self, record):
        """(from, to) of every move of a record, the oldest first."""
        rows = self.env["citta.workflow.log"].search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="id")
        return [(row.from_state, row.to_state) for row in rows]
