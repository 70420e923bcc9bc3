"""Odoo 19 Community: a folder the user names, what the cache holds, or Debian's package, in this order."""
import os
import shutil
from pathlib import Path

from . import debian, paths
from .errors import CittaError, from_os_error
from .progress import Step

PACKAGE = "odoo-19"
TRIED_VERSION = "19.0.0+dfsg-1"
# Odoo's fonts and old JavaScript libraries are links into these packages.
LINKED_PACKAGES = (
    "fonts-font-awesome", "libjs-jquery", "libjs-underscore", "libjs-jquery-form", "fonts-roboto-unhinted",
    "fonts-montserrat", "fonts-inconsolata", "fonts-ocr-b",
)
MAY_DANGLE = ("Inconsolata.otf",)
DIST_PACKAGES = "usr/lib/python3/dist-packages"
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


class Source:
    """An Odoo tree: the folder to put on Python's path, its version, and the digest of what it came from."""

    def __init__(self, folder, version, checksum):
        self.folder = Path(folder)
        self.version = version
        self.checksum = checksum

    def __str__(self):
        return f"Odoo {self.version}"


def find():
    """The Odoo tree that is there already, or None.

    :raises CittaError: when ``CITTA_ODOO`` names a folder that holds no Odoo 19
    """
    named = os.environ.get("CITTA_ODOO")
    if named:
        return from_folder(Path(named).expanduser().resolve())
    record = paths.read_json(paths.cache() / "odoo.json")
    folder = Path(record.get("folder", "/nonexistent"))
    if (folder / "odoo" / "release.py").exists():
        return Source(folder, record["version"], record["sha256"])
    return None


def ensure():
    """The Odoo tree, brought from Debian if it is not there."""
    return find() or from_debian()


def from_folder(top):
    """The tree in a folder given by the user: a git checkout, an unpacked archive, or a Debian tree."""
    for folder in (top, top / DIST_PACKAGES):
        release = folder / "odoo" / "release.py"
        if release.exists():
            if "version_info = (19, 0" not in release.read_text(encoding="utf-8"):
                raise CittaError(f"CITTA_ODOO={top} is not Odoo 19.0.", "give a folder of the 19.0 branch.")
            return Source(folder, f"19.0 ({top})", paths.file_digest(release))
    raise CittaError(
        f"CITTA_ODOO={top} holds no Odoo.", "name the folder that has odoo/release.py in it, or unset CITTA_ODOO.",
    )


def from_debian():
    """Download, check and unpack Debian's package; what an interrupted run has brought is used again.

    :raises CittaError: on a system that is no Debian, without network, with a corrupt file or a full disk
    """
    if not debian.is_debian():
        raise CittaError(
            "Odoo 19 is not here and this system is no Debian.",
            "give an Odoo 19.0 source folder in CITTA_ODOO, or use: docker compose up",
        )
    with Step("Odoo 19 Community from Debian (120 MB)", "odoo") as step:
        apt = debian.PrivateApt()
        apt.update(step)
        debs = apt.download(step, (PACKAGE, *LINKED_PACKAGES), "Odoo 19")
        return _unpack(debs, step)


def _unpack(debs, step):
    """Unpack into a folder of its own and give it its name only when it is complete."""
    version = debian.version_of(debs[0])
    checksum = paths.file_digest(debs[0])
    final = paths.folder("odoo") / checksum[:12]
    part = final.with_name(final.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for deb in debs:
            debian.unpack(deb, part, step)
        complete(part)
        shutil.rmtree(final, ignore_errors=True)
        part.rename(final)
    except OSError as error:
        raise from_os_error(error, final) from error
    record = {"folder": str(final / DIST_PACKAGES), "version": version, "sha256": checksum}
    paths.write_json(paths.cache() / "odoo.json", record)
    for deb in debs:
        deb.unlink()
    if version != TRIED_VERSION:
        step.tick(f"note: this project was tried with Odoo {TRIED_VERSION}, Debian now has {version}")
    return Source(record["folder"], version, checksum)


def complete(tree):
    """Add what the package leaves out, and check that no link of it leads nowhere.

    :raises CittaError: naming the first dangling link; one in the JavaScript makes every page answer 500
    """
    stub = tree / DIST_PACKAGES / STUB
    stub.parent.mkdir(parents=True, exist_ok=True)
    if not stub.exists():
        # Without this file the web client logs a console error and every browser tour fails.
        stub.write_text("// left out of Debian's package\n", encoding="utf-8")
    dangling = [link for link in dangling_links(tree) if not link.name.endswith(MAY_DANGLE)]
    if dangling:
        raise CittaError(
            f"Odoo's tree is incomplete: {dangling[0].relative_to(tree)} leads nowhere.",
            "start the same command again; if it repeats, Debian moved a file and the launcher must learn it.",
        )


def dangling_links(tree):
    """All symbolic links under a folder whose target does not exist."""
    for here, folders, files in os.walk(tree):
        for name in folders + files:
            path = Path(here, name)
            if path.is_symlink() and not path.exists():
                yield path
