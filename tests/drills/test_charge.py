"""A saved card is charged once a month, however many workers run the job at the same moment."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("charge_script.py")
PROCESSES, PLEDGES = 4, 5


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def test_workers_at_once(fund):
    assert fund.together(SCRIPT, PROCESSES, "charge") == ["done"] * PROCESSES
    found = fund.alone(SCRIPT, "count")
    assert found == {"sent": [PLEDGES, PLEDGES], "gifts": PLEDGES, "months": [2] * PLEDGES, "received": 2000 * PLEDGES, "broken": []}
