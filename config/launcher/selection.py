"""Which tests of our addons a room, or an expression as pytest's ``-k``, means; said as tags of Odoo's runner."""
import ast
import re

from . import paths
from .errors import CittaError

SHORT = {"citta_lavoro": "lavoro", "citta_fund": "fund"}


def test_files(addon):
    """The files of an addon that hold tests."""
    return sorted((paths.ADDONS / addon / "tests").glob("test_*.py"))


def room_of(path):
    """The room of a test file, which is the second word of its name.

    >>> from pathlib import Path
    >>> room_of(Path("test_people_pathway.py"))
    'people'
    """
    return path.stem.split("_")[1]


def rooms():
    """The names of all rooms that have tests, sorted."""
    return sorted({room_of(path) for addon in SHORT for path in test_files(addon)})


def tags(addon, chosen_rooms=(), expression=""):
    """Odoo's ``--test-tags`` for a part of an addon's tests.

    :param chosen_rooms: only files of these rooms; all where empty
    :param expression: only tests that fit this expression
    :returns: the tags, or an empty string where nothing fits
    """
    files = [path for path in test_files(addon) if not chosen_rooms or room_of(path) in chosen_rooms]
    if expression:
        named = [name for path in files for name in names(path)]
        return ",".join(f"/{addon}:{case}.{test}" for file, case, test in named if fits(expression, (file, case, test)))
    if chosen_rooms:
        return ",".join(f"/{addon}/tests/{path.name}" for path in files)
    return f"/{addon}" if files else ""


def shares(addon, count):
    """The files of an addon's tests dealt out into so many shares, each with about as many tests.

    :returns: a list of Odoo's ``--test-tags``, the largest share first
    """
    dealt = [[0, []] for _share in range(count)]
    for path in sorted(test_files(addon), key=lambda path: -len(list(names(path)))):
        smallest = min(dealt, key=lambda share: share[0])
        smallest[0] += len(list(names(path)))
        smallest[1].append(f"/{addon}/tests/{path.name}")
    return [",".join(tags) for tests, tags in sorted(dealt, reverse=True) if tests]


def names(path):
    """The tests of a file: tuples of file stem, class and method."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for case in tree.body:
        if isinstance(case, ast.ClassDef):
            for test in case.body:
                if isinstance(test, ast.FunctionDef) and test.name.startswith("test"):
                    yield path.stem, case.name, test.name


def fits(expression, words):
    """Whether an expression as pytest's ``-k`` fits a test: each word is looked for in its names.

    >>> fits("pathway and not close", ("test_people_pathway", "TestPathway", "test_open"))
    True
    >>> fits("pathway and not open", ("test_people_pathway", "TestPathway", "test_open"))
    False
    """
    text = " ".join(words).lower()
    parts = re.findall(r"[()]|[^\s()]+", expression)
    python = [part if part in ("(", ")", "and", "or", "not") else str(part.lower() in text) for part in parts]
    try:
        tree = ast.parse(" ".join(python), mode="eval").body
    except SyntaxError as error:
        raise CittaError(f"-k {expression!r} is no expression.", "use words with and, or, not and brackets.") from error
    return _evaluate(tree)


def _evaluate(node):
    """The value of a tree of and, or, not and truth values."""
    if isinstance(node, ast.BoolOp):
        values = [_evaluate(value) for value in node.values]
        return all(values) if isinstance(node.op, ast.And) else any(values)
    if isinstance(node, ast.UnaryOp):
        return not _evaluate(node.operand)
    return bool(node.value)
