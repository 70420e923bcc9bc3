"""A time for a meeting is given once, also when many choose it at the same moment; the others are told."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("slot_script.py")
PROCESSES, ROUNDS = 4, 5


@pytest.fixture
def times(drill):
    drill.alone(SCRIPT, "prepare", PROCESSES, ROUNDS)
    yield drill
    drill.alone(SCRIPT, "clean")


def test_a_time_is_given_once(times):
    answers = times.together(SCRIPT, PROCESSES, "choose", ROUNDS)
    for round_ in zip(*answers, strict=True):
        assert sorted(round_) == ["booked"] + ["gone"] * (PROCESSES - 1)
    assert times.alone(SCRIPT, "count") == [[1, 1, 1.0]] * ROUNDS
