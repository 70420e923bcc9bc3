"""``./citta backup`` and ``restore``: one file with the database, the file store and what both must add up to."""
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from . import database as db
from . import paths
from .errors import CittaError, disk_full, from_os_error
from .progress import Step

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
STORE = "filestore/"


def backup(databases, name, file):
    """Write database and file store of ``name`` into ``file``, through a neighbour that is renamed when complete.

    The row counts are taken in the same snapshot as the dump.

    :raises CittaError: when the dump fails or the disk is full
    """
    file = Path(file).resolve()
    with Step(f"backup of {name}", "backup") as step, tempfile.TemporaryDirectory(dir=paths.folder("work")) as work:
        dump = Path(work) / DUMP
        try:
            counts = _dump(databases, name, dump)
            step.tick("files")
            part = file.with_name(file.name + ".part")
            _write(databases, name, dump, part, counts)
            os.replace(part, file)
        except OSError as error:
            raise from_os_error(error, file.parent) from error
        print("  %s: %d tables, %d rows, %.1f MB" % (file, len(counts), sum(counts.values()), file.stat().st_size / 1e6))


def _dump(databases, name, dump):
    """Dump the database and count its rows, both as of one moment; returns table → rows."""
    with databases.cursor(name) as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _client(databases, "pg_dump", "--format=custom", "--no-owner", "--snapshot", snapshot, "--file", dump, "--dbname", name)
        counts = count_rows(cursor)
        cursor.execute("COMMIT")
    return counts


def count_rows(cursor):
    """Table → number of rows, for all ordinary tables of the database."""
    from psycopg2 import sql

    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table)))
        counts[table] = cursor.fetchone()[0]
    return counts


def _write(databases, name, dump, target, counts):
    """Write the archive: the dump, each stored file, and last the manifest with a checksum of every one."""
    store = db.file_store(name)
    files = sorted(path for path in store.rglob("*") if path.is_file()) if store.is_dir() else []
    members = {DUMP: dump, **{STORE + path.relative_to(store).as_posix(): path for path in files}}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for member, path in members.items():
            archive.write(path, member, zipfile.ZIP_STORED if member == DUMP else None)
        manifest = {
            "format": FORMAT, "database": name, "mark": databases.info(name), "rows": counts,
            "sha256": {member: paths.file_digest(path) for member, path in members.items()},
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))


def _client(databases, program, *arguments):
    """Run one of PostgreSQL's client programs.

    :raises CittaError: with the last line it printed
    """
    command = [str(databases.server.program(program)), *map(str, arguments)]
    done = subprocess.run(command, env=databases.server.env(), capture_output=True, text=True, check=False)
    if done.returncode:
        if "No space left" in done.stderr:
            raise disk_full(paths.cache())
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise CittaError(f"{program} failed: {last}", "see the line above; the database was not changed.")


def restore(databases, name, file):
    """Bring a backup back as database ``name``.

    Everything is checked and rebuilt beside the existing database; only a complete and equal copy takes its place.

    :raises CittaError: for a damaged file, or a copy whose rows or files differ from the manifest
    """
    part = name + "_restored"
    with Step(f"restore of {name}", "restore") as step, tempfile.TemporaryDirectory(dir=paths.folder("work")) as work:
        manifest = unpack(Path(file), Path(work))
        step.tick("database")
        databases.require_ours(part)
        databases.drop(part)
        databases.create(part, kind="building", **db.owner())
        try:
            _fill(databases, part, Path(work), manifest)
        except CittaError:
            databases.drop(part)
            raise
        databases.require_ours(name)
        databases.drop(name)
        databases.rename(part, name)
        databases.mark(name, **(manifest["mark"] or {"kind": "run"}))
        print("  %d tables and %d files are as they were" % (len(manifest["rows"]), len(manifest["sha256"]) - 1))


def unpack(file, work):
    """Unpack a backup and compare every member with its checksum; returns the manifest.

    :raises CittaError: when it is no backup of ours, or damaged
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            archive.extractall(work)
    except FileNotFoundError as error:
        raise CittaError(f"there is no file {file}.", "name the file that ./citta backup wrote.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise CittaError(f"{file} is damaged or no backup: {error}", "take another backup file.") from error
    if manifest.get("format") != FORMAT:
        raise CittaError(f"{file} has an unknown format.", "restore it with the version that wrote it.")
    for member, checksum in manifest["sha256"].items():
        path = work / member
        if not path.is_file() or paths.file_digest(path) != checksum:
            raise CittaError(f"{file} is damaged: {member} is not as it was.", "take another backup file.")
    return manifest


def _fill(databases, name, work, manifest):
    """Load the dump and the files into a new database and compare both with the manifest.

    :raises CittaError: naming the first table that differs
    """
    # Not --clean: it would make unaccent() anew and lose that it may be used in indexes.
    options = ("--no-owner", "--no-comments", "--exit-on-error", "--single-transaction")
    _client(databases, "pg_restore", *options, "--dbname", name, work / DUMP)
    store = db.file_store(name)
    shutil.rmtree(store, ignore_errors=True)
    store.parent.mkdir(parents=True, exist_ok=True)
    if (work / STORE).is_dir():
        shutil.copytree(work / STORE, store)
    with databases.cursor(name) as cursor:
        found = count_rows(cursor)
    for table in sorted({*found, *manifest["rows"]}):
        if found.get(table) != manifest["rows"].get(table):
            raise CittaError(
                "the restored table {} has {} rows instead of {}.".format(table, found.get(table), manifest["rows"].get(table)),
                "nothing was replaced; take another backup file.",
            )
