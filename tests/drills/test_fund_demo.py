"""The books of the demo hold: every standing check of the fund is run on them, and finds nothing."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fund_demo_script.py")
INVARIANTS = 10


@pytest.fixture(scope="module")
def books(drill):
    return drill.alone(SCRIPT)


def faults(answer):
    """What the checks found; there must have been something to find it in."""
    assert len(answer["found"]) >= INVARIANTS
    assert answer["citta.donation"] and answer["citta.receipt"]
    return {code: findings for code, findings in answer["found"].items() if findings}


def test_every_invariant_holds_on_the_untouched_demo(books):
    assert faults(books[0]) == {}


def test_every_invariant_holds_once_the_first_statement_is_posted(books):
    assert faults(books[1]) == {}
    assert books[1]["citta.match.entry"] > 0
    assert books[1]["matched"] == 40000
