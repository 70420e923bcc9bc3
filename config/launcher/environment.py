"""The private Python environment: made once, stamped with the digest of what went in, resumed when interrupted."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import paths
from .errors import CittaError, explain, from_os_error
from .progress import Step, StepFailed

SUPPORTED = ((3, 10), (3, 13))
NO_DEPS_LINE = "\n# --no-deps"
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--prefer-binary", "--no-warn-script-location")


def home():
    """The folder of the environment."""
    return paths.cache() / "venv"


def python():
    """The environment's Python."""
    return home() / "bin" / "python"


def split_requirements(text):
    """Split the requirements into those installed with and without their dependencies.

    >>> split_requirements("a==1\\n# --no-deps: x\\nb==2\\n")
    ('a==1\\n', 'b==2\\n')
    """
    before, found, after = text.partition(NO_DEPS_LINE)
    return before + "\n" * bool(found), after.partition("\n")[2] if found else ""


def choose_python(version=None, which=shutil.which):
    """The interpreter the environment is made with: this one if Odoo supports it, else one found by name.

    :param version: (major, minor) of the running Python, for tests
    :raises CittaError: when there is none from 3.10 to 3.13
    """
    version = version or sys.version_info[:2]
    if SUPPORTED[0] <= version <= SUPPORTED[1]:
        return sys.executable
    for minor in range(SUPPORTED[1][1], SUPPORTED[0][1] - 1, -1):
        found = which("python3.%d" % minor)
        if found:
            return found
    raise CittaError(
        "Python %d.%d is not supported by Odoo 19." % version, "install Python 3.10 to 3.13 (Debian: apt-get install python3).",
    )


def wanted(source):
    """The stamp of the environment that ``source`` and the requirements ask for."""
    text = paths.REQUIREMENTS.read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith("#")]
    return paths.digest("1", str(source.folder), *pins)


def is_ready(source):
    """Whether the environment holds exactly what is asked for, and its Python has not been upgraded away."""
    return paths.read_json(home() / "citta.json").get("digest") == wanted(source) and works("import psycopg2")


def works(statement):
    """Whether the environment's Python can run a statement."""
    try:
        return subprocess.run([python(), "-c", statement], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def ensure(source):
    """Make or complete the environment; two launchers at once take turns.

    :param source: the Odoo tree that the environment must see
    :raises CittaError: no network, full disk, corrupt download, no venv module
    """
    if is_ready(source):
        return
    with paths.lock("environment", waiting=lambda: print("Waiting for another ./citta that sets up the environment …")):
        if not is_ready(source):
            with Step("Python environment", "environment") as step:
                _build(step, source)


def _build(step, source):
    """Create the environment and install both parts; pip itself skips what an interrupted run has installed."""
    (home() / "citta.json").unlink(missing_ok=True)
    try:
        _create(step)
        _link(source)
        _install(step)
    except StepFailed as failure:
        raise explain(failure.output, "the Python environment", home(), failure.log) from failure
    except OSError as error:
        raise from_os_error(error, home()) from error
    paths.write_json(home() / "citta.json", {"digest": wanted(source), "odoo": source.version, "sha256": source.checksum})


def _create(step):
    """Create the empty environment if there is none that works."""
    if works("import pip"):
        return
    shutil.rmtree(home(), ignore_errors=True)
    try:
        step.run([choose_python(), "-m", "venv", home()])
    except StepFailed as failure:
        if "ensurepip" in failure.output or "No module named venv" in failure.output:
            raise CittaError(
                "Python's venv module is missing.", "Debian: apt-get install python3-venv", failure.log,
            ) from failure
        raise


def site_packages():
    """The environment's folder of installed packages."""
    return next((home() / "lib").glob("python3.*/site-packages"))


def _link(source):
    """Let Python in the environment find Odoo by a path file; pip then knows it as installed, too."""
    (site_packages() / "odoo19.pth").write_text(f"{source.folder}\n", encoding="utf-8")


def _install(step):
    """Install the two parts of the requirements."""
    env = dict(os.environ, PYTHONNOUSERSITE="1", LC_ALL="C.UTF-8", PYTHONUTF8="1")
    for number, text in enumerate(split_requirements(paths.REQUIREMENTS.read_text(encoding="utf-8"))):
        if text.strip():
            part = home() / ("requirements-%d.txt" % number)
            part.write_text(text, encoding="utf-8")
            extra = ["--no-deps"] if number else []
            step.run([python(), *PIP, *extra, "-r", part], pick=_pip_line, env=env)


def _pip_line(line):
    """What of pip's output is shown: the names of what it is working on."""
    match = re.match(r"\s*(Collecting|Downloading|Using cached|Installing|Successfully) (\S+)", line)
    return "{} {}".format(*match.groups()) if match else None


def program(name):
    """A program of the environment, by name."""
    return Path(home(), "bin", name)
