"""The linters: ruff on all Python, pylint-odoo on our addons, and whether every XML and PO file can be read."""
import ast
import os
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from . import environment, odoo_source, paths
from .progress import say
from .results import Result

SETTINGS = paths.CONFIG / "lint"
NEVER = (".git", "__pycache__", "node_modules")
ODOO_PLUGINS = (
    "_pylint_path_setup", "pylint.extensions.bad_builtin", "_odoo_checker_sql_injection", "_odoo_checker_gettext",
    "_odoo_checker_unlink_override",
)
ODOO_CHECKS = (
    "used-before-assignment", "undefined-variable", "eval-used", "unreachable", "function-redefined", "sql-injection",
    "gettext-variable", "gettext-placeholders", "gettext-repr", "missing-gettext", "raise-unlink-override",
)


def checks():
    """The checks, as pairs of a name and a function that returns complaints as text."""
    return [("ruff", ruff), ("pylint-odoo", pylint), ("Odoo's pylint", odoo_pylint), ("xml", xml_files), ("po", po_files), ("launcher", launcher_size)]


def _run(command, env=None):
    """Run a linter in the project's folder; returns its output when it complains, else an empty string."""
    done = subprocess.run(
        [str(part) for part in command], cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, env=env,
    )
    return done.stdout or "ended with %d" % done.returncode if done.returncode else ""


def _settings(option, *names):
    """A linter's option for the first of its settings files that exists."""
    found = next((SETTINGS / name for name in names if (SETTINGS / name).exists()), None)
    return [option, found] if found else []


def ruff():
    """ruff on every Python file of the project."""
    return _run([
        environment.program("ruff"), "check", "--no-cache", *_settings("--config", "ruff.toml"),
        "citta", "config", "addons", "tests",
    ])


def pylint():
    """pylint-odoo on our addons."""
    rules = _settings("--rcfile", "pylintrc", "pylint.rc", "pylintrc.toml", ".pylintrc")
    rules = rules or ["--disable=all", "--enable=odoolint"]
    return _run([environment.python(), "-m", "pylint", "--load-plugins=pylint_odoo", *rules, "--score=n", *_addons()])


def odoo_pylint():
    """The pylint checks of Odoo's own ``test_lint``, on our addons."""
    source = odoo_source.find()
    plugins = source.folder / "odoo" / "addons" / "test_lint" / "tests"
    command = [
        environment.python(), "-m", "pylint", "--rcfile", os.devnull, "--score=n", "--reports=n", "--disable=all,unknown-option-value",
        "--load-plugins=" + ",".join(ODOO_PLUGINS), "--enable=" + ",".join(ODOO_CHECKS), *_addons(),
    ]
    return _run(command, dict(os.environ, PYTHONPATH=str(plugins), HOME=str(paths.cache())))


def _addons():
    """The folders of our addons."""
    return sorted(path.parent for path in paths.ADDONS.glob("*/__manifest__.py"))


def _files(suffix):
    """All files of the project with an ending."""
    return [path for path in sorted(paths.ROOT.rglob("*" + suffix)) if not set(path.parts) & set(NEVER)]


def xml_files():
    """Every XML file is well-formed."""
    complaints = []
    for path in _files(".xml"):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            complaints.append(f"{path.relative_to(paths.ROOT)}: {error}")
    return "\n".join(complaints)


def po_files():
    """Every translation file can be read, and no entry is there twice."""
    import polib  # only there once the environment is

    complaints = []
    for path in _files(".po") + _files(".pot"):
        try:
            polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            complaints.append(f"{path.relative_to(paths.ROOT)}: {error}")
    return "\n".join(complaints)


def launcher_size(limit=250, longest=45):
    """The launcher's own files stay short, and so do its functions."""
    complaints = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > limit:
            complaints.append("%s has more than %d lines" % (path.name, limit))
        functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
        complaints += [
            "%s: %s is longer than %d lines" % (path.name, node.name, longest)
            for node in functions if node.end_lineno - node.lineno >= longest
        ]
    return "\n".join(complaints)


def run():
    """All checks as one suite: each check is one test."""
    result = Result("lint")
    for name, check in checks():
        complaints = check()
        if complaints:
            result.fail(f"{name}:\n{complaints.rstrip()}")
        else:
            result.passed += 1
    return result


def main():
    """``./citta lint``: print the complaints; returns the exit code."""
    result = run()
    for text in result.details:
        say(text)
    say("lint: %d of %d checks are clean" % (result.passed, result.passed + result.failed))
    return int(bool(result.bad))
