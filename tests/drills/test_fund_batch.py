"""Several treasurers post the same statement in one go: each line once, the pot to the cent, in the order of the lines."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fund_batch_script.py")
PROCESSES, LINES, GIFT, POT = 4, 40, 10, 130


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def test_one_statement_many_treasurers(fund):
    posted = fund.together(SCRIPT, PROCESSES, "press")
    assert sorted(posted) == [0] * (PROCESSES - 1) + [LINES]
    found = fund.alone(SCRIPT, "count")
    matched = [GIFT] * (POT // GIFT) + [0] * (LINES - POT // GIFT)
    assert found == {"gifts": LINES, "received": float(GIFT * LINES), "claimed": float(POT), "matched": matched, "receipts": LINES, "broken": []}
