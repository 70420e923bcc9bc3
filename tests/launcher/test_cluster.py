"""The private PostgreSQL cluster, really started: it starts, is shared, stops, and leaves what is not ours alone."""
import os
import subprocess

import pytest

from launcher import cluster, environment, paths, postgres
from launcher.errors import CittaError

SITE_PACKAGES = environment.site_packages()


@pytest.fixture(autouse=True)
def binaries(monkeypatch):
    """The pinned binaries lie in the real environment, not in the test's empty cache."""
    monkeypatch.setattr(cluster.environment, "site_packages", lambda: SITE_PACKAGES)


def ask(server, query):
    """One value from the server, by psql."""
    command = [server.program("psql"), "-d", "postgres", "-Atc", query]
    return subprocess.run(command, env=server.env(), capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("debian", [True, False])
def test_cluster_starts_and_stops(monkeypatch, debian):
    """On Debian's binaries and on the pinned ones: UTF-8, no network, both extensions, gone afterwards."""
    if not debian:
        monkeypatch.setattr(cluster, "DEBIAN_BINARIES", paths.cache() / "none")
    with postgres.serving() as server:
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SELECT current_user") == "citta"
        names = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('unaccent', 'pg_trgm')"
        assert ask(server, names) == "2"
        with postgres.serving() as second:
            assert ask(second, "SELECT 1") == "1"
        assert ask(server, "SELECT 1") == "1", "the first launcher's server was stopped by the second"
    assert not (cluster.Cluster().data / "postmaster.pid").exists()


def test_cluster_of_another_is_not_touched():
    """A data folder without our mark stays as it is."""
    made = cluster.Cluster()
    made.data.mkdir(parents=True)
    (made.data / "PG_VERSION").write_text("%d\n" % cluster.major(made.binaries))
    with pytest.raises(CittaError, match="not ours"):
        cluster.Cluster().start()
    assert [path.name for path in made.data.iterdir()] == ["PG_VERSION"]


def test_interrupted_initdb_starts_over():
    """What an interruption left half-made is thrown away and made again."""
    made = cluster.Cluster()
    made.data.mkdir(parents=True)
    (made.data / "half").write_text("made")
    (made.home / "initdb.running").touch()
    with postgres.serving() as server:
        assert ask(server, "SELECT 1") == "1"
    assert not (made.data / "half").exists()


def test_cluster_of_a_version_that_is_gone(monkeypatch):
    """When Debian's PostgreSQL was upgraded away the error names the version."""
    made = cluster.Cluster()
    made.data.mkdir(parents=True)
    (made.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(CittaError, match="PostgreSQL 9"):
        cluster.Cluster()


def test_server_that_cannot_be_reached(monkeypatch, tmp_path):
    """A server named by PGHOST that does not answer is an error with the remedy; ours is not started instead."""
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with pytest.raises(CittaError, match="cannot be reached") as caught, postgres.serving():
        pass
    assert "PGHOST" in caught.value.remedy
    assert not (paths.cache() / "postgres").exists()


@pytest.mark.parametrize(("user", "may_create", "version", "problem"), [
    ("postgres", True, 150018, "Odoo refuses postgres"),
    ("anna", False, 150018, "able to create databases"),
    ("anna", True, 120004, "version 12"),
])
def test_server_or_role_that_does_not_fit(user, may_create, version, problem):
    """A server of the user's that Odoo cannot work with is refused before anything is made on it."""
    with pytest.raises(CittaError, match=problem):
        postgres.require_fit(user, may_create, version)
    postgres.require_fit("anna", True, 130000)


def test_server_named_by_the_user_is_used(monkeypatch):
    """With PGHOST set, no cluster of our own is made and the named one is not stopped afterwards."""
    with postgres.serving() as private:
        for name, value in private.variables.items():
            monkeypatch.setenv(name, value)
        with postgres.serving() as named:
            assert named.variables == {}
        assert ask(private, "SELECT 1") == "1"


def test_failure_of_the_server_is_explained():
    """A full disk is told from another failure, of which the last line is shown."""
    made = cluster.Cluster()
    assert "disk is full" in made._failed("FATAL: could not write: No space left on device").problem
    assert "FATAL: boom" in made._failed("LOG: x\nFATAL: boom\n").problem


def test_long_cache_path_gets_a_short_socket(monkeypatch, tmp_path):
    """A socket's path has at most 107 bytes; a longer folder is replaced by a short one, the same each time."""
    deep = tmp_path / ("x" * 90)
    deep.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(deep))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "r"))
    first = paths.socket_folder()
    assert first == paths.socket_folder()
    assert str(first).startswith(str(tmp_path / "r")) and first.stat().st_uid == os.getuid()
