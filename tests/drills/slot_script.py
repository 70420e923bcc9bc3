"""People who choose the same time for a meeting at the same moment."""

import random
import time
from datetime import timedelta

from worker import in_one_request

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

NAME = "Drill: one time"
QUIET = {"citta_silent": True, "mail_notify_force_send": False}


def run(environment, number, verb, *arguments):
    return {"prepare": prepare, "choose": choose, "count": count, "clean": clean}[verb](environment, number, *map(int, arguments))


def prepare(environment, number, processes, rounds):
    """One time per round, one invitation per process and round; what an interrupted drill left behind goes first."""
    clean(environment, number)
    env = environment()
    with env.cr:
        programme = env["citta.programme"].search([], limit=1)
        scope = {"body_id": programme.lead_partner_id.id, "territory_id": programme.territory_id.id}
        start = fields.Datetime.now() + timedelta(days=40)
        env["citta.meeting.slot"].create([
            {**scope, "start": start + timedelta(hours=index), "duration": 0.5, "location": f"{NAME} {index}", "user_id": env.uid} for index in range(rounds)
        ])
        leads = env["crm.lead"].create([
            {
                "name": f"{NAME} {index} {process}", "contact_name": f"{NAME} {index} {process}", "email_from": f"d{process}@posta.example",
                "team_id": env.ref("citta_lavoro.crm_team_intake").id, "citta_programme_id": programme.id, "citta_body_id": scope["body_id"],
                "citta_territory_id": scope["territory_id"],
            }
            for index in range(rounds) for process in range(processes)
        ])
        leads._record_consent("voice", NAME)
        env["citta.invitation"].with_context(**QUIET).create([{"lead_id": lead.id} for lead in leads]).action_send()


def choose(environment, number, rounds):
    """Choose the one time of each round; every time an answer, never an exception."""
    return [in_one_request(environment, take, index, number) for index in range(rounds)]


def take(env, index, number):
    """What the page does: read what is offered, then choose, wholly or not at all."""
    item = env["citta.invitation"].with_context(**QUIET).search([("lead_id.name", "=", f"{NAME} {index} {number}")])
    item._get_slots()
    time.sleep(random.uniform(0, 0.01))
    try:
        with env.cr.savepoint():
            item._choose(env["citta.meeting.slot"].search([("location", "=", f"{NAME} {index}")]))
    except UserError:
        return "gone"
    return item.state


def count(environment, number):
    """What stands at the end: per time, (invitations, meetings, counter)."""
    env = environment()
    with env.cr:
        return [
            [len(slot.invitation_ids), len(slot.invitation_ids.event_id), slot._claim_used("places")]
            for slot in env["citta.meeting.slot"].search(Domain("location", "=like", f"{NAME}%"), order="id")
        ]


def clean(environment, number):
    env = environment()
    with env.cr:
        leads = env["crm.lead"].with_context(active_test=False, **QUIET).search(Domain("name", "=like", f"{NAME}%"))
        leads.citta_consent_ids.unlink()
        leads.unlink()
        env["citta.meeting.slot"].search(Domain("location", "=like", f"{NAME}%")).unlink()
