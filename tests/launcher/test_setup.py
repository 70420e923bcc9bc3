"""Bringing Odoo and the Python environment: refusals, and going on after an interruption."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import debian, environment, odoo_source, paths, system_libs
from launcher.errors import CittaError

ROOT = Path(__file__).resolve().parents[2]


class FakeStep:
    """A step that answers commands from a table instead of running them."""

    log_path = "/log"

    def __init__(self, answer=""):
        self.answer = answer
        self.commands = []

    def run(self, command, **_options):
        """Remember the command; fail where the answer is an exception."""
        self.commands.append([str(part) for part in command])
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def tick(self, text):
        """Nothing to show."""


def failed(output):
    """What a step raises when its command ended with an error."""
    from launcher.progress import StepFailed

    return StepFailed(["tool"], 1, output, "/log")


@pytest.fixture
def odoo_tree(tmp_path):
    """A folder that looks like Odoo 19."""
    release = tmp_path / "odoo19" / "odoo" / "release.py"
    release.parent.mkdir(parents=True)
    release.write_text("version_info = (19, 0, 0, 'final', 0, '')\n")
    return tmp_path / "odoo19"


def test_unsupported_python_is_refused_by_name():
    """Python 3.9 and 3.14 get a sentence; another interpreter on the path is used instead where there is one."""
    for version in ((3, 9), (3, 14)):
        with pytest.raises(CittaError, match=r"Python 3\.\d+ is not supported"):
            environment.choose_python(version, which=lambda _name: None)
    assert environment.choose_python((3, 14), which=lambda name: name == "python3.12" and "/p/3.12") == "/p/3.12"
    assert environment.choose_python((3, 11)) == sys.executable


def test_the_script_can_be_read_by_an_old_python():
    """The first file has no syntax newer than Python 3.6's, so that the refusal is a sentence."""
    import ast

    text = (ROOT / "citta").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 6))
    assert "version_info < (3, 10)" in text
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(ast.parse(text)))


def test_named_folder_without_odoo_is_refused(tmp_path, monkeypatch):
    """CITTA_ODOO must hold Odoo, and the right series."""
    monkeypatch.setenv("CITTA_ODOO", str(tmp_path))
    with pytest.raises(CittaError, match="holds no Odoo"):
        odoo_source.find()
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    with pytest.raises(CittaError, match=r"not Odoo 19\.0"):
        odoo_source.find()


def test_named_folder_is_used(odoo_tree, monkeypatch):
    """A folder of the user goes before everything else, and nothing is downloaded."""
    monkeypatch.setenv("CITTA_ODOO", str(odoo_tree))
    assert odoo_source.ensure().folder == odoo_tree


def test_no_debian_is_refused_with_the_other_ways(monkeypatch):
    """Elsewhere than on Debian the remedy names the folder and docker compose."""
    monkeypatch.setattr(debian, "is_debian", lambda: False)
    with pytest.raises(CittaError) as caught:
        odoo_source.ensure()
    assert "CITTA_ODOO" in caught.value.remedy
    assert "docker compose" in caught.value.remedy


def test_corrupt_package_is_thrown_away(tmp_path):
    """A damaged package file does not stay in the cache to fail again."""
    deb = tmp_path / "odoo-19_1_all.deb"
    deb.write_bytes(b"no archive")
    with pytest.raises(CittaError, match="corrupt"):
        debian.unpack(deb, tmp_path / "tree", FakeStep(failed("not a Debian format archive")))
    assert not deb.exists()


def test_full_disk_while_unpacking_keeps_the_package(tmp_path):
    """With a full disk the download is kept: it was right."""
    deb = tmp_path / "odoo-19_1_all.deb"
    deb.write_bytes(b"archive")
    with pytest.raises(CittaError, match="disk is full"):
        debian.unpack(deb, tmp_path / "tree", FakeStep(failed("No space left on device")))
    assert deb.exists()


@pytest.mark.parametrize("raises", [True, False])
def test_lists_without_network_are_an_error(monkeypatch, raises):
    """apt-get update without network is refused, also when it ends with 0 and only warns."""
    monkeypatch.setattr(debian, "_targets", lambda: "http://mirror/debian/|bookworm\n")
    output = "W: Failed to fetch http://mirror/debian  Temporary failure resolving 'mirror'"
    apt = debian.PrivateApt()
    apt.codename = "bookworm"
    with pytest.raises(CittaError, match="no network"):
        apt.update(FakeStep(failed(output) if raises else output))


def test_private_apt_uses_the_machines_own_mirror(monkeypatch):
    """The two suites come from the mirror the machine is set up with, signed by Debian's keyring."""
    monkeypatch.setattr(debian, "_targets", lambda: "http://s/security/|bookworm-security\nhttp://m/debian/|bookworm\n")
    apt = debian.PrivateApt()
    apt.codename = "bookworm"
    apt.update(FakeStep())
    lines = (apt.home / "sources.list").read_text().splitlines()
    assert [line.split()[-3:] for line in lines] == [
        ["http://m/debian/", "bookworm", "main"], ["http://m/debian/", "sid", "main"]]
    assert all("signed-by=" in line for line in lines)


def test_interrupted_unpacking_starts_over(odoo_tree, cache, monkeypatch):
    """A half-unpacked tree has another name, so it is never taken for Odoo."""
    part = cache / "odoo" / "abc.part" / odoo_source.DIST_PACKAGES / "odoo"
    part.mkdir(parents=True)
    (part / "release.py").write_text((odoo_tree / "odoo" / "release.py").read_text())
    assert odoo_source.find() is None


def test_dangling_link_is_found(tmp_path):
    """A link into a package that was not unpacked stops the set-up; the one known to dangle does not."""
    scripts = tmp_path / "usr" / "share"
    scripts.mkdir(parents=True)
    (scripts / "Inconsolata.otf").symlink_to("../nowhere")
    odoo_source.complete(tmp_path)
    (scripts / "jquery.js").symlink_to("../nowhere")
    with pytest.raises(CittaError, match=r"jquery\.js leads nowhere"):
        odoo_source.complete(tmp_path)
    assert (tmp_path / odoo_source.DIST_PACKAGES / odoo_source.STUB).exists()


def test_environment_is_stamped_only_when_complete(odoo_tree, monkeypatch):
    """An interruption leaves no stamp, so the next start goes on; a complete one is not touched again."""
    source = odoo_source.from_folder(odoo_tree)
    monkeypatch.setattr(environment, "_create", lambda _step: environment.python().parent.mkdir(parents=True))
    monkeypatch.setattr(environment, "_link", lambda _source: environment.python().touch())

    def interrupted(_step):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.ensure(source)
    assert not environment.is_ready(source)
    monkeypatch.setattr(environment, "_create", lambda _step: None)
    monkeypatch.setattr(environment, "_install", lambda _step: None)
    environment.ensure(source)
    assert not environment.is_ready(source), "a Python that does not start is no environment"
    monkeypatch.setattr(environment, "works", lambda _statement: True)
    assert environment.is_ready(source)
    monkeypatch.setattr(environment, "_install", interrupted)
    environment.ensure(source)


@pytest.mark.parametrize(("output", "problem"), [
    ("ensurepip is not available", "venv module is missing"),
    ("[Errno 28] No space left on device", "disk is full"),
    ("Failed to establish a new connection", "no network"),
])
def test_environment_failures_are_explained(odoo_tree, monkeypatch, output, problem):
    """Missing venv, full disk and missing network each get their sentence."""
    from launcher import progress

    monkeypatch.setattr(progress.Step, "run", lambda *_args, **_options: FakeStep(failed(output)).run(["x"]))
    with pytest.raises(CittaError, match=problem):
        environment.ensure(odoo_source.from_folder(odoo_tree))


def test_requirements_are_exact():
    """Every requirement is pinned to one version, in both parts."""
    before, after = environment.split_requirements(paths.REQUIREMENTS.read_text(encoding="utf-8"))
    pins = [line for line in (before + after).splitlines() if line and not line.startswith("#")]
    assert len(pins) > 50
    assert [line for line in pins if "==" not in line or "*" in line] == []
    assert all(line.startswith("odoo-addon-") for line in after.splitlines() if line)


def test_missing_library_is_named(monkeypatch):
    """Where wheels need a library that is nowhere and the system is no Debian, the error names it."""
    def absent(_name):
        raise OSError

    assert system_libs.missing(["liba.so"], absent) == ["liba.so"]
    monkeypatch.setattr(system_libs, "missing", lambda: ["libpango-1.0.so.0"])
    monkeypatch.setattr(debian, "is_debian", lambda: False)
    with pytest.raises(CittaError, match=r"libpango-1\.0\.so\.0 is missing"):
        system_libs.ensure()


def test_libraries_are_brought_again_when_the_list_grows(monkeypatch):
    """What was unpacked for an older list of packages does not count; what is complete is not brought again."""
    brought = []
    monkeypatch.setattr(system_libs, "missing", lambda: ["libatomic.so.1"])
    monkeypatch.setattr(debian, "is_debian", lambda: True)
    monkeypatch.setattr(system_libs, "_unpack", lambda _step: brought.append(1))
    system_libs.home().mkdir(parents=True)
    paths.write_json(system_libs.home() / "citta.json", {"packages": ["libpango-1.0-0"]})
    system_libs.ensure()
    paths.write_json(system_libs.home() / "citta.json", {"packages": system_libs.packages()})
    system_libs.ensure()
    assert brought == [1]


def test_installing_on_the_system_needs_root(monkeypatch):
    """Without root, --system says which command to run as root, and runs nothing."""
    step = FakeStep()
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with pytest.raises(CittaError) as caught:
        debian.install(step, ["chromium"])
    assert "apt-get install chromium" in caught.value.remedy
    assert step.commands == []


def test_help_needs_nothing_installed(tmp_path):
    """The command line explains itself with the bare standard library."""
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "citta"), "--help"], capture_output=True, text=True, check=False, cwd=tmp_path,
    )
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("run", "test", "backup", "restore", "reset", "shell", "lint", "bench"))
