"""Databases: only ours are changed, copies vanish, a backup comes back equal and a damaged one not at all."""
import os
import signal
import zipfile

import pytest

from launcher import backup, cluster, database, environment, odoo_process, postgres
from launcher.database import Databases
from launcher.errors import CittaError

SITE_PACKAGES = environment.site_packages()


@pytest.fixture
def interruptible():
    """Ctrl-C as in the foreground: a shell starts what runs in the background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def databases(monkeypatch):
    """The databases of a private cluster made for the test."""
    monkeypatch.setattr(cluster.environment, "site_packages", lambda: SITE_PACKAGES)
    with postgres.serving() as server:
        yield Databases(server, source=None)


@pytest.fixture
def filled(databases):
    """A database of ours with a table of three rows, an index on a function, and one stored file."""
    databases.create("citta", kind="run", demo=True)
    with databases.cursor("citta") as cursor:
        cursor.execute("CREATE TABLE person (id int PRIMARY KEY, name text)")
        cursor.execute("INSERT INTO person VALUES (1, 'Nicolò'), (2, 'a'), (3, 'b')")
        # As Odoo's own: an index that can only be made where unaccent() is immutable.
        cursor.execute("CREATE INDEX ON person USING gin (unaccent(name) gin_trgm_ops)")
    stored = database.file_store("citta") / "ab" / "abc"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"content")
    return "citta"


def exists(databases, name):
    """Whether a database is there."""
    return databases.info(name) is not None


def names(databases, name="citta"):
    """The rows of the test's table."""
    with databases.cursor(name) as cursor:
        cursor.execute("SELECT name FROM person ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_foreign_database_is_never_touched(databases):
    """A database of the same name that we did not make: no drop, no restore over it, no use."""
    with databases.cursor() as cursor:
        cursor.execute("CREATE DATABASE citta")
        cursor.execute("COMMENT ON DATABASE citta IS 'the parish archive'")
    for attempt in (databases.require_ours, databases.drop):
        with pytest.raises(CittaError, match="did not create"):
            attempt("citta")
    with pytest.raises(CittaError, match="exists already"):
        databases.create("citta", kind="run")
    databases.prune()
    assert exists(databases, "citta")
    assert databases.info("citta") == {}
    assert "citta" not in databases.ours()


def test_created_database_is_marked_and_can_search_without_accents(databases):
    """Our mark says what it is; the extensions are there."""
    databases.create("citta", kind="run", demo=False)
    assert databases.info("citta") == {"kind": "run", "demo": False}
    with databases.cursor("citta") as cursor:
        cursor.execute("SELECT unaccent('Nicolò'), similarity('a', 'a')")
        assert cursor.fetchone() == ("Nicolo", 1)


def test_database_in_use_is_neither_copied_nor_dropped(databases, filled):
    """With a server on it, a database is not taken away under its feet."""
    with databases.cursor(filled):
        with pytest.raises(CittaError, match="in use"):
            databases.require_idle(filled)
        with pytest.raises(CittaError, match="in use"), databases.copy(filled, "x"):
            pass
    databases.require_idle(filled)


def test_copy_vanishes_also_after_a_failure(databases, filled):
    """A copy has rows and files of its template, and is gone after the block, whatever happened in it."""
    with pytest.raises(RuntimeError), databases.copy(filled, "x") as copied:
        assert names(databases, copied) == ["Nicolò", "a", "b"]
        assert (database.file_store(copied) / "ab" / "abc").read_bytes() == b"content"
        raise RuntimeError
    assert not exists(databases, copied)
    assert not odoo_process.data_folder(copied).joinpath("filestore").exists()
    assert names(databases) == ["Nicolò", "a", "b"]


def test_leftovers_of_the_dead_are_dropped_only(databases):
    """Copies of a launcher that died are dropped; those of a living one, and everything else, stay."""
    import socket

    here = socket.gethostname()
    databases.create("citta_t1_dead", kind="copy", pid=2**22 + 1, host=here)
    databases.create("citta_t2_alive", kind="copy", pid=os.getpid(), host=here)
    databases.create("citta_t3_elsewhere", kind="copy", pid=2**22 + 1, host="another")
    databases.create("citta_people", kind="run", demo=True)
    databases.prune()
    assert sorted(databases.ours()) == ["citta_people", "citta_t2_alive", "citta_t3_elsewhere"]


def test_ctrl_c_waits_for_the_mark(interruptible):
    """Between creating and marking, an interruption is put off, not lost."""
    with pytest.raises(KeyboardInterrupt):
        with database.uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            reached = True
        pytest.fail("the interruption was lost")
    assert reached


def test_backup_and_restore_are_equal(databases, filled, tmp_path):
    """A backup brings back rows, files and mark, after both were lost or changed."""
    file = tmp_path / "b.zip"
    backup.backup(databases, filled, file)
    with databases.cursor(filled) as cursor:
        cursor.execute("DELETE FROM person WHERE id > 1")
    (database.file_store(filled) / "ab" / "abc").unlink()
    backup.restore(databases, filled, file)
    assert names(databases) == ["Nicolò", "a", "b"]
    assert (database.file_store(filled) / "ab" / "abc").read_bytes() == b"content"
    assert databases.info(filled) == {"kind": "run", "demo": True}
    backup.restore(databases, "citta_other", file)
    assert names(databases, "citta_other") == ["Nicolò", "a", "b"]
    assert not exists(databases, filled + "_restored")


@pytest.mark.parametrize("member", [backup.DUMP, backup.STORE + "ab/abc", backup.MANIFEST])
def test_damaged_backup_changes_nothing(databases, filled, tmp_path, member):
    """One altered file in the archive, the manifest included, and nothing is replaced."""
    file, bad = tmp_path / "b.zip", tmp_path / "bad.zip"
    backup.backup(databases, filled, file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b'"person": 3', b'"person": 4')[:-1] + b"x" if name == member else data)
    with pytest.raises(CittaError, match="damaged"):
        backup.restore(databases, filled, bad)
    assert names(databases) == ["Nicolò", "a", "b"]


def test_restore_with_other_row_counts_is_refused(databases, filled, tmp_path):
    """A manifest that promises another number of rows stops the restore before the old database goes."""
    file, bad = tmp_path / "b.zip", tmp_path / "bad.zip"
    backup.backup(databases, filled, file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'"person": 3', b'"person": 4'))
    with pytest.raises(CittaError, match="person has 3 rows instead of 4"):
        backup.restore(databases, filled, bad)
    assert names(databases) == ["Nicolò", "a", "b"]
    assert not exists(databases, filled + "_restored")


def test_restore_never_replaces_a_foreign_database(databases, filled, tmp_path):
    """Also a restore refuses a database that is not ours."""
    file = tmp_path / "b.zip"
    backup.backup(databases, filled, file)
    with databases.cursor() as cursor:
        cursor.execute("CREATE DATABASE archive")
    with pytest.raises(CittaError, match="did not create"):
        backup.restore(databases, "archive", file)
    assert databases.info("archive") == {}


def test_no_backup_file(databases, tmp_path):
    """A file that is missing, or is something else, gets a sentence."""
    with pytest.raises(CittaError, match="there is no file"):
        backup.restore(databases, "citta", tmp_path / "none.zip")
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(CittaError, match="damaged or no backup"):
        backup.restore(databases, "citta", tmp_path / "text.zip")
