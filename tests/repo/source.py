"""The repository as the checks see it: files, parsed modules, models with their fields, XML records.

Every check is a function from such parsed things to a list of findings, ``path:line: what is wrong``; the test asserts that
the list is empty. So ``test_checks_bite.py`` can feed each one a bad snippet.
"""
import ast
import csv
import subprocess
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
ADDON_NAMES = ("citta_lavoro", "citta_fund")
ROOMS = ("common", "programme", "privacy", "people", "observatory", "network", "academy", "incubator")
MODEL_BASES = {"Model", "TransientModel", "AbstractModel"}
NOT_SHIPPED = {"__pycache__", ".git", ".pytest_cache", ".ruff_cache", "node_modules"}


def addon(name):
    """The folder of one of our addons."""
    return ROOT / "addons" / name


def files(folder, *patterns):
    """Files under a folder by glob patterns, sorted, without caches."""
    found = {path for pattern in patterns for path in Path(folder).rglob(pattern) if path.is_file()}
    return sorted(path for path in found if not NOT_SHIPPED & set(path.parts))


@cache
def repo_files():
    """What is committed or would be: git's list, without what it ignores."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(path for name in set(listed.split("\0")) if name and (path := ROOT / name).is_file())


def at(path, line, message):
    """One finding."""
    path = Path(path)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{line}: {message}"


def show(findings):
    """The message of a failed check: all findings, one a line."""
    return f"{len(findings)} findings\n" + "\n".join(findings)


@cache
def text(path):
    """The text of a file."""
    return Path(path).read_text(encoding="utf-8")


@cache
def tree(path):
    """The parsed Python module."""
    return ast.parse(text(path), str(path))


@cache
def walk(module):
    """All nodes of a parsed module; many rules ask for them."""
    return list(ast.walk(module))


@cache
def xml(path):
    """The root of a parsed XML file."""
    return etree.parse(str(path)).getroot()


def dotted(node):
    """A chain of names as text, ``request.env.cr``; an empty string where something else is in it."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def constant(node):
    """The text of a string constant (also glued of several), else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = constant(node.left), constant(node.right)
        return None if left is None or right is None else left + right
    return None


def constants(node):
    """The strings of one string constant or of a list of them."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return tuple(value for part in parts if (value := constant(part)) is not None)


def has_docstring(node):
    """Whether a function or class says what it is."""
    return bool(ast.get_docstring(node))


def decorators(node):
    """Names of a function's decorators."""
    return [dotted(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list]


@dataclass(frozen=True)
class Field:
    """A field declaration."""

    name: str
    kind: str
    line: int
    call: ast.Call = field(compare=False)

    def argument(self, name, position=None):
        """The text of an argument given by name or position, else None."""
        for keyword in self.call.keywords:
            if keyword.arg == name:
                return constant(keyword.value)
        if position is not None and len(self.call.args) > position:
            return constant(self.call.args[position])
        return None

    @property
    def comodel(self):
        """The model a relational field points to."""
        return self.argument("comodel_name", 0) if self.kind in ("Many2one", "One2many", "Many2many") else None

    @property
    def to_many(self):
        """Whether it points to several records."""
        return self.kind in ("One2many", "Many2many")


@dataclass(frozen=True)
class Model:
    """A class that makes or extends a model."""

    path: Path
    node: ast.ClassDef = field(compare=False)
    kind: str
    declared: str
    inherits: tuple

    @property
    def name(self):
        """The model it is about."""
        return self.declared or (self.inherits[0] if self.inherits else "")

    @property
    def own(self):
        """Whether it makes a new model rather than extends one."""
        return bool(self.declared) and self.declared not in self.inherits

    @cached_property
    def fields(self):
        """Its field declarations."""
        return _fields(self.node)

    @property
    def methods(self):
        """Its methods."""
        return [one for one in self.node.body if isinstance(one, ast.FunctionDef)]


def _assigned(node, name):
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(dotted(target) == name for target in statement.targets):
            return statement.value
    return None


def _fields(node):
    found = []
    for statement in node.body:
        if not (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)):
            continue
        parts = dotted(statement.value.func).split(".")
        if len(parts) == 2 and parts[0] == "fields":
            name = dotted(statement.targets[0])
            found.append(Field(name, parts[1], statement.lineno, statement.value))
    return found


@cache
def models_in(path, module=None):
    """The models of one parsed file: its classes on the top level."""
    found = []
    for node in (module or tree(path)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        kinds = {dotted(base).rpartition(".")[2] for base in node.bases} & MODEL_BASES
        if kinds:
            declared, inherits = _assigned(node, "_name"), _assigned(node, "_inherit")
            declared = constant(declared) or "" if declared is not None else ""
            inherits = constants(inherits) if inherits is not None else ()
            found.append(Model(Path(path), node, kinds.pop(), declared, inherits))
    return found


def code_files(name):
    """An addon's Python files without its tests."""
    return [path for path in files(addon(name), "*.py") if "tests" not in path.relative_to(addon(name)).parts]


def all_code():
    """The Python files of both addons without their tests."""
    return [path for name in ADDON_NAMES for path in code_files(name)]


@cache
def all_models():
    """All models of both addons."""
    return [model for path in all_code() for model in models_in(path)]


@cache
def own_models():
    """Our own models by name."""
    return {model.name: model for model in all_models() if model.own}


@cache
def field_types():
    """(model, field) → field, over all our declarations."""
    return {(model.name, one.name): one for model in all_models() for one in model.fields}


@cache
def manifest(name):
    """An addon's manifest."""
    return ast.literal_eval(text(addon(name) / "__manifest__.py"))


def room_of(path, base):
    """The room that a file of an addon belongs to, or None: ``models/people/pathway.py`` is in ``people``."""
    parts = Path(path).relative_to(base).parts
    return parts[1] if len(parts) > 2 and parts[1] in ROOMS else None


def xml_files(name, *folders):
    """An addon's Odoo data files, of some folders or of all but static ones and tests; a bank's XML is none."""
    base = addon(name)
    found = [path for path in files(base, "*.xml") if xml(path).tag == "odoo"]
    inside = [path for path in found if not {"static", "tests"} & set(path.relative_to(base).parts)]
    return [path for path in inside if not folders or path.relative_to(base).parts[0] in folders]


def data_xml():
    """XML data files of both addons."""
    return [path for name in ADDON_NAMES for path in xml_files(name)]


def records(root, model=None):
    """The ``<record>`` elements, of one model or all."""
    return [one for one in root.iter("record") if model is None or one.get("model") == model]


def value(record, name):
    """The ``<field>`` element of a record, or None."""
    return next((one for one in record.iter("field") if one.get("name") == name and one.getparent() is record), None)


def is_noupdate(record):
    """Whether a record stands in a noupdate part of its file."""
    flags = [node.get("noupdate") for node in record.iterancestors() if node.get("noupdate") is not None]
    return bool(flags) and flags[0].strip().lower() in ("1", "true")


def module_of(path):
    """The addon a file belongs to."""
    return Path(path).relative_to(ROOT / "addons").parts[0]


def full_id(xmlid, module):
    """An XML id with its module: ``group_x`` → ``citta_lavoro.group_x``."""
    return xmlid if "." in xmlid else f"{module}.{xmlid}"


def access_lines():
    """The lines of all access files as (path, line number, dict)."""
    found = []
    for name in ADDON_NAMES:
        for path in files(addon(name) / "security", "ir.model.access.csv"):
            with open(path, encoding="utf-8", newline="") as handle:
                found += [(path, number, row) for number, row in enumerate(csv.DictReader(handle), 2)]
    return found


def model_of_id(model_id):
    """The model that ``model_citta_programme_phase`` stands for."""
    flat = model_id.rpartition(".")[2].removeprefix("model_")
    known = {name.replace(".", "_"): name for name in own_models()}
    return known.get(flat, flat.replace("_", "."))
