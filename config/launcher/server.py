"""``./citta run``: the demo database brought up to date, and Odoo in front of it until Ctrl-C."""
import json
import re
import socket
import time

from . import children, manifests, odoo_process, paths
from .errors import CittaError
from .progress import Step, StepFailed, say

LOGINS = "demo/logins.json"
HOST = "127.0.0.1"
DATABASE_NAME = re.compile(r"^[a-z][a-z0-9_-]{0,62}$")


def require_name(database):
    """Refuse a database name that would need quoting everywhere.

    :raises CittaError: naming what is allowed
    """
    if not DATABASE_NAME.match(database) or database in ("postgres", "template0", "template1"):
        raise CittaError(f"{database!r} is no name for a database.", "use small letters, digits, - and _.")


def require_port(port):
    """Refuse a port on which somebody listens already.

    :raises CittaError: naming the port
    """
    if not 0 < port < 65536:
        raise CittaError(f"{port} is no port.", "use a number from 1024 to 65535: ./citta run --port 8069")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CittaError(
                "port %d is taken by another program (or not allowed)." % port,
                "stop that program, or choose another port: ./citta run --port %d" % (port + 1000),
            ) from error


def free_port():
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def prepare(databases, templates, name, demo=True):
    """Create the database from its template, or update our addons in it when they changed since.

    :param demo: with the demo programme, if it has to be created
    :returns: what was done, as a word: created, updated or unchanged
    :raises CittaError: for a database that is not ours, or an installation that failed
    """
    databases.require_ours(name)
    mark = databases.info(name)
    if mark is None:
        template = templates.app(demo)
        databases.create(name, template, kind="run", demo=demo, **_state(templates))
        return "created"
    if mark.get("addons") == templates.addons_digest and mark.get("deps") == templates.deps_digest:
        return "unchanged"
    _update(databases, templates, name, mark)
    return "updated"


def _state(templates):
    return {"addons": templates.addons_digest, "deps": templates.deps_digest}


def _update(databases, templates, name, mark):
    """Update our addons, and write down that it was done."""
    with Step(f"the addons changed since {name} was last used: updating it", f"update-{name}") as step:
        try:
            templates.update(name, step, everything=mark.get("deps") != templates.deps_digest)
        except StepFailed as failure:
            raise CittaError(
                f"{name} could not be updated: {odoo_process.reason(failure.output)}",
                f"read Odoo's log, or start afresh with: ./citta reset --db {name}", failure.log,
            ) from failure
    databases.mark(name, **dict(mark, **_state(templates)))


def arguments(database, port, workers=0):
    """The command line of the server."""
    more = ["--http-interface", HOST, "--http-port", port, "--workers", workers, "--max-cron-threads", 1]
    if workers:
        more += ["--gevent-port", free_port(), "--proxy-mode"]
    return odoo_process.command(database, *more)


def serve(databases, name, port, workers, outcome, started):
    """Start Odoo, say where it is, and wait for its end or Ctrl-C.

    :param outcome: what :func:`prepare` did
    :param started: when the command began, to tell the time it took
    :returns: the exit code
    """
    require_port(port)
    log = paths.folder("logs") / (f"server-{name}.log")
    log.write_bytes(b"")
    process = odoo_process.start(arguments(name, port, workers), odoo_process.variables(databases.server), log)
    try:
        url = "http://%s:%d" % (HOST, port)
        odoo_process.wait_until_served(process, url, log)
        demo = (databases.info(name) or {}).get("demo")
        say(welcome(url, name, outcome, time.monotonic() - started, log, logins() if demo else []))
        code = process.wait()
        raise CittaError("Odoo ended by itself with %d." % code, "read its log.", log)
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        children.end(process)


def logins(addons=paths.ADDONS):
    """The demo programme's logins, of all addons: a list of dicts with login, password, role, name and area.

    :raises CittaError: for a file that is no JSON
    """
    rows = []
    for path in sorted(addons.glob("*/" + LOGINS), reverse=True):  # the people's programme before its money
        try:
            rows += json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CittaError(f"{path} is no valid JSON: {error}", "correct it.") from error
    return rows


def welcome(url, name, outcome, seconds, log, rows):
    """What is shown when the server is ready.

    >>> print(welcome("http://127.0.0.1:8069", "citta", "unchanged", 9.6, "l", []))
    <BLANKLINE>
    Ready in 10 s: http://127.0.0.1:8069  (database citta, unchanged)
    <BLANKLINE>
      admin  admin  Administrator
    <BLANKLINE>
    Odoo's log: l
    Ctrl-C stops it.
    """
    rows = rows or [{"login": "admin", "password": "admin", "role": "Administrator"}]
    cells = [[str(row.get(key, "")) for key in ("login", "password", "role", "name", "area")] for row in rows]
    widths = [max(len(row[number]) for row in cells) for number in range(5)]
    table = ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    head = f"\nReady in {seconds:.0f} s: {url}  (database {name}, {outcome})\n"
    return "\n".join([head, *table, "", f"Odoo's log: {log}", "Ctrl-C stops it."])


def installed_addons():
    """Names of our addons that a database can hold now.

    :raises CittaError: when there is none
    """
    names = manifests.ours()
    if not names:
        raise CittaError(f"no addon was found in {paths.ADDONS}.", "get a complete copy of the project.")
    return names
