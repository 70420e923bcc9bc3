"""``./citta run``: what it refuses before anything is built, and when it builds, updates or leaves alone."""
import re
import socket
import time

import pytest

from launcher import children, commands, odoo_process, paths, selection, server
from launcher.errors import CittaError


class FakeTemplates:
    """Templates with fixed digests that remember what was asked of them."""

    addons_digest = "a2"
    deps_digest = "d1"

    def __init__(self, error=None):
        self.calls = []
        self.error = error

    def app(self, demo):
        """The name of a template."""
        self.calls.append(("app", demo))
        return "template"

    def update(self, name, _step, everything):
        """Remember the update; fail where the test wants it."""
        self.calls.append(("update", name, everything))
        if self.error:
            raise self.error


class FakeDatabases:
    """One database whose mark is given."""

    def __init__(self, mark):
        self._mark = mark
        self.created = None

    def require_ours(self, name):
        """As the real one."""
        if self._mark == {}:
            raise CittaError(f"{name} is not ours")

    def info(self, _name):
        """The mark."""
        return self._mark

    def create(self, name, template, **facts):
        """Remember what was created."""
        self.created = (name, template, facts)

    def mark(self, _name, **facts):
        """Remember the mark."""
        self._mark = facts


def test_port_that_is_taken_is_named():
    """The error names the port and the option."""
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CittaError, match=str(port)) as caught:
            server.require_port(port)
    assert "--port" in caught.value.remedy
    server.require_port(server.free_port())


@pytest.mark.parametrize("name", ["postgres", "template1", "Citta", "a b", "x;drop", "", "-x"])
def test_database_names_that_are_refused(name):
    """System databases and names that need quoting are refused."""
    with pytest.raises(CittaError):
        server.require_name(name)


def test_first_start_creates(monkeypatch):
    """Without a database it is made from the template, with or without demo, and stamped."""
    for demo in (True, False):
        databases, templates = FakeDatabases(None), FakeTemplates()
        assert server.prepare(databases, templates, "citta", demo) == "created"
        assert templates.calls == [("app", demo)]
        assert databases.created == ("citta", "template", {"kind": "run", "demo": demo, "addons": "a2", "deps": "d1"})


def test_second_start_changes_nothing():
    """With the same addons nothing is built and nothing updated."""
    databases, templates = FakeDatabases({"kind": "run", "demo": True, "addons": "a2", "deps": "d1"}), FakeTemplates()
    assert server.prepare(databases, templates, "citta") == "unchanged"
    assert templates.calls == []


def test_changed_addons_are_updated_once():
    """Other addons than at the last start are updated, and the new state is written down."""
    databases, templates = FakeDatabases({"kind": "run", "demo": True, "addons": "a1", "deps": "d1"}), FakeTemplates()
    assert server.prepare(databases, templates, "citta") == "updated"
    assert templates.calls == [("update", "citta", False)]
    assert server.prepare(databases, templates, "citta") == "unchanged"


def test_another_odoo_updates_everything():
    """When Odoo or the addons of others have changed, their modules are updated too."""
    templates = FakeTemplates()
    server.prepare(FakeDatabases({"kind": "run", "demo": True, "addons": "a2", "deps": "d0"}), templates, "citta")
    assert templates.calls == [("update", "citta", True)]


def test_failed_update_is_tried_again():
    """A failed update leaves the old stamp, and says how to start afresh."""
    from launcher.progress import StepFailed

    log = "2026-01-01 10:00:00,000 1 CRITICAL db odoo: ParseError\n"
    databases = FakeDatabases({"kind": "run", "addons": "a1", "deps": "d1"})
    with pytest.raises(CittaError, match="ParseError") as caught:
        server.prepare(databases, FakeTemplates(StepFailed(["odoo"], 1, log, "/log")), "citta")
    assert "reset" in caught.value.remedy
    assert databases.info("citta")["addons"] == "a1"


def test_foreign_database_is_not_served():
    """A database that is not ours is neither updated nor served."""
    templates = FakeTemplates()
    with pytest.raises(CittaError):
        server.prepare(FakeDatabases({}), templates, "citta")
    assert templates.calls == []


def test_logins_of_all_addons_are_shown_as_a_table(tmp_path):
    """The demo's logins, one row each; a broken file is an error and a missing one only means admin."""
    work, money = (tmp_path / name / "demo" / "logins.json" for name in ("work", "money"))
    for file, login in ((work, "anna"), (money, "tea")):
        file.parent.mkdir(parents=True)
        file.write_text('[{"login": "%s", "password": "p", "role": "Operator", "name": "Prova", "area": "people"}]' % login)
    text = server.welcome("http://x", "citta", "created", 1, "log", server.logins(tmp_path))
    assert "anna  p  Operator  Prova  people" in text
    assert "tea   p  Operator  Prova  people" in text
    assert "admin" not in text
    work.write_text("[")
    with pytest.raises(CittaError, match="valid JSON"):
        server.logins(tmp_path)
    assert server.logins(tmp_path / "none") == []


def test_every_demo_login_is_listed():
    """A login that the demo makes and nobody is told of helps nobody."""
    made = set()
    for path in paths.ADDONS.glob("*/demo/**/*.xml"):
        made |= set(re.findall(r'<field name="login">(\w+)</field>', path.read_text(encoding="utf-8")))
    assert made
    assert {row["login"] for row in server.logins()} == made | {"admin"}


def test_server_listens_on_this_machine_only():
    """Neither the address nor the list of databases is open to others."""
    command = server.arguments("citta", 8069, workers=2)
    assert command[command.index("--http-interface") + 1] == "127.0.0.1"
    assert "--no-database-list" in command
    assert command[command.index("--db-filter") + 1] == "^citta$"
    assert "--gevent-port" in command
    assert "--gevent-port" not in server.arguments("citta", 8069)


def test_server_that_dies_is_an_error_with_its_log(tmp_path):
    """A server that ends before it answers is told with the last error of its log."""
    log = tmp_path / "log"
    process = odoo_process.start(["sh", "-c", "echo '2026-01-01 10:00:00,000 1 CRITICAL db odoo: boom'; exit 3"], None, log)
    with pytest.raises(CittaError, match="boom"):
        odoo_process.wait_until_served(process, "http://127.0.0.1:%d" % server.free_port(), log, patience=20)
    children.end(process)


def test_end_takes_the_whole_group(tmp_path):
    """A child of the server that ignores the polite signal is gone too."""
    log = tmp_path / "log"
    process = odoo_process.start(["sh", "-c", "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"], None, log)
    while not log.read_text().strip():
        assert process.poll() is None
    child = int(log.read_text())
    children.end(process, patience=0.2)
    for _time in range(100):  # the signal is sent; a busy kernel takes a moment
        if not _lives(child):
            break
        time.sleep(0.05)
    assert not _lives(child)


def _lives(pid):
    """Whether a process is more than an entry that nobody has taken note of yet."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as handle:
            return handle.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_unknown_suite_is_refused():
    """A name that is neither suite nor room is refused with the names there are."""
    from types import SimpleNamespace

    from launcher import suites

    options = SimpleNamespace(suites=["peple"], expression="", no_coverage=True, system=False)
    with pytest.raises(CittaError, match="peple") as caught:
        suites.Run(options, None)
    assert "lavoro" in caught.value.remedy


def test_without_a_terminal_nothing_is_dropped(monkeypatch):
    """A question that nobody can answer is answered with no."""
    def no_terminal(_question):
        raise EOFError

    monkeypatch.setattr("builtins.input", no_terminal)
    assert not commands.confirm("Drop?")


def test_expression_that_is_none_is_refused():
    """A broken ``-k`` is an error, not an empty selection."""
    with pytest.raises(CittaError, match="no expression"):
        selection.fits("and and", ("x",))


@pytest.mark.parametrize("port", [0, -1, 99999])
def test_what_is_no_port_is_refused(port):
    """A number that no port can have is said so, not a traceback."""
    with pytest.raises(CittaError, match="is no port"):
        server.require_port(port)
