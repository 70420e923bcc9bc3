"""How a suite's tests are run: by pytest, by Odoo's own runner, with or without a server beside them."""
import contextlib
import os
import subprocess

from . import children, coverage, environment, odoo_process, paths, results, selection, server
from .results import Result

PATIENCE = 3600
# The addons' tests name the source strings; whoever opens a database made by ./citta run reads Italian.
SPEAK_ENGLISH = """
    UPDATE res_lang SET active = true WHERE code = 'en_US';
    UPDATE res_partner SET lang = 'en_US' WHERE lang IS NOT NULL;
    UPDATE ir_default SET json_value = '"en_US"' WHERE json_value = '"it_IT"';
    INSERT INTO website_lang_rel (website_id, lang_id)
         SELECT website.id, res_lang.id FROM website, res_lang WHERE res_lang.code = 'en_US' ON CONFLICT DO NOTHING;
    UPDATE website SET default_lang_id = (SELECT id FROM res_lang WHERE code = 'en_US');
"""


class Runner:
    """What all suites of one call of ``./citta test`` share.

    :param options: the command line's options
    :param rooms: the rooms to which the addons' tests are restricted; all where empty
    :param work: folder for what is only needed during the run
    """

    def __init__(self, options, rooms, work):
        self.options = options
        self.rooms = rooms
        self.work = work
        self.logs = paths.folder("logs", "tests")
        self.chromium = None
        self.databases = None

    def pytest(self, name, env=None):
        """Run pytest on a folder of tests."""
        folder = paths.TESTS / name
        if not any(folder.glob("test_*.py")):
            return Result(name, expected=False)
        junit = self.work / (f"{name}.xml")
        command = [
            environment.python(), "-m", "pytest", folder, "-q", "-p", "no:cacheprovider", "--junitxml", junit, "--tb=short",
            "--color=no", *(["-k", self.options.expression] if self.options.expression else []),
        ]
        code, output = self._finish(name, command, dict(self._variables(), **(env or {})))
        result = results.from_junit(name, junit, code, output)
        result.expected = not self.options.expression
        return result

    def doctests(self):
        """Run the examples in the docstrings of the launcher and of the addons' tools."""
        tools = [path.parent for path in paths.ADDONS.glob("*/tools/__init__.py")]
        command = [environment.python(), paths.CONFIG / "launcher" / "doctests.py", paths.CONFIG / "launcher", *tools]
        done = subprocess.run(list(map(str, command)), cwd=paths.ROOT, capture_output=True, text=True, check=False)
        result = Result("doctest")
        try:
            attempted, result.failed = map(int, done.stdout.strip().splitlines()[-1].split())
        except (IndexError, ValueError):
            result.fail(done.stdout + done.stderr)
            return result
        result.passed = attempted - result.failed
        result.details += [done.stdout] if result.failed else []
        return result

    def odoo(self, name, addon, template, share=None):
        """Run the tests of one addon, or a share of them, on a copy of the template, turned to English.

        :param share: number of the share and its tags; all tests that were asked for where there is none
        """
        number, tags = share or ("", selection.tags(addon, self.rooms, self.options.expression))
        if not tags:
            return Result(name, expected=False)
        with self.databases.copy(template, f"{name}{number}") as database:
            with self.databases.cursor(database) as cursor:
                cursor.execute(SPEAK_ENGLISH)
            result = self.odoo_run(f"{name}{number}", database, tags, {"CITTA_ONLY_ADDONS": addon}, measured=True)
        result.name = name
        return result

    def odoo_run(self, name, database, tags, env, measured=False):
        """Run Odoo's test runner once, under coverage unless that was declined."""
        command = odoo_process.command(
            database, "--test-tags", tags, "--stop-after-init", "--max-cron-threads", 0, "--http-interface", server.HOST,
            "--http-port", server.free_port(), "--screenshots", paths.folder("logs", "screenshots"),
        )
        if not self.options.no_coverage and measured:
            command[1:1] = coverage.prefix(self.work, name)
            env = {**env, **coverage.variables()}
        code, log = self._finish(name, command, dict(self._variables(), **env))
        return results.from_odoo(name, log, code)

    def _variables(self):
        """The process environment of all test runners."""
        if self.databases:
            env = odoo_process.variables(self.databases.server, quick=True)
        else:
            env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONUTF8="1")
        if self.chromium:
            env["CITTA_CHROMIUM"] = self.chromium
        return env

    def _finish(self, name, command, env):
        """Run a process to its end, with its group; returns exit code and output."""
        log = self.logs / (f"{name}.log")
        log.write_bytes(b"")
        process = odoo_process.start(list(map(str, command)), env, log)
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            code = "no end within %d s" % PATIENCE
        finally:
            children.end(process)
        return code, log.read_text(encoding="utf-8", errors="replace")

    @contextlib.contextmanager
    def served(self, database):
        """A server on a database, for the time of the ``with`` block."""
        port = server.free_port()
        log = self.logs / "server-e2e.log"
        log.write_bytes(b"")
        process = odoo_process.start(server.arguments(database, port), self._variables(), log)
        try:
            odoo_process.wait_until_served(process, "http://%s:%d" % (server.HOST, port), log)
            yield "http://%s:%d" % (server.HOST, port), log
        finally:
            children.end(process)
