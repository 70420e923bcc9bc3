"""An agreement is in force when both have signed it, also when both sign at the same moment."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("agreement_script.py")
ROUNDS = 6


@pytest.fixture
def agreements(drill):
    drill.alone(SCRIPT, "prepare", ROUNDS)
    yield drill
    drill.alone(SCRIPT, "clean")


def test_both_sign_at_once(agreements):
    answers = agreements.together(SCRIPT, 2, "sign", ROUNDS)
    assert answers == [["signed"] * ROUNDS] * 2
    assert agreements.alone(SCRIPT, "count") == [["signed", 2, True]] * ROUNDS


def test_twice_by_each_of_them(agreements):
    answers = agreements.together(SCRIPT, 4, "sign", ROUNDS)
    for one, other in ((0, 2), (1, 3)):
        assert all(sorted(pair) == ["refused", "signed"] for pair in zip(answers[one], answers[other], strict=True))
    assert agreements.alone(SCRIPT, "count") == [["signed", 2, True]] * ROUNDS
