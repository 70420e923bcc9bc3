"""The command line: what ./citta understands, and the steps common to all its commands."""
import argparse
import contextlib
import os
import sys
import time

from . import children, environment, odoo_source, paths, system_libs
from .errors import CittaError, from_os_error

STARTED = "CITTA_STARTED"


def count(text):
    """A number from 0 on, as argparse asks for types.

    >>> count("2")
    2
    """
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than 0")
    return number


def parser():
    """The parser of the command line."""
    top = argparse.ArgumentParser(prog="citta", description="Cittadinanza al Lavoro: run, test and look after the software.")
    top.add_argument("--system", action="store_true", help="allow apt-get to install Debian packages (needs root)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_test(commands)
    _add_data(commands)
    _add_checks(commands)
    return top


def _command(commands, name, text, database=True):
    one = commands.add_parser(name, help=text, description=text)
    one.add_argument("--system", action="store_true", default=argparse.SUPPRESS, help="allow apt-get to install Debian packages")
    if database:
        one.add_argument("--db", default="citta", metavar="NAME", help="name of the database (citta)")
    return one


def _add_run(commands):
    run = _command(commands, "run", "serve the programme on this machine")
    run.add_argument("--port", type=int, default=8069, help="port to serve on (8069)")
    run.add_argument("--no-demo", action="store_true", help="create the database without the demo programme")
    run.add_argument("--workers", type=count, default=0, metavar="N", help="worker processes (0: one process with threads)")
    shell = _command(commands, "shell", "a Python shell on the database")
    shell.add_argument("rest", nargs=argparse.REMAINDER, help="passed to odoo shell")


def _add_test(commands):
    test = _command(commands, "test", "run the tests and sum them up", database=False)
    test.add_argument("suites", nargs="*", metavar="SUITE", help="suites or rooms; all suites if none is named")
    test.add_argument("-k", dest="expression", default="", metavar="EXPR", help="only tests whose name fits")
    test.add_argument("--no-coverage", action="store_true", help="do not measure coverage")
    test.add_argument("--list", action="store_true", help="name the suites and rooms")


def _add_data(commands):
    reset = _command(commands, "reset", "drop the database with its files")
    backup = _command(commands, "backup", "write database and files into one checked file")
    backup.add_argument("file")
    restore = _command(commands, "restore", "bring a backup back, checked")
    restore.add_argument("file")
    for one in (reset, restore):
        one.add_argument("--yes", action="store_true", help="do not ask")


def _add_checks(commands):
    _command(commands, "lint", "run the linters", database=False)
    bench = _command(commands, "bench", "run the benchmarks of tests/bench", database=False)
    bench.add_argument("names", nargs="*", help="names of benchmarks; all if none is named")


def main(arguments):
    """Run one command; returns the exit code. Every error a user can mend is two lines, never a traceback."""
    options = parser().parse_args(arguments)
    children.interrupt_on_termination()
    try:
        return prepare_and_call(options, arguments)
    except CittaError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        explained = from_os_error(error, paths.cache())
        if not isinstance(explained, CittaError):
            raise
        print(explained, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ncitta: interrupted; the same command goes on where it stopped.", file=sys.stderr)
        return 130


def prepare_and_call(options, arguments):
    """Bring what every command needs, go over to the private environment's Python, and call the command.

    The first part runs on any Python with its standard library only; the second may import what was installed.
    """
    source = odoo_source.find() or _with_lock(odoo_source.ensure)
    if not _inside_environment():
        system_libs.ensure(options.system)
        environment.ensure(source)
        _enter_environment(arguments)
    from . import commands

    started = float(os.environ.get(STARTED, time.monotonic()))
    return commands.call(options, source, started)


def _with_lock(call):
    with paths.lock("odoo", waiting=lambda: print("Waiting for another ./citta that brings Odoo …", flush=True)):
        return call()


def _inside_environment():
    """Whether this process is the environment's Python, started by :func:`_enter_environment`."""
    return sys.prefix == str(environment.home()) and STARTED in os.environ


def _enter_environment(arguments):
    """Replace this process by the environment's Python, with the libraries that were unpacked for it."""
    env = dict(os.environ, **system_libs.variables())
    env[STARTED] = repr(_process_start())
    env.update({"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"})
    with contextlib.suppress(KeyError):
        del env["PYTHONPATH"]
    sys.stdout.flush()
    python = str(environment.python())
    os.execve(python, [python, str(paths.ROOT / "citta"), *arguments], env)


def _process_start():
    """When this command began, on the clock of :func:`time.monotonic`, which all processes share."""
    return float(os.environ.get(STARTED, _BEGAN))


_BEGAN = time.monotonic()
