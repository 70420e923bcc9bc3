"""``./citta test``: every suite, each in the way its kind of test needs, and one table at the end."""
import concurrent.futures
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from . import (
    browser,
    children,
    coverage,
    lint,
    manifests,
    odoo_process,
    paths,
    postgres,
    results,
    selection,
    server,
)
from .database import Databases
from .errors import CittaError
from .progress import say
from .results import Result
from .runners import Runner
from .templates import Templates

ALL = ("repo", "launcher", "doctest", "lint", "lavoro", "fund", "odoolint", "e2e", "drills")
ADDON_OF = {"lavoro": "citta_lavoro", "fund": "citta_fund"}
ON_DATABASE = ("lavoro", "fund", "odoolint", "e2e", "drills")
ON_DEMO = ("e2e", "drills")
SHARES = {"lavoro": 2}  # of one suite, run at the same time: it takes as long as all others together
IN_BROWSER = ("lavoro", "fund", "e2e")
# Odoo's linters without those that test Odoo's pylint plugins or read all of Odoo; lint.py runs the plugins on our addons.
LINT_TAGS = ("/test_lint", *("-/test_lint:" + case for case in (
    "TestPyLint", "TestESLint", "TestGetTextLint", "TestSqlLint", "TestI18nChecks")))


class Run:
    """One call of ``./citta test``.

    :param options: the command line's options
    :param source: the Odoo tree
    """

    def __init__(self, options, source):
        self.options = options
        self.source = source
        self.rooms = [name for name in options.suites if name not in ALL]
        self.suites = self._choose(options.suites)
        self.runner = Runner(options, self.rooms, Path(tempfile.mkdtemp(prefix="test-", dir=paths.folder("work"))))
        self.templates = None
        self.built = {}  # with demo data or not → name of the template
        self.results = {}
        self.counting = threading.Lock()  # two shares of a suite may end at once

    def _choose(self, named):
        """The suites to run: those named, those that hold the rooms named, or all.

        :raises CittaError: for a name that is neither
        """
        known = selection.rooms()
        for name in self.rooms:
            if name not in known:
                raise CittaError(f"there is no suite or room {name!r}.", "use: {}".format(", ".join([*ALL, *known])))
        chosen = {name for name in named if name in ALL}
        for suite, addon in ADDON_OF.items():
            if selection.tags(addon, self.rooms) and self.rooms:
                chosen.add(suite)
        return [name for name in ALL if name in chosen or not named]

    # ------------------------------------------------------------ order of things

    def all(self):
        """Run the chosen suites, print the table, and return the exit code.

        Those without a database run while the templates are built, which keeps only one core busy.
        """
        try:
            self._at_once(lambda lane: lane(), [(self._without_database,), (self._on_database_or_fail,)])
            return self._sum_up()
        finally:
            shutil.rmtree(self.runner.work, ignore_errors=True)

    def one(self, name, *arguments):
        """Run one suite and keep its result."""
        started = time.monotonic()
        result = getattr(self, "suite_" + name)(*arguments)
        result.seconds = time.monotonic() - started
        with self.counting:
            earlier = self.results.get(name)
            self.results[name] = results.joined(earlier, result) if earlier else result
        state = "ok" if not result.bad else "FAILED"
        if result.expected:
            say("%-9s %s: %d passed, %d failed, %.0f s" % (name, state, result.passed, result.bad, result.seconds))

    def _without_database(self):
        """The suites that need no database, one after another."""
        for name in [name for name in self.suites if name not in ON_DATABASE]:
            self.one(name)

    def _on_database_or_fail(self):
        """The suites on a database; when none can be made, that is one failure beside what has run already."""
        try:
            self._on_database()
        except CittaError as error:
            self._no_database(error)

    def _on_database(self):
        """The suites that need a database, as many at a time as there are cores: each has a copy of its own."""
        wanted = [name for name in self.suites if name in ON_DATABASE and self._has_tests(name)]
        for name in set(self.suites) & set(ON_DATABASE) - set(wanted):
            self.results[name] = Result(name, expected=False)
        if not wanted:
            return
        if set(wanted) & set(IN_BROWSER):
            self.runner.chromium = browser.ensure(self.options.system or os.environ.get("CI") == "true")
        with postgres.serving() as running:
            self.runner.databases = Databases(running, self.source)
            self.templates = Templates(self.runner.databases)
            self.runner.databases.prune()
            needed = {name: name in ON_DEMO for name in wanted}
            self._build_templates(sorted(set(needed.values())))
            self._at_once(self.one, [
                (name, self.built[demo], *share) for name, demo in needed.items() if demo in self.built for share in self._shares(name)
            ])

    def _shares(self, name):
        """Further arguments of each run of a suite: none, or a number and tags where all of it is run in shares."""
        if name not in SHARES or self.rooms or self.options.expression:
            return [()]
        return [(share,) for share in enumerate(selection.shares(ADDON_OF[name], SHARES[name]), 1)]

    def _build_templates(self, kinds):
        """Build the templates that are needed, with and without demo data, at the same time."""
        self.templates.deps()
        self._at_once(self._build_template, [(demo,) for demo in kinds])

    def _build_template(self, demo):
        """Build one template; a failure counts as one, and only keeps the suites from running that need it."""
        try:
            self.built[demo] = self.templates.app(demo)
        except CittaError as error:
            self._no_database(error)

    def _no_database(self, error):
        """Note that a database could not be made."""
        result = self.results.setdefault("database", Result("database"))
        result.fail(str(error))

    @staticmethod
    def _at_once(call, arguments):
        """Call a function for each tuple of arguments, as many at the same time as there are cores."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            futures = [pool.submit(call, *one) for one in arguments]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                children.end_all()
                raise

    def _has_tests(self, name):
        """Whether a suite has test files at all."""
        if name == "odoolint":
            return bool(manifests.ours())
        if name in ADDON_OF:
            return bool(selection.test_files(ADDON_OF[name])) and ADDON_OF[name] in manifests.ours()
        return any((paths.TESTS / name).glob("test_*.py"))

    # ------------------------------------------------------------ the suites

    def suite_repo(self):
        """Self-checks of the repository, without a database."""
        return self.runner.pytest("repo")

    def suite_launcher(self):
        """The launcher's own tests."""
        return self.runner.pytest("launcher")

    def suite_lint(self):
        """The linters, each one test."""
        return lint.run()

    def suite_doctest(self):
        """The examples in docstrings."""
        return self.runner.doctests()

    def suite_lavoro(self, template, share=None):
        """The tests of citta_lavoro, or a share of them."""
        return self.runner.odoo("lavoro", "citta_lavoro", template, share)

    def suite_fund(self, template):
        """The tests of citta_fund."""
        return self.runner.odoo("fund", "citta_fund", template)

    def suite_odoolint(self, template):
        """Odoo's own linters, restricted to our addons; they need no installed test_lint, only its tests."""
        with self.runner.databases.copy(template, "odoolint") as database:
            env = {"CITTA_ONLY_ADDONS": ",".join(manifests.ours()), "CITTA_TEST_LINT": "1"}
            return self.runner.odoo_run("odoolint", database, ",".join(LINT_TAGS), env)

    def suite_e2e(self, template):
        """Tests in a real browser, on a running server with the demo programme."""
        with self.runner.databases.copy(template, "e2e") as database, self.runner.served(database) as (url, log):
            result = self.runner.pytest("e2e", {"CITTA_URL": url, "CITTA_DB": database})
            for block in odoo_process.faults(log.read_text(encoding="utf-8", errors="replace")):
                result.fail("server log: " + results.shorten(block))
            return result

    def suite_drills(self, template):
        """Drills that start servers and processes of their own on a copy of the demo programme."""
        with self.runner.databases.copy(template, "drills") as database:
            conf = self.runner.work / "drills.conf"
            odoo_process.write_conf(conf, database, self.runner.databases.server, server.free_port())
            return self.runner.pytest("drills", {"CITTA_DB": database, "CITTA_ODOO_CONF": str(conf)})

    # ------------------------------------------------------------ the end

    def _sum_up(self):
        """Print failures, the table, coverage and the last line; returns the exit code."""
        done = [self.results[name] for name in [*self.suites, "database"] if name in self.results]
        for one in done:
            for text in one.details if one.bad else []:
                say(f"\n--- {one.name} ---\n{text.rstrip()}")
        say("\n" + results.table(done))
        for line in coverage.lines(self.runner.work):
            say(line)
        say(f"Logs: {self.runner.logs}")
        nothing = not any(one.passed or one.bad for one in done)
        if nothing:
            say("No test was selected.")
        say(results.total(done))
        return int(nothing or any(one.bad for one in done))


def run(options, source):
    """``./citta test``: returns the exit code, non-zero on any failure.

    :raises CittaError: for an unknown suite, or a machine that lacks Chromium
    """
    if options.list:
        say("suites: {}\nrooms:  {}".format(" ".join(ALL), " ".join(selection.rooms())))
        return 0
    return Run(options, source).all()
