"""Two hundred gifts and one pot that is too small for them: matched to the cent, receipts without a gap, every check holds."""

from pathlib import Path

import pytest
from fund_books import is_gapless

SCRIPT = Path(__file__).with_name("match_pot_script.py")
PROCESSES, GIFTS, GIFT, POT = 4, 200, 30025, 4000000


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def assert_spent(fund):
    """The pot is spent to the cent, and nothing was lost."""
    found = fund.alone(SCRIPT, "count")
    assert (found["gifts"], found["received"], found["matched"], found["claimed"]) == (GIFTS, GIFTS * GIFT, POT, POT)
    assert (len(found["numbers"]), is_gapless(found["numbers"]), found["broken"]) == (GIFTS, True, [])


def test_two_hundred_gifts_at_once_against_a_pot(fund):
    answers = [answer for process in fund.together(SCRIPT, PROCESSES, "post", PROCESSES, timeout=900) for answer in process]
    assert sum(matched for matched, _number in answers) == POT
    assert sorted({matched for matched, _number in answers}) == [0, POT % GIFT, GIFT], "whole, nothing, and one in part"
    assert_spent(fund)


def test_two_hundred_gifts_in_a_batch_are_matched_in_the_order_of_payment(fund):
    fund.alone(SCRIPT, "batch")
    whole = POT // GIFT
    assert fund.alone(SCRIPT, "order") == [GIFT] * whole + [POT % GIFT] + [0] * (GIFTS - whole - 1)
    assert_spent(fund)
