"""What a suite of tests came to, read from what its runner wrote, and the table of all suites."""
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from . import odoo_process

ODOO_SUM = re.compile(r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests")
ODOO_SKIP = re.compile(r" INFO \S+ \S+: skipped (.+)")
ODOO_BAD_TEST = re.compile(r"(?:FAIL|ERROR): (\S+)")
SHOWN = 40


@dataclass
class Result:
    """The outcome of one suite.

    :param details: what to print about failures
    :param expected: whether the suite has test files, so that no test at all is a failure
    """

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    details: list = field(default_factory=list)
    expected: bool = True

    @property
    def empty(self):
        """Whether nothing ran though something should have."""
        return self.expected and not (self.passed or self.failed or self.skipped)

    @property
    def bad(self):
        """How many failures this counts for: a skipped test proved nothing, and so did an empty suite."""
        return self.failed + self.skipped + int(self.empty)

    def fail(self, text):
        """Count one more failure, with what to print about it."""
        self.failed += 1
        self.details.append(text)


def joined(first, second):
    """The result of a suite that ran in two shares.

    >>> joined(Result("lavoro", passed=2, seconds=3), Result("lavoro", passed=1, failed=1, seconds=4, details=["x"]))
    Result(name='lavoro', passed=3, failed=1, skipped=0, seconds=7, details=['x'], expected=True)
    """
    return Result(
        first.name, first.passed + second.passed, first.failed + second.failed + int(first.empty or second.empty),
        first.skipped + second.skipped, first.seconds + second.seconds, first.details + second.details,
        first.expected and second.expected,
    )


def from_junit(name, path, code, output):
    """The result of a pytest run.

    :param path: the JUnit file it was told to write
    :param code: its exit code; 5 means that no test was selected
    :param output: what it printed, shown when it failed
    """
    result = Result(name)
    try:
        suites = list(ElementTree.parse(path).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        result.fail(output)
        return result
    count = {key: sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")}
    result.failed = count["failures"] + count["errors"]
    result.skipped = count["skipped"]
    result.passed = max(0, count["tests"] - result.failed - result.skipped)
    if result.failed or result.skipped:
        result.details.append(output)
    elif code not in (0, 5):
        result.fail(output)
    return result


def from_odoo(name, log, code):
    """The result of a run of Odoo's test runner, error lines of the server's log included.

    :param log: the text of its log
    :param code: its exit code

    >>> log = "2026-01-01 10:00:00,000 1 INFO db odoo.tests.result: 0 failed, 0 error(s) of 7 tests when loading"
    >>> result = from_odoo("fund", log, 0)
    >>> result.passed, result.failed
    (7, 0)
    """
    result = Result(name)
    found = ODOO_SUM.findall(log)
    failed, errors, ran = map(int, found[-1]) if found else (0, 0, 0)
    result.failed = failed + errors
    result.skipped = len(ODOO_SKIP.findall(log))
    result.passed = max(0, ran - result.failed - result.skipped)
    result.details += [f"skipped: {text}" for text in ODOO_SKIP.findall(log)]
    bad = odoo_process.bad_lines(log)
    result.details += [shorten(block) for block in bad]
    if bad and not result.failed:
        result.failed = len(bad)
    elif not found or (code and not result.failed):
        result.fail("Odoo ended with {}:\n{}".format(code, "\n".join(log.splitlines()[-15:])))
    return result


def shorten(block):
    """A block of log without its middle, where it is long."""
    lines = block.splitlines()
    if len(lines) > SHOWN:
        lines = lines[:SHOWN // 2] + ["  …"] + lines[-SHOWN // 2:]
    return "\n".join(lines)


def table(results):
    """The table of all suites, without the last line.

    >>> print(table([Result("repo", passed=3, seconds=1.2), Result("e2e", expected=False)]))
    suite         passed  failed  skipped     time
    repo               3       0        0      1 s
    e2e                –       –        –        –  no tests yet
    """
    lines = ["%-12s %7s %7s %8s %8s" % ("suite", "passed", "failed", "skipped", "time")]
    for one in results:
        if not one.expected and not one.bad and not one.passed:
            lines.append("%-12s %7s %7s %8s %8s  no tests yet" % (one.name, "–", "–", "–", "–"))
            continue
        row = "%-12s %7d %7d %8d %6.0f s" % (one.name, one.passed, one.failed, one.skipped, one.seconds)
        lines.append(row + ("  no test ran though there are test files" if one.empty else ""))
    return "\n".join(lines)


def total(results):
    """The last line, in the form that continuous integration reads.

    >>> total([Result("a", passed=2, skipped=1), Result("b", expected=False)])
    'TOTAL: 2 passed, 1 failed'
    """
    return "TOTAL: %d passed, %d failed" % (sum(one.passed for one in results), sum(one.bad for one in results))
