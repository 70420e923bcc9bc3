"""The same statement twice, at once, overlapping ones, and a file that is far too large: every movement once, no process lost."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fund_statement_script.py")
NOTHING = "Nothing was changed"
MOST_MEMORY = 256  # MB above what the process held before


@pytest.fixture
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


def assert_once(fund, lines):
    """Each movement stands once, the balances follow each other, every check holds; posting makes one gift of each."""
    found = fund.alone(SCRIPT, "count")
    assert (found["lines"], found["sum"], found["complete"], found["broken"]) == (lines, 1000 * lines, [True] * len(found["complete"]), [])
    fund.alone(SCRIPT, "post")
    found = fund.alone(SCRIPT, "count")
    assert (found["gifts"], found["received"], found["broken"]) == (lines, 1000 * lines, [])


def test_same_statement_twice(fund):
    assert fund.alone(SCRIPT, "load", 1, 6) == "imported"
    assert fund.alone(SCRIPT, "load", 1, 6).startswith(NOTHING)
    assert_once(fund, 6)


def test_same_statement_from_two_workers_at_once(fund):
    told = sorted(fund.together(SCRIPT, 2, "load", 1, 6))
    assert told[0].startswith(NOTHING)
    assert told[1] == "imported"
    assert_once(fund, 6)


def test_overlapping_statements(fund):
    assert [fund.alone(SCRIPT, "load", 1, 6), fund.alone(SCRIPT, "load", 4, 9)] == ["imported", "imported"]
    assert_once(fund, 9)


def test_overlapping_statements_from_two_workers_at_once(fund):
    workers = [fund.start(SCRIPT, 0, "load", *span) for span in ((1, 6), (4, 9))]
    try:
        for worker in workers:
            worker.go()
        assert [worker.hear() for worker in workers] == ['"imported"', '"imported"']
    finally:
        for worker in workers:
            worker.kill()
    assert_once(fund, 9)


@pytest.mark.parametrize("kind", ["csv", "xml"])
def test_file_of_fifty_megabytes(fund, kind):
    told, grown = fund.alone(SCRIPT, "large", kind)
    assert told.startswith("The file is too large")
    assert grown < MOST_MEMORY
    assert fund.alone(SCRIPT, "count")["lines"] == 0


def test_file_with_too_many_movements(fund):
    told, grown = fund.alone(SCRIPT, "large", "many")
    assert told.startswith("The file holds more than")
    assert grown < MOST_MEMORY
