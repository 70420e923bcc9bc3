"""The last place of a lab is given once, to whoever comes, and none stays free while somebody waits."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("last_seat_script.py")
PROCESSES, ROUNDS, SEATS = 4, 5, 1


@pytest.fixture
def labs(drill):
    drill.alone(SCRIPT, "prepare", ROUNDS, SEATS)
    yield drill
    drill.alone(SCRIPT, "clean")


def test_as_many_places_as_there_are_and_the_rest_waits(labs):
    answers = labs.together(SCRIPT, PROCESSES, "register", ROUNDS)
    for round_ in zip(*answers, strict=True):
        assert sorted(round_) == ["open"] * SEATS + ["waits"] * (PROCESSES - SEATS)
    assert labs.alone(SCRIPT, "count") == [[SEATS, PROCESSES - SEATS, float(SEATS)]] * ROUNDS


def test_no_place_stays_free_while_somebody_waits(labs):
    labs.together(SCRIPT, PROCESSES, "churn", ROUNDS)
    staying = PROCESSES // 2
    assert labs.alone(SCRIPT, "count") == [[SEATS, staying - SEATS, float(SEATS)]] * ROUNDS
