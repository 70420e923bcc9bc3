"""Shared libraries that Python wheels do not carry: taken from the system, else unpacked from Debian into the cache."""
import ctypes
import os
import shutil
from pathlib import Path

from . import debian, paths
from .errors import CittaError
from .progress import Step

# What WeasyPrint opens by itself, and what Playwright's Node.js is linked with.
LIBRARIES = (
    "libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0",
    "libfontconfig.so.1", "libatomic.so.1",
)
ONLY_INSTALLED = ("chromium",)  # of no use when only unpacked
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>%(libs)s/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>%(cache)s</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


def missing(libraries=LIBRARIES, load=ctypes.CDLL):
    """The names of the libraries that this machine's loader does not find."""
    return [name for name in libraries if not _loads(name, load)]


def _loads(name, load):
    try:
        load(name)
    except OSError:
        return False
    return True


def home():
    """The folder the packages are unpacked into."""
    return paths.cache() / "libs"


def ensure(system=False):
    """Bring the libraries if they are missing.

    :param system: install Debian's packages on the system instead of unpacking them into the cache
    :raises CittaError: when the system is no Debian
    """
    if not missing() or paths.read_json(home() / "citta.json").get("packages") == packages():
        return
    if not debian.is_debian():
        raise CittaError(
            f"the system library {missing()[0]} is missing.", "install what config/requirements/debian.txt lists.",
        )
    with paths.lock("libraries"), Step("system libraries for PDF and browser tests", "libraries") as step:
        if system and os.getuid() == 0:
            debian.install(step, debian.listed())
        else:
            _unpack(step)


def packages():
    """The Debian packages that bring the libraries."""
    return [name for name in debian.listed() if name not in ONLY_INSTALLED]


def _unpack(step):
    """Download the packages with what they need, and unpack them into the cache."""
    apt = debian.PrivateApt()
    apt.update(step)
    part = home().with_name("libs.part")
    shutil.rmtree(part, ignore_errors=True)
    for deb in apt.download_closure(step, packages(), "the system libraries"):
        debian.unpack(deb, part, step)
        deb.unlink()
    conf = FONTS_CONF % {"libs": home(), "cache": paths.folder("fontconfig")}
    (part / "fonts.conf").write_text(conf, encoding="utf-8")
    paths.write_json(part / "citta.json", {"packages": packages()})
    shutil.rmtree(home(), ignore_errors=True)
    part.rename(home())


def variables():
    """Environment variables with which programs find the unpacked libraries and fonts; empty where none were needed."""
    if not (home() / "citta.json").exists():
        return {}
    triplets = [path for name in ("usr/lib", "lib") for path in sorted((home() / name).glob("*-linux-*"))]
    found = [str(path) for path in triplets if path.is_dir()] + os.environ.get("LD_LIBRARY_PATH", "").split(":")
    result = {"LD_LIBRARY_PATH": ":".join(dict.fromkeys(part for part in found if part))}
    if not Path("/etc/fonts/fonts.conf").exists():
        result["FONTCONFIG_FILE"] = str(home() / "fonts.conf")
    return result
