"""People who are put into the same edition at the same moment, and others who change over meanwhile."""

import random
import time

from worker import in_one_request

from odoo.exceptions import UserError
from odoo.fields import Domain

NAME = "Drill: edition"
MOVES = 4


def run(environment, number, verb, *arguments):
    return {"prepare": prepare, "join": join, "change": change, "count": count, "clean": clean}[verb](environment, number, *map(int, arguments))


def prepare(environment, number, processes, rounds, places):
    """Two editions per round, one pathway per process and round; what an interrupted drill left behind goes first."""
    clean(environment, number)
    env = environment()
    with env.cr:
        programme = env["citta.programme"].search([], limit=1)
        same = {"programme_id": programme.id, "body_id": programme.lead_partner_id.id}
        env["citta.cohort"].create([{**same, "name": name(index, side), "capacity": places} for index in range(rounds) for side in "ab"])
        persons = env["res.partner"].create([{"name": name(index, process)} for index in range(rounds) for process in range(processes)])
        env["citta.pathway"].create([{**same, "partner_id": person.id} for person in persons])


def join(environment, number, rounds):
    """Join the first edition of each round; every time an answer, never an exception."""
    return [in_one_request(environment, take, index, number, "a") for index in range(rounds)]


def change(environment, number, rounds):
    """Go to and fro, half of the people the other way round: two who cross must not block each other."""
    return [in_one_request(environment, take, index, number, "ab"[(step + int(number)) % 2]) for index in range(rounds) for step in range(MOVES)]


def take(env, index, number, side):
    """What a request does: look at the edition, then put the person in, wholly or not at all."""
    cohort = env["citta.cohort"].search([("name", "=", name(index, side))])
    cohort.read(["taken"])
    time.sleep(random.uniform(0, 0.01))
    try:
        with env.cr.savepoint():
            env["citta.pathway"].search([("partner_id.name", "=", name(index, number))]).cohort_id = cohort
    except UserError:
        return "full"
    return "in"


def count(environment, number):
    """What stands at the end: per edition, (people, counter)."""
    env = environment()
    with env.cr:
        return [[cohort.taken, cohort._claim_used("places")] for cohort in env["citta.cohort"].search(mine(), order="name")]


def clean(environment, number):
    env = environment()
    with env.cr:
        pathways = env["citta.pathway"].search(Domain("partner_id.name", "=like", f"{NAME}%"))
        persons = pathways.partner_id
        pathways.unlink()
        persons.unlink()
        env["citta.cohort"].search(mine()).unlink()


def mine():
    return Domain("name", "=like", f"{NAME}%")


def name(index, which):
    return f"{NAME} {index} {which}"
