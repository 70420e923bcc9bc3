"""``./citta bench``: the programs in tests/bench, each on a copy of the demo programme."""
import subprocess

from . import environment, odoo_process, paths, postgres, server
from .database import Databases
from .errors import CittaError
from .progress import say
from .templates import Templates


def programs(names=()):
    """The benchmark programs: those named, or all.

    :raises CittaError: for a name that is none
    """
    every = {path.stem: path for path in sorted((paths.TESTS / "bench").glob("*.py")) if not path.stem.startswith("_")}
    for name in names:
        if name not in every:
            raise CittaError(f"there is no benchmark {name!r}.", "use: %s" % (", ".join(every) or "(there is none yet)"))
    return [every[name] for name in names or every]


def run(options, source):
    """Run the benchmarks one after another; returns the exit code.

    Each gets ``CITTA_DB`` and ``CITTA_ODOO_CONF`` of a copy of the demo programme, and prints what it measured.
    """
    chosen = programs(options.names)
    if not chosen:
        say("There is no benchmark yet in %s." % (paths.TESTS / "bench"))
        return 0
    with postgres.serving() as running:
        databases = Databases(running, source)
        template = Templates(databases).app(demo=True)
        return max(_one(databases, template, path) for path in chosen)


def _one(databases, template, path):
    """Run one benchmark on a copy of the template; returns its exit code."""
    say(f"» {path.stem}")
    with databases.copy(template, "bench") as copied:
        conf = odoo_process.write_conf(paths.folder("work") / f"{copied}.conf", copied, databases.server, server.free_port())
        env = dict(odoo_process.variables(databases.server), CITTA_DB=copied, CITTA_ODOO_CONF=str(conf))
        return subprocess.run([str(environment.python()), str(path)], env=env, cwd=paths.ROOT, check=False).returncode
