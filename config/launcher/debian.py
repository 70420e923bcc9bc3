"""Debian packages without root: downloaded through a private apt state, checked by apt's signatures, unpacked.

No host name stands here: the mirror is the one the machine itself is set up with.
"""
import os
import shutil
import subprocess
from pathlib import Path

from . import paths
from .errors import CittaError, corrupt_download, explain
from .progress import StepFailed

KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
TARGET_FIELDS = "$(REPO_URI)|$(RELEASE)"


def is_debian():
    """Whether this machine is a Debian with apt, so that its packages can be used."""
    return os_release().get("ID") == "debian" and bool(shutil.which("apt-get")) and bool(shutil.which("dpkg-deb"))


def os_release(path="/etc/os-release"):
    """The machine's own description of its system, as a dict."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key: value.strip().strip('"') for key, value in pairs}


def mirror(targets, codename):
    """The mirror of the machine's own suite.

    :param targets: lines ``URI|suite`` as apt tells them
    :param codename: name of the machine's Debian release
    :returns: the address, or None when apt has no Debian archive set up

    >>> mirror("http://a/security/|bookworm-security\\nhttp://a/debian/|bookworm", "bookworm")
    'http://a/debian/'
    """
    rows = [line.split("|") for line in targets.splitlines() if line.count("|") == 1]
    main = [uri for uri, suite in rows if suite in (codename, "stable")]
    other = [uri for uri, suite in rows if "security" not in uri + suite]
    return (main + other or [None])[0]


class PrivateApt:
    """A private apt state in the cache that knows the machine's suite and, for Odoo, the unstable one."""

    def __init__(self):
        self.home = paths.folder("apt")
        self.codename = os_release().get("VERSION_CODENAME", "stable")

    def options(self):
        """Command line options that keep apt away from the system's state."""
        pairs = {
            "Dir::Etc::sourcelist": self.home / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": self.home / "lists",
            "Dir::Cache": self.home / "cache",
            "APT::Sandbox::User": "root",
            "APT::Default-Release": self.codename,
            "APT::Get::List-Cleanup": "true",
            "APT::Install-Recommends": "false",
            "Debug::NoLocking": "true",
            "Acquire::Retries": "3",
            "Acquire::Languages": "none",
            "Dir::Etc::preferencesparts": "/dev/null",
        }
        return [part for key, value in pairs.items() for part in ("-o", f"{key}={value}")]

    def update(self, step):
        """Write the sources and fetch the signed lists.

        :raises CittaError: where apt has no Debian archive, or the lists cannot be fetched
        """
        for name in ("lists/partial", "cache/archives/partial"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        keyring = next((path for path in KEYRINGS if os.path.exists(path)), None)
        uri = mirror(_targets(), self.codename)
        if not uri or not keyring:
            raise CittaError(
                "apt on this machine knows no Debian archive.",
                "restore /etc/apt/sources.list and the package debian-archive-keyring, "
                "or give an Odoo 19 source folder in CITTA_ODOO.",
            )
        line = f"deb [signed-by={keyring}] {uri} %s main\n"
        (self.home / "sources.list").write_text(line % self.codename + line % "sid", encoding="utf-8")
        output = self.call(step, ["apt-get", *self.options(), "update"], "the list of Debian packages")
        if "Failed to fetch" in output:  # apt-get update ends with 0 after such a warning
            raise explain(output, "the list of Debian packages", self.home, step.log_path)

    def call(self, step, command, what):
        """Run an apt command and explain its failure as the failure to bring ``what``."""
        env = dict(os.environ, LC_ALL="C.UTF-8", DEBIAN_FRONTEND="noninteractive")
        try:
            return step.run(command, env=env, cwd=paths.folder("debs"))
        except StepFailed as failure:
            raise explain(failure.output, what, paths.cache(), failure.log) from failure

    def download(self, step, packages, what):
        """Download packages, without what they depend on; returns the files' paths in the order of the names."""
        self.call(step, ["apt-get", *self.options(), "download", *packages], what)
        return [newest_deb(name) for name in packages]

    def download_closure(self, step, packages, what):
        """Download packages and those they depend on that this machine lacks; returns the files' paths."""
        archives = self.home / "cache" / "archives"
        for old in archives.glob("*.deb"):
            old.unlink()
        command = ["apt-get", *self.options(), "--yes", "--download-only", "install", *packages]
        self.call(step, command, what)
        return sorted(archives.glob("*.deb"))


def _targets():
    """The package lists that the machine's apt is set up with."""
    command = ["apt-get", "indextargets", "--format", TARGET_FIELDS, "Created-By: Packages"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def newest_deb(package):
    """The file of a package in the cache; the newest one if several versions lie there."""
    files = sorted(paths.folder("debs").glob(f"{package}_*.deb"), key=lambda path: path.stat().st_mtime)
    if not files:
        raise CittaError(f"the package {package} was not downloaded.", "start the same command again.")
    return files[-1]


def version_of(deb):
    """The version in a package file's name.

    >>> version_of(Path("odoo-19_19.0.0+dfsg-1_all.deb"))
    '19.0.0+dfsg-1'
    """
    return deb.name.split("_")[1].replace("%3a", ":")


def unpack(deb, where, step):
    """Unpack a package file under ``where``.

    :raises CittaError: when the file is damaged; it is removed so that the next start fetches it anew
    """
    step.tick(f"unpacking {deb.name}")
    try:
        step.run(["dpkg-deb", "-x", deb, where])
    except StepFailed as failure:
        error = explain(failure.output, deb.name, where, failure.log)
        if "disk is full" in error.problem:
            raise error from failure
        deb.unlink()
        raise corrupt_download(deb.name, failure.log) from failure


def listed():
    """The packages that ``--system`` may install, from ``config/requirements/debian.txt``."""
    lines = (paths.CONFIG / "requirements" / "debian.txt").read_text(encoding="utf-8").splitlines()
    return [name for name in (line.partition("#")[0].strip() for line in lines) if name]


def install(step, packages):
    """Install Debian packages on the system itself; only for ``--system`` and only as root.

    :raises CittaError: when not root, or when apt fails
    """
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise CittaError(
            "installing {} needs root and apt-get.".format(", ".join(packages)),
            "run as root: apt-get install {}".format(" ".join(packages)),
        )
    env = dict(os.environ, LC_ALL="C.UTF-8", DEBIAN_FRONTEND="noninteractive")
    try:
        step.run(["apt-get", "update"], env=env)
        step.run(["apt-get", "install", "--yes", "--no-install-recommends", *packages], env=env)
    except StepFailed as failure:
        raise explain(failure.output, ", ".join(packages), "/", failure.log) from failure
