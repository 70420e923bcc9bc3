"""``citta.claim.mixin`` gives the last place once; a row lock, in the same transactions, does not."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("claim_script.py")
PROCESSES, ROUNDS, CAPACITY = 6, 10, 3


@pytest.fixture
def pots(drill):
    drill.alone(SCRIPT, "prepare", ROUNDS)
    yield drill
    drill.alone(SCRIPT, "clean")


def winners(answers):
    """How many processes got a place, per round."""
    return [sum(round_) for round_ in zip(*answers, strict=True)]


def test_claim_gives_exactly_what_there_is(pots):
    answers = pots.together(SCRIPT, PROCESSES, "claim", ROUNDS)
    assert winners(answers) == [CAPACITY] * ROUNDS
    assert pots.alone(SCRIPT, "count") == [float(CAPACITY)] * ROUNDS


def test_row_lock_gives_more_than_there_is(pots):
    """Why the mixin exists: if this ever fails, PostgreSQL or Odoo changed and the guard may become simpler."""
    answers = pots.together(SCRIPT, PROCESSES, "lock", ROUNDS)
    assert max(winners(answers)) > CAPACITY
