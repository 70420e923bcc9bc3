"""Chromium for the browser tests: the system's, or installed by apt-get where that is allowed."""
import os
import shutil

from . import debian
from .errors import CittaError
from .progress import Step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find(which=shutil.which):
    """The path of a Chromium, or None."""
    return next((path for path in map(which, NAMES) if path), None)


def ensure(system):
    """The path of a Chromium, installed first where it is missing.

    :param system: whether Debian packages may be installed
    :raises CittaError: when there is none and none may be installed
    """
    found = find()
    if found:
        return found
    if not (system and os.getuid() == 0):
        raise CittaError(
            "Chromium is missing; the browser tests need it.",
            "as root: apt-get install chromium, or ./citta test --system; other suites run by name, "
            "e.g. ./citta test repo launcher lint",
        )
    with Step("Debian packages for the browser tests (apt-get)", "system") as step:
        debian.install(step, debian.listed())
    return find()
