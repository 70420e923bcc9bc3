"""Receipts from several workers at once, many of them taken back after the number was taken: no gap, no double."""

from pathlib import Path

import pytest
from fund_books import is_gapless

SCRIPT = Path(__file__).with_name("receipt_number_script.py")
PROCESSES, GIFTS = 4, 40


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def test_receipts_from_several_workers_with_rollbacks_in_between(fund):
    taken_back = fund.together(SCRIPT, PROCESSES, "issue", PROCESSES)
    assert min(taken_back) > 0, "every worker has taken one back"
    found = fund.alone(SCRIPT, "count")
    assert (found["receipted"], len(set(found["numbers"])), is_gapless(found["numbers"])) == (GIFTS, GIFTS, True)
    assert (found["gaps"], found["broken"]) == ([], [])
