"""What two people do at the same moment with the same line or gift happens once; the others are told."""

from pathlib import Path

import pytest
from fund_books import is_gapless

SCRIPT = Path(__file__).with_name("fund_twice_script.py")
PROCESSES = 4


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def look(fund, **expected):
    """The books hold, and are as expected."""
    found = fund.alone(SCRIPT, "count")
    assert found["broken"] == []
    assert is_gapless(found["numbers"])
    assert {name: found[name] for name in expected} == expected


def test_two_people_post_the_same_line(fund):
    told = fund.together(SCRIPT, PROCESSES, "press", "post")
    assert told.count("done") == 1
    look(fund, states=["receipted"], received=5000, matched=5000, claimed=5000, valid=1)


def test_one_posts_the_line_while_another_posts_all_certain_ones(fund):
    fund.together(SCRIPT, PROCESSES, "press", "post", "certain")
    look(fund, states=["receipted"], received=5000, matched=5000, claimed=5000, valid=1)


@pytest.mark.parametrize("buttons", [("refund",), ("undo",), ("refund", "undo")], ids=" and ".join)
def test_two_people_take_the_same_gift_back(fund, buttons):
    fund.alone(SCRIPT, "press", "post")
    assert fund.together(SCRIPT, PROCESSES, "press", *buttons).count("done") == 1
    found = fund.alone(SCRIPT, "count")
    look(fund, received=0, matched=0, claimed=0, valid=0, refunds=int(found["states"] == ["refunded"]))


def test_two_people_reissue_the_same_receipt(fund):
    fund.alone(SCRIPT, "press", "post")
    assert fund.together(SCRIPT, PROCESSES, "press", "reissue").count("done") >= 1
    look(fund, states=["receipted"], received=5000, valid=1)


def test_one_voids_the_receipt_while_another_refunds(fund):
    fund.alone(SCRIPT, "press", "post")
    assert "done" in fund.together(SCRIPT, PROCESSES, "press", "void", "refund")
    look(fund, states=["refunded"], received=0, matched=0, claimed=0, valid=0, refunds=1)


def test_two_transfers_of_a_sponsor_for_one_debt(fund):
    fund.alone(SCRIPT, "press", "post")
    fund.alone(SCRIPT, "press", "bring")
    assert fund.together(SCRIPT, PROCESSES, "press", "pay first", "pay second").count("done") == 1
    look(fund, states=["receipted"], received=5000, matched=5000, claimed=5000, owed=0, paid=1)
