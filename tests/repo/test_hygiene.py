"""What does not belong into the repository: machines, secrets, generated files, hosts of package registries."""
import os
import re

from . import source
from .source import ROOT, at, show

# Put together here so that this file does not match itself.
DOT = r"\."
REGISTRIES = re.compile("|".join((
    DOT.join(("pypi", "org")), DOT.join(("files", "pythonhosted")), DOT.join(("deb", "debian", "org")), DOT.join(("npmjs", "(?:org|com)")),
    DOT.join(("security", "debian", "org")), DOT.join(("registry", "yarnpkg")), DOT.join(("proxy", "golang", "org")),
    DOT.join(("ghcr", "io")), DOT.join(("docker", "io")), DOT.join(("nightly", "odoo", "com")), DOT.join(("crates", "io")),
)), re.IGNORECASE)
MACHINE = re.compile("|".join("(?<![\\w.$}])/" + name for name in ("root/", "work/", "home/[a-z]", "Users/[A-Za-z]", "opt/dev", "mnt/c/")))
SECRETS = re.compile("|".join((
    "-----BEGIN [A-Z ]*PRIVATE " + "KEY-----", r"\bAKIA[0-9A-Z]{16}\b", r"\bgh[pousr]_\w{36}", r"\bsk_live_\w+", r"\bxox[bap]-\w+",
    r"://[\w.-]+:[^@\s/$<{]{6,}@",
)))
GENERATED = re.compile(r"(^|/)(__pycache__|node_modules|\.pytest_cache|\.ruff_cache|htmlcov|\.venv)/|\.(pyc|pyo|orig|rej|log|swp|dump|sqlite)$|(^|/)\.(coverage|DS_Store|env)$")
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".pdf", ".woff", ".woff2", ".ico", ".gif", ".xlsx", ".zip"}
LARGEST = 1_500_000


def text_files():
    """(path, text) of what is committed and readable, without third-party data."""
    for path in source.repo_files():
        if path.suffix.lower() not in BINARY and not path.is_relative_to(ROOT / "tests" / "repo" / "data"):
            yield path, source.text(path)


def matches(pattern, message, path, content):
    """One finding for each line that matches."""
    return [at(path, content.count("\n", 0, match.start()) + 1, f"{message}: {match.group()[:40]}") for match in pattern.finditer(content)]


def every_match(pattern, message):
    """Findings over all text files."""
    return [one for path, content in text_files() for one in matches(pattern, message, path, content)]


def test_no_host_of_a_package_registry():
    findings = every_match(REGISTRIES, "the machine's own settings say where packages come from")
    assert not findings, show(findings)


def test_no_machine_path():
    findings = every_match(MACHINE, "a path of one machine")
    assert not findings, show(findings)


def test_no_secret():
    findings = every_match(SECRETS, "looks like a secret")
    assert not findings, show(findings)


def generated(names):
    """Files that tools make."""
    return [f"{name}: generated, not for the repository" for name in names if GENERATED.search(name)]


def test_nothing_generated():
    findings = generated(str(path.relative_to(ROOT)) for path in source.repo_files())
    assert not findings, show(findings)


def test_no_giant_and_no_link():
    findings = [at(path, 1, f"{path.stat().st_size} bytes") for path in source.repo_files() if path.stat().st_size > LARGEST]
    findings += [at(path, 1, "a symbolic link") for path in source.repo_files() if path.is_symlink()]
    assert not findings, show(findings)


def wrong_mode(path, head, executable):
    """Scripts that cannot be started, and other files that could."""
    if head.startswith(b"#!") and not executable:
        return [at(path, 1, "has a first line #! but is not executable")]
    return [at(path, 1, "is executable without a first line #!")] if executable and not head.startswith(b"#!") else []


def test_scripts_are_executable_and_nothing_else_is():
    findings = []
    for path in source.repo_files():
        with open(path, "rb") as handle:
            findings += wrong_mode(path, handle.read(2), os.access(path, os.X_OK) and bool(path.stat().st_mode & 0o111))
    assert not findings, show(findings)


def untidy(path, content):
    """White space that every difference would show."""
    found = [at(path, number, "white space at the end of the line") for number, line in enumerate(content.split("\n"), 1) if line != line.rstrip(" \t\r")]
    if content and not content.endswith("\n"):
        found.append(at(path, content.count("\n") + 1, "no line end at the end of the file"))
    return found


def test_text_is_tidy():
    kinds = {".py", ".xml", ".csv", ".yml", ".yaml", ".toml", ".sh", ".conf", ".js", ".scss", ".txt", ".json"}
    findings = [one for path, content in text_files() if path.suffix in kinds for one in untidy(path, content)]
    assert not findings, show(findings)
