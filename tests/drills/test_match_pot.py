"""Gifts posted at once against one pot: matched to the cent, receipts without a gap, every invariant holds."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("match_pot_script.py")
PROCESSES, LINES, GIFT, POT = 4, 50, 30025, 4000000


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare", PROCESSES)
    yield drill
    drill.alone(SCRIPT, "clean")


def test_the_pot_is_spent_to_the_cent(fund):
    answers = [answer for process in fund.together(SCRIPT, PROCESSES, "post", timeout=900) for answer in process]
    found = fund.alone(SCRIPT, "count")
    assert len(answers) == PROCESSES * LINES
    assert found["received"] == PROCESSES * LINES * GIFT
    assert sum(matched for matched, _number in answers) == found["matched"] == found["claimed"] == POT
    numbers = sorted(number for _matched, number in answers)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert found["broken"] == []
