"""Claimers of a pot with three places: by ``_claim``, and by the row lock that looks safe and is not."""

import random
import time

from worker import in_one_request

CAPACITY = 3
TABLE = "citta_drill_award"


def run(environment, number, verb, rounds=0):
    return {"prepare": prepare, "claim": claim_rounds, "lock": lock_rounds, "count": count, "clean": clean}[verb](
        environment, int(rounds)
    )


def prepare(environment, rounds):
    """One counter per round with room for three, and a scratch table for the row lock."""
    env = environment()
    with env.cr:
        clean_rows(env)
        env.cr.execute(f"CREATE TABLE {TABLE} (round int, guard text)")
        for index in range(rounds):
            env.cr.execute(
                "INSERT INTO citta_claim (res_model, res_id, kind, used, capacity) VALUES (%s, %s, %s, 0, %s)",
                ("event.event", event(env).id, f"drill-{index}", CAPACITY),
            )


def claim_rounds(environment, rounds):
    """Take one place in each round, retried as Odoo does; never an exception, always an answer."""
    return [in_one_request(environment, claim, index) for index in range(rounds)]


def claim(env, index):
    env["res.partner"].search_count([])  # as in every real request, something is read before the guard
    return event(env)._claim(f"drill-{index}")


def lock_rounds(environment, rounds):
    """The same by locking the row, counting, inserting."""
    return [in_one_request(environment, lock, index) for index in range(rounds)]


def lock(env, index):
    env["res.partner"].search_count([])
    time.sleep(random.uniform(0, 0.01))
    env.cr.execute("SELECT id FROM citta_claim WHERE kind = %s FOR UPDATE", (f"drill-{index}",))
    env.cr.execute(f"SELECT count(*) FROM {TABLE} WHERE round = %s", (index,))
    if env.cr.fetchone()[0] >= CAPACITY:
        return False
    env.cr.execute(f"INSERT INTO {TABLE} VALUES (%s, 'lock')", (index,))
    return True


def count(environment, rounds):
    """What stands in the database at the end: places used per round."""
    env = environment()
    with env.cr:
        env.cr.execute("SELECT used FROM citta_claim WHERE kind LIKE 'drill-%'")
        return [float(used) for (used,) in env.cr.fetchall()]


def clean(environment, rounds):
    env = environment()
    with env.cr:
        clean_rows(env)


def clean_rows(env):
    env.cr.execute(f"DROP TABLE IF EXISTS {TABLE}")
    env.cr.execute("DELETE FROM citta_claim WHERE kind LIKE 'drill-%'")


def event(env):
    """Any record with the claim mixin."""
    return env["event.event"].search([], limit=1, order="id")
