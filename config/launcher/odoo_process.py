"""Odoo as a process: its command line, its variables, and what its log says."""
import os
import re
import subprocess
import time

from . import children, environment, paths, system_libs
from .errors import CittaError

LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>[^:]+): ")
BAD_LEVELS = ("ERROR", "CRITICAL")
RETRIED = "could not serialize access due to concurrent update"
RUNNER = paths.CONFIG / "launcher" / "odoo_runner.py"


def data_folder(database):
    """The data folder (file store, sessions) of one database."""
    return paths.folder("data", database)


def options(database):
    """Options that every Odoo process of ours has."""
    return [
        "--database", database, "--addons-path", str(paths.ADDONS), "--data-dir", str(data_folder(database)),
        "--no-database-list", "--db-filter", f"^{re.escape(database)}$", "--unaccent",
        "--limit-time-real", "3600", "--limit-time-cpu", "3600",
    ]


def command(database, *more):
    """The command line of an Odoo server process for one database."""
    return [str(environment.python()), str(RUNNER), "server", *options(database), *map(str, more)]


def variables(server, quick=False):
    """The process environment of Odoo and of what it starts.

    :param server: the PostgreSQL server
    :param quick: do without waiting for the disk at each commit; for databases that can be made again
    """
    env = server.env()
    for name in ("ODOO_RC", "OPENERP_SERVER", "PGDATABASE", "PYTHONPATH", "PYTHONHOME"):
        env.pop(name, None)
    env.update(system_libs.variables())
    env.update({"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "ODOO_RC": os.devnull})
    if quick:
        env["PGOPTIONS"] = "-c synchronous_commit=off"
    return env


def write_conf(path, database, server, port):
    """Write a configuration file with which others can start their own Odoo on a database.

    :returns: the path
    """
    values = {
        "db_name": database, "db_host": server.variables.get("PGHOST", os.environ.get("PGHOST", "")),
        "db_port": server.variables.get("PGPORT", os.environ.get("PGPORT", "")) or False,
        "db_user": server.variables.get("PGUSER", os.environ.get("PGUSER", "")) or False,
        "addons_path": str(paths.ADDONS), "data_dir": str(data_folder(database)), "http_interface": "127.0.0.1",
        "http_port": port, "list_db": False, "dbfilter": f"^{re.escape(database)}$", "unaccent": True,
        "max_cron_threads": 0, "workers": 0,
    }
    lines = ["{} = {}".format(*pair) for pair in values.items()]
    path.write_text("[options]\n{}\n".format("\n".join(lines)), encoding="utf-8")
    return path


def bad_lines(text):
    """The log lines of level ERROR or CRITICAL, each with the lines that belong to it.

    >>> log = "2026-01-01 10:00:00,000 1 INFO db a.b: x\\n2026-01-01 10:00:00,000 1 ERROR db a.b: y\\n  more\\n"
    >>> bad_lines(log)
    ['2026-01-01 10:00:00,000 1 ERROR db a.b: y\\n  more']
    """
    found = []
    current = None
    for line in text.splitlines():
        match = LOG_LINE.match(line)
        if match:
            current = [line] if match["level"] in BAD_LEVELS else None
            if current:
                found.append(current)
        elif current:
            current.append(line)
    return ["\n".join(lines) for lines in found]


def faults(text):
    """The bad lines of a server's log without the statements that met a rival: Odoo logs each, and then runs the request again.

    A request that loses every time ends in an answer of its own, which its caller sees.

    >>> log = "2026-01-01 10:00:00,000 1 ERROR db odoo.sql_db: bad query\\nERROR: {}\\n"
    >>> faults(log.format(RETRIED)), len(faults(log.format("column x does not exist")))
    ([], 1)
    """
    return [block for block in bad_lines(text) if RETRIED not in block]


def reason(text):
    """Why Odoo failed, in one line: the exception of its last traceback, else its first error line, else its last line.

    >>> bad = "2026-01-01 10:00:00,000 1 CRITICAL db a.b: Failed to load\\n"
    >>> reason(bad), reason(bad + "Traceback (most recent call last):\\n  File x\\nImportError: no y\\n"), reason("killed\\n")
    ('CRITICAL db a.b: Failed to load', 'ImportError: no y', 'killed')
    """
    bad = bad_lines(text)
    for block in reversed(bad):
        if "Traceback" in block:
            return [line for line in block.splitlines() if line.strip()][-1].strip()
    if bad:
        return bad[0].splitlines()[0].split(" ", 3)[3]
    return ([line for line in text.splitlines() if line.strip()] or ["no output"])[-1].strip()


def loading_line(line):
    """What is shown of a line of Odoo's log while modules are being installed.

    >>> loading_line("2026-01-01 10:00:00,000 1 INFO db odoo.modules.loading: Loading module crm (12/80) ")
    'module 12/80 crm'
    """
    match = re.search(r"Loading module (\S+) \((\d+/\d+)\)", line)
    return f"module {match[2]} {match[1]}" if match else None


def start(arguments, env, log):
    """Start a process with its output in a log file; :func:`children.end` ends it."""
    with open(log, "ab") as handle:
        return children.start(
            arguments, stdout=handle, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env, cwd=paths.ROOT,
        )


def wait_until_served(process, url, log, patience=180):
    """Wait until the server answers at ``url``.

    :raises CittaError: when the process ends or does not answer in time
    """
    import urllib.error
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    stop = time.monotonic() + patience
    while time.monotonic() < stop:
        if process.poll() is not None:
            break
        try:
            opener.open(url + "/web/health", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    text = log.read_text(encoding="utf-8", errors="replace")
    raise CittaError(f"Odoo does not answer at {url}: {reason(text)}", "read its log.", log)
