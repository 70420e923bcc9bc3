"""People who register to the same lab at the same moment, and others who cancel meanwhile."""

import random
import time
from datetime import timedelta

from worker import in_one_request

from odoo import fields
from odoo.fields import Domain

NAME = "Drill: last seat"


def run(environment, number, verb, *arguments):
    return {"prepare": prepare, "register": register, "churn": churn, "count": count, "clean": clean}[verb](
        environment, number, *map(int, arguments)
    )


def prepare(environment, number, rounds, seats):
    """One lab per round, with so many places; what an interrupted drill left behind goes first."""
    clean(environment, number)
    env = environment()
    with env.cr:
        begin = fields.Datetime.now() + timedelta(days=5)
        programme = env["citta.programme"].search([], limit=1)
        env["event.event"].create([
            {
                "name": f"{NAME} {index}", "citta_kind": "lab", "citta_programme_id": programme.id, "date_begin": begin,
                "date_end": begin + timedelta(days=1), "seats_limited": True, "seats_max": seats,
            }
            for index in range(rounds)
        ])


def register(environment, number, rounds):
    """Register once to each lab; every time an answer, never an exception."""
    return [in_one_request(environment, take, index, f"Visitor {number}") for index in range(rounds)]


def churn(environment, number, rounds):
    """Odd processes register, even ones register and cancel at once: places are given back while others come."""
    answers = []
    for index in range(rounds):
        answers.append(in_one_request(environment, take, index, f"Visitor {number}"))
        if int(number) % 2 == 0:
            in_one_request(environment, give_back, index, f"Visitor {number}")
    return answers


def take(env, index, name):
    """What a request does: read something, then register."""
    event = lab(env, index)
    event.read(["seats_available", "event_registrations_open"])
    time.sleep(random.uniform(0, 0.01))
    registration = env["event.registration"].create({"event_id": event.id, "name": name})
    return "waits" if registration.citta_waiting else registration.state


def give_back(env, index, name):
    """Cancel the own registration."""
    env["event.registration"].search([("event_id", "=", lab(env, index).id), ("name", "=", name)]).action_cancel()


def count(environment, number):
    """What stands at the end: per lab, (seated, waiting, counter)."""
    env = environment()
    with env.cr:
        return [
            [
                len(event.registration_ids.filtered(lambda one: one.state in ("open", "done"))),
                len(event._citta_get_line()),
                event._claim_used("seats"),
            ]
            for event in env["event.event"].search(mine(), order="id")
        ]


def clean(environment, number):
    env = environment()
    with env.cr:
        events = env["event.event"].search(mine())
        env["event.registration"].with_context(active_test=False).search([("event_id", "in", events.ids)]).action_cancel()
        env["event.registration"].with_context(active_test=False).search([("event_id", "in", events.ids)]).unlink()
        events.unlink()


def mine():
    return Domain("name", "=like", f"{NAME}%")


def lab(env, index):
    return env["event.event"].search(Domain("name", "=", f"{NAME} {index}"))
