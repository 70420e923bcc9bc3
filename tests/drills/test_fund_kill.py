"""The server dies in the middle of long work, several times, and is started again: nothing is lost, nothing is double."""

import random
import time
from pathlib import Path

import pytest
from fund_books import is_gapless

SCRIPT = Path(__file__).with_name("fund_kill_script.py")
GIFTS, KILLS, MATCHED = 24, 3, 14500


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def killed(drill, verb):
    """Start the work, kill it with no warning in the middle of a later step; what stands in the books then."""
    worker = drill.start(SCRIPT, 0, verb, "aloud")
    try:
        worker.go()
        assert worker.hear(), "it died by itself"
        # somewhere within the next step
        time.sleep(random.Random(verb).random() / 4)
    finally:
        worker.kill()
    found = drill.alone(SCRIPT, "count")
    assert found["broken"] == []
    assert is_gapless(found["numbers"])
    return found


def post_all(drill):
    drill.alone(SCRIPT, "queue")
    drill.alone(SCRIPT, "post")


def test_kill_in_the_middle_of_posting_a_batch(fund):
    fund.alone(SCRIPT, "queue")
    before = 0
    for _kill in range(KILLS):
        found = killed(fund, "post")
        assert before < found["gifts"] < GIFTS, "killed in the middle, and what was posted stayed"
        assert found["queued"] == GIFTS - found["gifts"]
        before = found["gifts"]
    fund.alone(SCRIPT, "post")
    found = fund.alone(SCRIPT, "count")
    assert (found["gifts"], found["received"], found["queued"], found["broken"]) == (GIFTS, 1000 * GIFTS, 0, [])
    assert found["matched"] == found["claimed"] == MATCHED


def test_kill_in_the_middle_of_a_yearly_receipt_run(fund):
    post_all(fund)
    fund.alone(SCRIPT, "start")
    before = 0
    for _kill in range(KILLS):
        found = killed(fund, "issue")
        assert before < len(found["numbers"]) < GIFTS, "killed in the middle, and what was issued stayed"
        before = len(found["numbers"])
    fund.alone(SCRIPT, "issue")
    found = fund.alone(SCRIPT, "count")
    assert (len(found["numbers"]), found["receipted"], found["broken"]) == (GIFTS, GIFTS, [])
    assert is_gapless(found["numbers"])
