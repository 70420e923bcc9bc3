"""Each failure a user can mend is one sentence and a remedy."""
import errno

import pytest

from launcher import errors

WHERE = "/somewhere/.cache"


@pytest.mark.parametrize(("output", "problem"), [
    ("E: Failed to fetch http://m/x.deb  Temporary failure resolving 'm'", "no network"),
    ("WARNING: Retrying ... [Errno 101] Network is unreachable", "no network"),
    ("NewConnectionError: Failed to establish a new connection", "no network"),
    ("E: Failed to fetch http://m/x.deb  Hash Sum mismatch", "corrupt"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "corrupt"),
    ("dpkg-deb: error: archive 'x.deb': not a Debian format archive", "corrupt"),
    ("E: Release file for http://m/InRelease is expired (invalid since 16d)", "out of date"),
    ("OSError: [Errno 28] No space left on device", "disk is full"),
    ("E: You don't have enough free space in /var/cache/apt/archives/.", "disk is full"),
])
def test_output_of_a_tool_is_explained(output, problem):
    """What apt, pip and dpkg print is turned into the sentence a user understands."""
    error = errors.explain(output, "Odoo 19", WHERE, "/log")
    assert problem in error.problem
    assert error.remedy


def test_unknown_output_is_shown_with_the_log():
    """What is not understood is shown, not hidden: its last line and where the rest stands."""
    error = errors.explain("first\nE: something new\n", "Odoo 19", WHERE, "/log")
    assert "E: something new" in error.problem
    assert "/log" in str(error)


def test_full_disk_and_forbidden_folder():
    """An error of the file system names the folder and the way out; others stay as they are."""
    assert "disk is full" in errors.from_os_error(OSError(errno.ENOSPC, "x"), WHERE).problem
    assert "cannot be written" in errors.from_os_error(OSError(errno.EACCES, "x", "/f"), WHERE).problem
    other = OSError(errno.EIO, "x")
    assert errors.from_os_error(other, WHERE) is other


def test_an_error_is_two_lines():
    """Problem and remedy stand on one line each."""
    lines = str(errors.no_network("Odoo")).splitlines()
    assert [line.split(":")[0] for line in lines] == ["citta", "Remedy"]
