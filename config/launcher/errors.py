"""Errors a user can do something about: one line for what is wrong, one for the remedy."""
import errno

NETWORK_SIGNS = (
    "temporary failure resolving", "temporary failure in name resolution", "could not resolve",
    "name or service not known", "network is unreachable", "connection refused", "failed to establish a new connection",
    "connection timed out", "max retries exceeded", "no route to host", "failed to fetch", "read timed out",
)
DISK_SIGNS = ("no space left on device", "disk quota exceeded", "you don't have enough free space")
CORRUPT_SIGNS = (
    "hash sum mismatch", "do not match the hashes", "file has unexpected size", "badzipfile", "wheel is invalid",
    "invalidwheel", "is invalid", "lzma error", "bad gzip", "unexpected end of file in archive", "not a debian format",
)


class CittaError(Exception):
    """What went wrong, in one line, with the remedy the user can apply.

    :param problem: the sentence shown after ``citta:``
    :param remedy: what to do; shown after ``Remedy:``
    :param log: file in which the whole output stands, if there is one
    """

    def __init__(self, problem, remedy="", log=None):
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.log = log

    def __str__(self):
        parts = [f"citta: {self.problem}"]
        if self.remedy:
            parts.append(f"Remedy: {self.remedy}")
        if self.log:
            parts.append(f"Whole output: {self.log}")
        return "\n".join(parts)


def no_network(what, log=None):
    """The error for a download that found no network."""
    return CittaError(
        f"no network: {what} could not be downloaded.",
        "connect this machine (or set the proxy variables) and start the same command again; it goes on where it stopped.",
        log,
    )


def disk_full(where):
    """The error for a full disk under ``where``."""
    return CittaError(
        f"the disk is full under {where}.",
        "free at least 5 GB, or choose another disk with XDG_CACHE_HOME, and start the same command again.",
    )


def corrupt_download(what, log=None):
    """The error for a file that does not have the size, checksum or signature it should have."""
    return CittaError(
        f"the download of {what} is corrupt; it was thrown away.",
        "start the same command again; if it repeats, the mirror or a proxy on the way alters files.",
        log,
    )


def explain(output, what, where, log=None):
    """Turn the output of a failed tool into the error it means.

    :param output: what apt, pip or dpkg printed
    :param what: the thing that was being brought, for the sentence
    :param where: the folder it was brought to
    :returns: a :class:`CittaError`, never raised here

    >>> explain("E: Hash Sum mismatch", "Odoo", "/c").problem
    'the download of Odoo is corrupt; it was thrown away.'
    >>> explain("[Errno 28] No space left on device", "Odoo", "/c").problem
    'the disk is full under /c.'
    >>> explain("Temporary failure resolving 'x'", "Odoo", "/c").problem
    'no network: Odoo could not be downloaded.'
    >>> explain("E: boom", "Odoo", "/c").problem
    'Odoo could not be installed: E: boom'
    """
    text = output.lower()
    if any(sign in text for sign in DISK_SIGNS):
        return disk_full(where)
    if any(sign in text for sign in CORRUPT_SIGNS):
        return corrupt_download(what, log)
    if "release file" in text and ("expired" in text or "not valid yet" in text):
        return CittaError(
            f"the mirror's copy of {what} is out of date by this machine's clock.",
            "set the clock right, or set up a mirror that is kept up to date in /etc/apt.", log,
        )
    if any(sign in text for sign in NETWORK_SIGNS):
        return no_network(what, log)
    last = [line for line in output.strip().splitlines() if line.strip()][-1:] or ["no output"]
    return CittaError(f"{what} could not be installed: {last[0].strip()}", "read the whole output below.", log)


def from_os_error(error, where):
    """The error for an ``OSError`` while writing under ``where``; unknown ones are passed on as they are."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return CittaError(
            "%s cannot be written." % (error.filename or where),
            "make it yours again, or choose another folder with XDG_CACHE_HOME.",
        )
    return error
