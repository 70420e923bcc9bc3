"""What is said twice, at the same moment and by two workers, happens once."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fund_twice_script.py")
PROCESSES = 4


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def test_notices_and_buttons(fund):
    answers = fund.together(SCRIPT, PROCESSES, "notify")
    assert {found for process in answers for found in process} == {1}
    told = fund.together(SCRIPT, PROCESSES, "post")
    assert told.count("posted") == 1
    found = fund.alone(SCRIPT, "count")
    assert found == {"gifts": 2, "received": 100.0, "receipts": 2, "broken": []}
