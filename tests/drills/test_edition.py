"""An edition takes as many people as it has places, and its count stays true while people change over."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("edition_script.py")
PROCESSES, ROUNDS, PLACES = 4, 4, 2


@pytest.fixture
def editions(drill):
    drill.alone(SCRIPT, "prepare", PROCESSES, ROUNDS, PLACES)
    yield drill
    drill.alone(SCRIPT, "clean")


def test_no_more_than_there_are_places(editions):
    answers = editions.together(SCRIPT, PROCESSES, "join", ROUNDS)
    for round_ in zip(*answers, strict=True):
        assert sorted(round_) == ["full"] * (PROCESSES - PLACES) + ["in"] * PLACES
    assert editions.alone(SCRIPT, "count") == [[PLACES, float(PLACES)], [0, 0.0]] * ROUNDS


def test_the_count_stays_true_while_people_change_over(editions):
    editions.together(SCRIPT, PROCESSES, "change", ROUNDS)
    counts = editions.alone(SCRIPT, "count")
    assert all(people == used <= PLACES for people, used in counts), counts
    assert sum(people for people, _used in counts) > 0
