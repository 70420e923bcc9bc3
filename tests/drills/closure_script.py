"""One closes a pathway while another one adds to it; two begin at once what a pathway has one of."""

import time

from cases import open_cases, remove_cases
from worker import in_one_request

from odoo.exceptions import UserError

NAME = "Drill: one closure"
SINGLE = {"citta.canvas": "canvas_ids", "citta.person.profile": "profile_ids"}


def run(environment, number, verb, *arguments):
    return {"prepare": prepare, "close": close, "begin": begin, "count": count, "clean": clean}[verb](environment, number, *arguments)


def prepare(environment, number, rounds):
    """One active pathway per round, with an action that is done; what an interrupted drill left behind goes first."""
    clean(environment, number)
    env = environment()
    with env.cr:
        open_cases(env, NAME, int(rounds)).action_ids.action_done()


def close(environment, number, rounds):
    """The first closes; the second adds an action, the third takes up the one that is done. Always an answer, never an exception."""
    return [in_one_request(environment, take, index, int(number)) for index in range(int(rounds))]


def take(env, index, number):
    pathway = _find(env, index)
    pathway.action_ids.mapped("state")
    time.sleep(0.05)  # all have looked before anybody writes
    try:
        with env.cr.savepoint():
            if number == 0:
                pathway.write({"state": "closed", "outcome": "job"})
            elif number == 1:
                env["citta.action"].create({"name": NAME, "pathway_id": pathway.id})
            else:
                pathway.action_ids[0].action_reopen()
    except UserError:
        return "refused"
    return "done"


def begin(environment, number, name, rounds):
    """What the portal's form does at its first save."""
    return [in_one_request(environment, save, index, name) for index in range(int(rounds))]


def save(env, index, name):
    pathway = _find(env, index)
    if pathway[SINGLE[name]]:
        return "there"
    time.sleep(0.05)
    pathway._begin_alone(name, {})
    return "begun"


def count(environment, number):
    """What stands at the end: per pathway, whether it is closed, and how many open actions, canvases and profiles it has."""
    env = environment()
    with env.cr:
        found = env["citta.pathway"].search([("partner_id.name", "=like", f"{NAME}%")], order="id")
        return [[one.state == "closed", one.open_action_count, len(one.canvas_ids), len(one.profile_ids)] for one in found]


def clean(environment, number):
    env = environment()
    with env.cr:
        remove_cases(env, NAME)


def _find(env, index):
    return env["citta.pathway"].search([("partner_id.name", "=", f"{NAME} {index}")])
