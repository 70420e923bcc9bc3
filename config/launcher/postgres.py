"""PostgreSQL: the server that the PG* variables name, or the private cluster.

The private cluster is stopped by the last launcher that uses it.
"""
import contextlib
import fcntl
import os

from . import paths
from .cluster import MINIMUM, Cluster, Server, debian_binaries, major, pinned_binaries
from .errors import CittaError


@contextlib.contextmanager
def serving():
    """A running server for the time of the ``with`` block.

    :raises CittaError: when the named server cannot be reached, or the private one does not start
    """
    if os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        yield foreign_server()
        return
    with open(paths.folder("locks") / "postgres-in-use", "a+", encoding="utf-8") as users:
        with paths.lock("postgres-start"):
            fcntl.flock(users, fcntl.LOCK_SH)
            server = Cluster().start()
        try:
            yield server
        finally:
            _leave(users)


def _leave(users):
    """Stop the private server unless another launcher still uses it."""
    with paths.lock("postgres-start"):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Cluster().stop()
        except BlockingIOError:
            pass


def foreign_server():
    """The server that the user's PG* variables name.

    :raises CittaError: when it does not answer
    """
    import psycopg2  # only there once the environment is

    try:
        connection = psycopg2.connect(dbname=os.environ.get("PGDATABASE", "postgres"), connect_timeout=5)
    except psycopg2.OperationalError as error:
        raise CittaError(
            f"the PostgreSQL server at {os.environ.get('PGHOST')} cannot be reached: {str(error).strip().splitlines()[0]}",
            "start it or correct PGHOST, PGPORT, PGUSER and PGPASSWORD; without PGHOST the launcher starts its own.",
        ) from error
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        require_fit(*cursor.fetchone(), connection.server_version)
    return Server({}, client_binaries())


def require_fit(user, may_create, version):
    """Refuse a server or role that Odoo cannot work with.

    :param version: the server's version as a number, such as 150018
    :raises CittaError: for the role "postgres", one that may not create databases, or a server older than 13
    """
    if version < MINIMUM * 10000:
        raise CittaError(
            f"the PostgreSQL server is version {version // 10000}; Odoo needs {MINIMUM}.",
            "name a newer one in PGHOST; without PGHOST the launcher starts its own.",
        )
    if user == "postgres" or not may_create:
        raise CittaError(
            f"the PostgreSQL role {user} cannot be used: Odoo refuses postgres, and the role must be able to create databases.",
            "create a role for it (createuser --createdb citta) and name it in PGUSER.",
        )


def client_binaries():
    """The newest client programs on this machine: a dump needs one at least as new as the server."""
    found = debian_binaries()
    pinned = pinned_binaries()
    return found[0] if found and major(found[0]) >= major(pinned) else pinned
