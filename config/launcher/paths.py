"""Where things are: the project folder, and the one cache folder outside it that the launcher writes."""
import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
CONFIG = ROOT / "config"
REQUIREMENTS = ROOT / "requirements.txt"
OUR_ADDONS = ("citta_lavoro", "citta_fund")
SOCKET_PATH_MAX = 90


def cache():
    """The cache folder: ``$XDG_CACHE_HOME/citta-lavoro`` or ``~/.cache/citta-lavoro``, made if it is missing."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(base) / "citta-lavoro"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def folder(*names):
    """A folder under the cache, made if it is missing."""
    path = cache().joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


def socket_folder():
    """The folder of PostgreSQL's socket: in the cache, or in the runtime folder where that path would be too long.

    A Unix socket's path may have 107 bytes, and PostgreSQL adds ``/.s.PGSQL.5432`` to it.
    """
    inside = cache() / "run"
    if len(os.fsencode(str(inside))) > SOCKET_PATH_MAX:
        base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        name = "citta-%d-%s" % (os.getuid(), hashlib.sha256(os.fsencode(str(inside))).hexdigest()[:8])
        inside = Path(base) / name
    inside.mkdir(parents=True, exist_ok=True)
    if inside.stat().st_uid not in (os.getuid(), cluster_owner()):
        raise PermissionError(13, "belongs to another user", str(inside))
    return inside


def cluster_owner():
    """The user id that owns the private cluster's files, or our own while there is none."""
    data = cache() / "postgres" / "data"
    return data.stat().st_uid if data.exists() else os.getuid()


def read_json(path):
    """The content of a JSON file, or an empty dict where it is missing or was cut off by an interruption."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_json(path, data):
    """Write a JSON file in one step: a reader sees the old content or the new, never half of it."""
    path = Path(path)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(part, path)


@contextlib.contextmanager
def lock(name, shared=False, waiting=None):
    """Hold a lock on ``name`` for all of the user's launchers.

    :param shared: several may hold it at once; one that wants it alone waits for them
    :param waiting: called once, without arguments, when another launcher holds it
    """
    with open(folder("locks") / name, "a+", encoding="utf-8") as handle:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                waiting()
            fcntl.flock(handle, kind)
        yield handle


def digest(*parts):
    """A short digest of strings, in order.

    >>> digest("a", "b") == digest("a", "b")
    True
    >>> digest("ab") == digest("a", "b")
    False
    """
    total = hashlib.sha256()
    for part in parts:
        data = str(part).encode()
        total.update(b"%d:" % len(data) + data)
    return total.hexdigest()[:12]


def file_digest(path):
    """The SHA-256 of one file."""
    total = hashlib.sha256()
    with open(path, "rb") as handle:
        for block in iter(lambda: handle.read(1 << 20), b""):
            total.update(block)
    return total.hexdigest()


def tree_digest(top, skip=()):
    """A short digest of the names and contents of all files under ``top``.

    :param skip: folder names that do not count
    """
    total = hashlib.sha256()
    for here, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name not in skip)
        for name in sorted(files):
            if not name.endswith((".pyc", ".swp", "~")):
                path = os.path.join(here, name)
                total.update(os.path.relpath(path, top).encode() + b"\0" + file_digest(path).encode())
    return total.hexdigest()[:12]
