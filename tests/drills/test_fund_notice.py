"""A provider's notice again and again, out of order, and to several workers at once: one gift, one receipt, or none."""

from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fund_notice_script.py")
PROCESSES = 3
ONE_GIFT = {"gifts": [50.0], "states": ["receipted"], "receipts": 1, "broken": [], "entries": 1, "mails": 0}
NO_GIFT = {"gifts": [], "states": [], "receipts": 0, "broken": [], "entries": 0, "mails": 0}


@pytest.fixture(scope="module")
def fund(drill):
    drill.alone(SCRIPT, "prepare")
    yield drill
    drill.alone(SCRIPT, "clean")


@pytest.fixture
def payment(fund):
    return fund.alone(SCRIPT, "pay")


def test_notice_replayed_ten_times(fund, payment):
    assert fund.alone(SCRIPT, "notify", payment, *["done"] * 10) == ["done"] * 10
    assert fund.alone(SCRIPT, "count", payment) == ONE_GIFT


@pytest.mark.parametrize("order", [
    ("done", "pending"), ("done", "cancel"), ("done", "error"), ("pending", "error", "done"), ("done", "error", "pending", "done", "cancel"),
], ids=" ".join)
def test_notices_out_of_order(fund, payment, order):
    assert fund.alone(SCRIPT, "notify", payment, *order)[-1] == "done"
    assert fund.alone(SCRIPT, "count", payment) == ONE_GIFT


@pytest.mark.parametrize("order", [("pending", "cancel"), ("cancel", "done"), ("error", "pending")], ids=" ".join)
def test_notices_that_bring_no_money(fund, payment, order):
    assert "done" not in fund.alone(SCRIPT, "notify", payment, *order)
    assert fund.alone(SCRIPT, "count", payment) == NO_GIFT


def test_notices_to_several_workers_at_once(fund, payment):
    answers = fund.together(SCRIPT, PROCESSES, "notify", payment, *["done"] * 10)
    assert {state for process in answers for state in process} == {"done"}
    assert fund.alone(SCRIPT, "count", payment) == ONE_GIFT


def test_donor_and_job_finish_one_payment_over_http(fund, payment):
    fund.alone(SCRIPT, "mark", payment)
    worker = fund.start(SCRIPT, 0, "job")
    worker.go()
    try:
        answers = [tuple(answer) for process in fund.together(SCRIPT, PROCESSES, "poll", payment) for answer in process]
        assert worker.hear(), "the job died: its error stands above"
    finally:
        worker.kill()
    assert {status for status, _state in answers} == {200}
    assert {state for _status, state in answers} <= {"done", "retry"}
    assert answers[-1] == (200, "done")
    assert fund.alone(SCRIPT, "count", payment) == ONE_GIFT
