"""The commands themselves, called inside the private environment."""
import os

from . import backup, bench, lint, odoo_process, paths, postgres, server, suites
from .database import Databases
from .errors import CittaError
from .progress import say
from .templates import Templates


def call(options, source, started):
    """Call the function named like the command; returns the exit code."""
    return COMMANDS[options.command](options, source, started)


def run(options, source, started):
    """``./citta run``: prepare the database and serve it until Ctrl-C."""
    server.require_name(options.db)
    server.require_port(options.port)
    server.installed_addons()
    with postgres.serving() as running:
        databases = Databases(running, source)
        templates = Templates(databases)
        with paths.lock(f"database-{options.db}"):
            outcome = server.prepare(databases, templates, options.db, demo=not options.no_demo)
        return server.serve(databases, options.db, options.port, options.workers, outcome, started)


def test(options, source, _started):
    """``./citta test``: the suites named, or all."""
    return suites.run(options, source)


def shell(options, source, _started):
    """``./citta shell``: Odoo's Python shell on the database."""
    with postgres.serving() as running:
        databases = Databases(running, source)
        _require_existing(databases, options.db)
        command = odoo_process.command(options.db)
        command[command.index("server")] = "shell"
        return os.spawnve(os.P_WAIT, command[0], [*command, "--no-http", *options.rest], odoo_process.variables(running))


def reset(options, source, _started):
    """``./citta reset``: drop the database and its files, after asking.

    :raises CittaError: for a database that is not ours
    """
    with postgres.serving() as running:
        databases = Databases(running, source)
        _require_existing(databases, options.db)
        if not options.yes and not confirm(f"Drop the database {options.db} with all its files?"):
            say("Nothing was changed.")
            return 1
        databases.require_idle(options.db)
        databases.drop(options.db)
        say(f"The database {options.db} was dropped; ./citta run makes it anew.")
    return 0


def make_backup(options, source, _started):
    """``./citta backup FILE``."""
    with postgres.serving() as running:
        databases = Databases(running, source)
        _require_existing(databases, options.db)
        backup.backup(databases, options.db, options.file)
    return 0


def restore(options, source, _started):
    """``./citta restore FILE``: replaces the database only with ``--yes`` or after asking."""
    server.require_name(options.db)
    with postgres.serving() as running:
        databases = Databases(running, source)
        databases.require_ours(options.db)
        exists = databases.info(options.db) is not None
        if exists and not options.yes and not confirm(f"Replace the database {options.db}?"):
            say("Nothing was changed.")
            return 1
        databases.require_idle(options.db)
        backup.restore(databases, options.db, options.file)
    return 0


def run_lint(_options, _source, _started):
    """``./citta lint``: all linters; non-zero when one complains."""
    return lint.main()


def run_bench(options, source, _started):
    """``./citta bench``: the programs of tests/bench."""
    return bench.run(options, source)


def _require_existing(databases, name):
    """Refuse a database that does not exist or is not ours.

    :raises CittaError: in both cases
    """
    databases.require_ours(name)
    if databases.info(name) is None:
        raise CittaError(f"there is no database {name}.", f"make it with: ./citta run --db {name}")


def confirm(question):
    """Ask on the terminal; without a terminal the answer is no."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "s", "si", "sì")
    except EOFError:
        return False


COMMANDS = {
    "run": run, "test": test, "shell": shell, "reset": reset, "backup": make_backup, "restore": restore,
    "lint": run_lint, "bench": run_bench,
}
