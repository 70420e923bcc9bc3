"""The server dies in the middle of long work, several times, and is started again: nothing is lost, nothing is double."""

import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fund_kill_script.py")
GIFTS, KILLS, SECONDS = 30, 3, 1.5


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def cut_off(drill, verb):
    """Start the work and kill it with no warning, some time after it has begun."""
    worker = drill.start(SCRIPT, 0, verb)
    try:
        worker.go()
        time.sleep(SECONDS)
    finally:
        worker.kill()


def test_batch_of_gifts_and_receipts_of_a_year(fund):
    fund.alone(SCRIPT, "queue")
    for _kill in range(KILLS):
        cut_off(fund, "post")
    fund.together(SCRIPT, 1, "post")
    found = fund.alone(SCRIPT, "count")
    assert (found["gifts"], found["received"], found["queued"], found["broken"]) == (GIFTS, 10.0 * GIFTS, 0, [])

    fund.alone(SCRIPT, "start")
    for _kill in range(KILLS):
        cut_off(fund, "issue")
    fund.together(SCRIPT, 1, "issue")
    found = fund.alone(SCRIPT, "count")
    assert found["receipts"] == GIFTS
    assert found["numbers"] == list(range(found["numbers"][0], found["numbers"][0] + GIFTS))
    assert found["broken"] == []
