"""Counting tests: nothing that failed, was skipped or never ran may look green."""
from launcher import results, selection
from launcher.results import Result

STAMP = "2026-01-01 10:00:00,000 1"
SUM = STAMP + " %s db odoo.tests.result: %d failed, %d error(s) of %d tests when loading database 'db'\n"


def junit(tmp_path, **count):
    """A JUnit file with these counts."""
    path = tmp_path / "junit.xml"
    attributes = " ".join('%s="%d"' % pair for pair in count.items())
    path.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")
    return path


def test_pytest_counts(tmp_path):
    """Failures and errors of pytest count as failed, the rest as passed."""
    result = results.from_junit("repo", junit(tmp_path, tests=10, failures=2, errors=1, skipped=0), 1, "out")
    assert (result.passed, result.bad, result.details) == (7, 3, ["out"])


def test_pytest_that_crashed_is_a_failure(tmp_path):
    """No report, or a bad exit without a failed test, is a failure and shows the output."""
    assert results.from_junit("repo", tmp_path / "none.xml", 1, "boom").details == ["boom"]
    assert results.from_junit("repo", junit(tmp_path, tests=3, failures=0, errors=0, skipped=0), 3, "boom").bad == 1


def test_skipped_counts_as_failed(tmp_path):
    """A skipped test proved nothing."""
    assert results.from_junit("e2e", junit(tmp_path, tests=3, failures=0, errors=0, skipped=1), 0, "").bad == 1
    log = STAMP + " INFO db odoo.addons.x: skipped TestX.test_y : no browser\n" + SUM % ("INFO", 0, 0, 3)
    result = results.from_odoo("lavoro", log, 0)
    assert (result.passed, result.bad) == (2, 1)


def test_odoo_counts():
    """Failures and errors of Odoo's runner count as failed."""
    result = results.from_odoo("lavoro", SUM % ("ERROR", 1, 2, 10), 1)
    assert (result.passed, result.bad) == (7, 3)


def test_error_line_of_the_server_log_is_a_failure():
    """All tests green and one ERROR line in the log is red, and the line is shown."""
    log = SUM % ("INFO", 0, 0, 5) + STAMP + " ERROR db odoo.http: Exception during request\nTraceback\nKeyError: 1\n"
    result = results.from_odoo("lavoro", log, 0)
    assert (result.passed, result.bad) == (5, 1)
    assert "KeyError: 1" in result.details[0]


def test_run_without_a_sum_is_a_failure():
    """A server that died before its tests is a failure, whatever it ended with."""
    assert results.from_odoo("lavoro", STAMP + " INFO db odoo: hello\n", 0).bad == 1
    assert results.from_odoo("lavoro", SUM % ("INFO", 0, 0, 5), 137).bad == 1


def test_empty_suite_is_a_failure():
    """A suite that has test files and ran none of them is red; one without files is not."""
    assert Result("fund").bad == 1
    assert Result("fund", expected=False).bad == 0


def test_last_line():
    """Continuous integration reads exactly this line."""
    assert results.total([Result("a", passed=3), Result("b", passed=1, failed=2)]) == "TOTAL: 4 passed, 2 failed"


def test_tags_of_a_room_and_of_an_expression(tmp_path, monkeypatch):
    """A room becomes files, an expression becomes single tests, and what fits nothing becomes nothing."""
    folder = tmp_path / "citta_lavoro" / "tests"
    folder.mkdir(parents=True)
    (folder / "test_people_pathway.py").write_text(
        "class TestPathway(X):\n  def test_open(self): ...\n  def test_close(self): ...\n  def helper(self): ...\n")
    (folder / "test_academy_session.py").write_text("class TestSession(X):\n  def test_open(self): ...\n")
    monkeypatch.setattr(selection.paths, "ADDONS", tmp_path)
    assert selection.rooms() == ["academy", "people"]
    assert selection.tags("citta_lavoro") == "/citta_lavoro"
    assert selection.tags("citta_lavoro", ["people"]) == "/citta_lavoro/tests/test_people_pathway.py"
    assert selection.tags("citta_lavoro", ["people"], "open") == "/citta_lavoro:TestPathway.test_open"
    assert selection.tags("citta_lavoro", [], "nothing") == ""
    assert selection.tags("citta_fund") == ""


def test_shares_hold_every_file_once(tmp_path, monkeypatch):
    """A suite that runs in shares leaves nothing out, and the shares are of about the same size."""
    folder = tmp_path / "citta_lavoro" / "tests"
    folder.mkdir(parents=True)
    for count in range(1, 8):
        tests = "".join(f"  def test_{number}(self): ...\n" for number in range(count))
        (folder / f"test_people_{count}.py").write_text(f"class Test{count}(X):\n{tests}")
    monkeypatch.setattr(selection.paths, "ADDONS", tmp_path)
    shares = selection.shares("citta_lavoro", 2)
    assert sorted(",".join(shares).split(",")) == [f"/citta_lavoro/tests/test_people_{count}.py" for count in range(1, 8)]
    sizes = [sum(int(tag[-4]) for tag in share.split(",")) for share in shares]
    assert sizes == [14, 14]
    assert selection.shares("citta_fund", 2) == []


def test_a_share_that_ran_nothing_is_a_failure():
    """The other share's tests do not hide it."""
    assert results.joined(Result("lavoro", passed=2), Result("lavoro")).bad == 1
    assert results.joined(Result("lavoro"), Result("lavoro", passed=2)).bad == 1
