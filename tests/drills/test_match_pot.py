"""Gifts and one pot that is too small for them: matched to the cent, receipts without a gap, every check holds."""

from pathlib import Path

import pytest
from fund_books import is_gapless

SCRIPT = Path(__file__).with_name("match_pot_script.py")
PROCESSES, GIFT = 4, 30025


@pytest.fixture
def fund(drill):
    yield drill
    drill.alone(SCRIPT, "clean")


def assert_spent(fund, gifts, pot):
    """The pot is spent to the cent, and nothing was lost."""
    found = fund.alone(SCRIPT, "count")
    assert (found["gifts"], found["received"], found["matched"], found["claimed"]) == (gifts, gifts * GIFT, 100 * pot, 100 * pot)
    assert (len(found["numbers"]), is_gapless(found["numbers"]), found["broken"]) == (gifts, True, [])


def test_two_hundred_gifts_at_once_against_a_pot_of_40000(fund):
    gifts, pot = 200, 40000
    fund.alone(SCRIPT, "prepare", gifts, pot)
    answers = [answer for process in fund.together(SCRIPT, PROCESSES, "post", gifts, PROCESSES, timeout=900) for answer in process]
    assert sum(matched for matched, _number in answers) == 100 * pot
    assert sorted({matched for matched, _number in answers}) == [0, 100 * pot % GIFT, GIFT], "whole, nothing, and one in part"
    assert_spent(fund, gifts, pot)


def test_gifts_of_a_batch_are_matched_in_the_order_of_payment(fund):
    """The first ones are posted at once, the others by the scheduled job; the pot ends among the latter."""
    gifts, pot = 56, 14000
    whole = 100 * pot // GIFT
    fund.alone(SCRIPT, "prepare", gifts, pot)
    fund.alone(SCRIPT, "batch")
    assert fund.alone(SCRIPT, "order") == [GIFT] * whole + [100 * pot % GIFT] + [0] * (gifts - whole - 1)
    assert_spent(fund, gifts, pot)
