"""Invariant 10: an erased person is nowhere, in no table and no file, and no figure changes; cut off half-way, nothing happened."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("erasure_script.py")


@pytest.fixture(scope="module")
def story(drill):
    """The steps, each once: the database is a copy made for the drills."""
    drill.alone(SCRIPT, "prepare")
    before = {"grep": drill.alone(SCRIPT, "grep"), "figures": drill.alone(SCRIPT, "figures")}
    killed = cut_off(drill)
    between = {"grep": drill.alone(SCRIPT, "grep"), "figures": drill.alone(SCRIPT, "figures")}
    state = drill.alone(SCRIPT, "erase")
    after = {"grep": drill.alone(SCRIPT, "grep"), "figures": drill.alone(SCRIPT, "figures")}
    return {"before": before, "killed": killed, "between": between, "state": state, "after": after}


def cut_off(drill):
    """Kill an erasure in the middle.

    :return: what it had said by then
    """
    worker = drill.start(SCRIPT, 0, "hang")
    try:
        worker.go()
        return worker.hear()
    finally:
        worker.kill()


def test_the_marks_are_everywhere_before(story):
    places = {line.split(":")[0] for line in story["before"]["grep"]}
    assert len(places) > 20, places
    assert {"res_partner", "crm_lead", "res_users", "mail_message", "citta_note", "ir_attachment", "calendar_event"} <= places
    assert [place for place in places if "/" in place], "files too"


def test_cut_off_half_way_nothing_happened(story):
    assert story["killed"] == "in the middle"
    assert story["between"] == story["before"]


def test_run_again_nothing_is_left(story):
    assert story["state"] == "done"
    assert story["after"]["grep"] == []


def test_no_figure_changed(story):
    assert story["after"]["figures"] == story["before"]["figures"]
