"""A closed pathway has nothing open, and one canvas and one profile, also when two press in the same moment."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("closure_script.py")
ROUNDS = 8


@pytest.fixture
def pathways(drill):
    drill.alone(SCRIPT, "prepare", ROUNDS)
    yield drill
    drill.alone(SCRIPT, "clean")


def test_closed_while_actions_are_added_and_taken_up(pathways):
    answers = pathways.together(SCRIPT, 3, "close", ROUNDS)
    assert all("done" in one for one in zip(*answers, strict=True))
    assert not [one for one in pathways.alone(SCRIPT, "count") if one[0] and one[1]], "open actions on a closed pathway"


@pytest.mark.parametrize("name", ["citta.canvas", "citta.person.profile"])
def test_begun_in_two_tabs_at_once(pathways, name):
    answers = pathways.together(SCRIPT, 2, "begin", name, ROUNDS)
    assert all(sorted(pair) == ["begun", "there"] for pair in zip(*answers, strict=True))
