"""Both sign an agreement at the same moment."""

import random
import time

from cases import open_cases, remove_cases
from worker import in_one_request

from odoo.exceptions import UserError

NAME = "Drill: one agreement"
ROLES = ("person", "body")


def run(environment, number, verb, *arguments):
    return {"prepare": prepare, "sign": sign, "count": count, "clean": clean}[verb](environment, number, *map(int, arguments))


def prepare(environment, number, rounds):
    """One proposed agreement per round; what an interrupted drill left behind goes first."""
    clean(environment, number)
    env = environment()
    with env.cr:
        pathways = open_cases(env, NAME, rounds)
        agreements = env["citta.agreement"].create([{"pathway_id": pathway.id, "profile": NAME, "frequency": "weekly"} for pathway in pathways])
        agreements.action_propose()


def sign(environment, number, rounds):
    """Sign each agreement for one of the two; every time an answer, never an exception."""
    return [in_one_request(environment, take, index, ROLES[int(number) % 2]) for index in range(rounds)]


def take(env, index, role):
    """What page and button do: look at the paper, then sign it."""
    agreement = env["citta.agreement"].search([("partner_id.name", "=", f"{NAME} {index}")])
    agreement.signature_ids.mapped("role")
    time.sleep(random.uniform(0, 0.01))
    try:
        with env.cr.savepoint():
            agreement._sign(role, NAME, agreement.pdf_sha256)
    except UserError:
        return "refused"
    return "signed"


def count(environment, number):
    """What stands at the end: per agreement, (state, signatures)."""
    env = environment()
    with env.cr:
        found = env["citta.agreement"].search([("partner_id.name", "=like", f"{NAME}%")], order="id")
        return [[one.state, len(one.signature_ids), bool(one.date_signed)] for one in found]


def clean(environment, number):
    env = environment()
    with env.cr:
        remove_cases(env, NAME)
