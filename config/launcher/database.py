"""Databases: made, copied and dropped; marked as ours by a comment, and never touched without that mark."""
import contextlib
import json
import os
import shutil
import signal
import socket

from . import odoo_process, paths
from .errors import CittaError, disk_full

MARK = "citta:"


class Databases:
    """The databases of one server.

    :param server: the :class:`postgres.Server`
    :param source: the Odoo tree, whose checksum is part of each template's digest
    """

    def __init__(self, server, source):
        self.server = server
        self.source = source

    # ------------------------------------------------------------ bare databases

    @contextlib.contextmanager
    def cursor(self, database="postgres"):
        """A cursor outside any transaction.

        :raises CittaError: when the server cannot be reached
        """
        import psycopg2  # only there once the environment is

        try:
            connection = psycopg2.connect(dbname=database, **self._connection())
        except psycopg2.OperationalError as error:
            raise CittaError(
                f"the database {database} cannot be reached: {str(error).strip().splitlines()[0]}",
                "start the server or correct PGHOST, PGPORT, PGUSER and PGPASSWORD.",
            ) from error
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        except psycopg2.errors.DiskFull as error:
            raise disk_full("PostgreSQL's data folder") from error
        finally:
            connection.close()

    def _connection(self):
        """The server's variables as psycopg2's arguments."""
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
        return {names[key]: value for key, value in self.server.variables.items()}

    def info(self, database):
        """What our mark says about a database: None when there is no such database, {} when it is not ours."""
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database],
            )
            row = cursor.fetchone()
        if row is None:
            return None
        return parse_mark(row[0])

    def ours(self, prefix=""):
        """Our databases whose name begins with ``prefix``: name → what the mark says."""
        with self.cursor() as cursor:
            cursor.execute("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database ORDER BY oid")
            rows = cursor.fetchall()
        marked = {name: parse_mark(comment) for name, comment in rows if name.startswith(prefix)}
        return {name: mark for name, mark in marked.items() if mark}

    def require_ours(self, database):
        """Refuse a database that exists and that we did not make.

        :raises CittaError: for a foreign database
        """
        if self.info(database) == {}:
            raise CittaError(
                f"there is a database named {database} that this launcher did not create; it was not touched.",
                "choose another name with --db.",
            )

    def require_idle(self, database):
        """Refuse a database that somebody is connected to, such as a running server.

        :raises CittaError: naming how many connections there are
        """
        with self.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database])
            connections = cursor.fetchone()[0]
        if connections:
            raise CittaError(f"the database {database} is in use ({connections} connections).", "stop its server first.")

    def mark(self, database, **facts):
        """Write what we know about a database into its comment."""
        from psycopg2 import sql

        with self.cursor() as cursor:
            query = sql.SQL("COMMENT ON DATABASE {} IS {}")
            comment = sql.Literal(MARK + json.dumps(facts, sort_keys=True))
            cursor.execute(query.format(sql.Identifier(database), comment))

    def create(self, database, template="template0", **facts):
        """Create a database, mark it, and copy the template's file store.

        :raises CittaError: when a database of that name exists, or the disk is full
        """
        from psycopg2 import errors, sql

        query = "CREATE DATABASE {} TEMPLATE {}" + (" ENCODING 'UTF8' LC_COLLATE 'C'" if template == "template0" else "")
        try:
            with uninterrupted():  # between the two statements the database would look like somebody else's
                with self.cursor() as cursor:
                    cursor.execute(sql.SQL(query).format(sql.Identifier(database), sql.Identifier(template)))
                self.mark(database, **facts)
        except errors.DuplicateDatabase as error:
            raise CittaError(f"the database {database} exists already.", "choose another name with --db.") from error
        except errors.ObjectInUse as error:
            raise CittaError(f"the database {template} is in use.", "stop what uses it and start the command again.") from error
        if template != "template0":
            copy_files(template, database)
        else:
            self._add_extensions(database)

    def _add_extensions(self, database):
        """Add what Odoo searches names with; without it “Nicolo” does not find “Nicolò”."""
        from psycopg2 import errors

        with self.cursor(database) as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
            with contextlib.suppress(errors.InsufficientPrivilege):  # only an index is lost on a server not ours
                cursor.execute("ALTER FUNCTION unaccent(text) IMMUTABLE")

    def drop(self, database):
        """Drop one of our databases with its data folder.

        :raises CittaError: when it is not ours
        """
        from psycopg2 import sql

        self.require_ours(database)
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [database],
            )
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))
        shutil.rmtree(paths.folder("data") / database, ignore_errors=True)

    def rename(self, old, new):
        """Give one of our databases, and its file store, another name."""
        from psycopg2 import sql

        with self.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))
        copy_files(old, new)
        shutil.rmtree(paths.folder("data") / old, ignore_errors=True)

    # ------------------------------------------------------------ copies for tests

    def prune(self):
        """Drop the copies and half-built templates that interrupted launchers of this machine left behind."""
        for name, mark in self.ours("citta_").items():
            if mark.get("kind") in ("copy", "building") and not _alive(mark):
                self.drop(name)

    @contextlib.contextmanager
    def copy(self, template, suffix):
        """A copy of a template for the time of the ``with`` block."""
        name = "citta_t%d_%s" % (os.getpid(), suffix)
        self.create(name, template, kind="copy", **owner())
        try:
            yield name
        finally:
            self.drop(name)


@contextlib.contextmanager
def uninterrupted():
    """Put off Ctrl-C and termination until the end of the ``with`` block."""
    waiting = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, waiting)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, waiting)


def parse_mark(comment):
    """What a database's comment says if it is our mark, else {}.

    >>> parse_mark('citta:{"kind": "run"}')
    {'kind': 'run'}
    >>> parse_mark("somebody's"), parse_mark(None), parse_mark("citta:{")
    ({}, {}, {})
    """
    if not (comment or "").startswith(MARK):
        return {}
    try:
        return json.loads(comment[len(MARK):])
    except ValueError:
        return {}


def owner():
    """Who is building: process and machine, so that what it left can be told from what it still uses."""
    return {"pid": os.getpid(), "host": socket.gethostname()}


def _alive(mark):
    """Whether the process of a mark may still run; on another machine we cannot know, so it may."""
    return mark.get("host") != socket.gethostname() or os.path.exists("/proc/{}".format(mark.get("pid")))


def file_store(database):
    """The folder of a database's attachments."""
    return odoo_process.data_folder(database) / "filestore" / database


def copy_files(old, new):
    """Copy a file store by hard links: its files are named by their content and never written twice."""
    if file_store(old).is_dir():
        shutil.rmtree(file_store(new), ignore_errors=True)
        shutil.copytree(file_store(old), file_store(new), copy_function=_link)


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
