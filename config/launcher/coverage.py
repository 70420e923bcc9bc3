"""How much of each addon's code the tests run through, by coverage.py around Odoo's test runner."""
import json
import subprocess
import sys

from . import environment, paths

SETTINGS = paths.CONFIG / "lint" / "coveragerc"


def prefix(folder, name):
    """What goes between Python and the script so that coverage is measured into ``folder``."""
    return ["-m", "coverage", "run", "--rcfile", str(SETTINGS), "--data-file", str(folder / f".coverage.{name}")]


def variables():
    """The interpreter's own monitoring (PEP 669) where it has one: it slows the tests far less than tracing."""
    return {"COVERAGE_CORE": "sysmon"} if sys.version_info >= (3, 12) else {}


def lines(folder):
    """One line of text with the percentage of each addon; nothing where nothing was measured."""
    shares = percentages(folder)
    return ["coverage: {}".format(", ".join("{} {:.0f} %".format(*pair) for pair in shares.items()))] if shares else []


def percentages(folder):
    """The share of lines that ran: addon → percentage, over all suites together."""
    files = [str(path) for path in folder.glob(".coverage.*")]
    if not files:
        return {}
    data, report = str(folder / ".coverage"), folder / "coverage.json"
    _call("combine", "--rcfile", str(SETTINGS), "--data-file", data, *files)
    _call("json", "--rcfile", str(SETTINGS), "--data-file", data, "-o", str(report))
    try:
        return shares(json.loads(report.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError):
        return {}


def _call(*arguments):
    subprocess.run(
        [str(environment.python()), "-m", "coverage", *arguments], cwd=paths.ROOT, check=False, capture_output=True,
    )


def shares(files):
    """Addon → percentage, from the files of coverage's JSON report.

    >>> summary = {"summary": {"covered_lines": 3, "num_statements": 4}}
    >>> shares({"addons/a/models/x.py": summary, "/p/addons/a/y.py": summary})
    {'a': 75.0}
    """
    totals = {}
    for path, entry in sorted(files.items()):
        addon = path.replace("\\", "/").rpartition("addons/")[2].split("/")[0]
        covered, every = totals.get(addon, (0, 0))
        totals[addon] = (covered + entry["summary"]["covered_lines"], every + entry["summary"]["num_statements"])
    return {addon: 100.0 * covered / (every or 1) for addon, (covered, every) in totals.items()}
