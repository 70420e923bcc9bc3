"""The shape of the addons: rooms that look one way, one concept in one file of one name, small files and methods."""
import ast
import doctest
import importlib
import re
import statistics
import sys
import types

import pytest

from . import source
from .source import ADDON_NAMES, ROOMS, at, show

MAX_FILE, MAX_METHOD, MEDIAN_METHOD = 300, 45, 8
LEAST_TESTS, MOST_BROWSER_CODE = 0.8, 0.1
# A funder is no fund, a refund is none either; a fund, the fund's model or the Italian word is.
MONEY_WORD = re.compile(r"(?<![a-zA-Z])(fund|funds|fondo|fondi)(?![a-zA-Z])", re.IGNORECASE)
# What the design says each room owns; helpers that grew beside them belong to the room whose folder defines them.
OWNERS = {
    "common": "workflow.mixin workflow.log claim.mixin classification",
    "programme": "territory programme kpi",
    "privacy": "privacy.purpose consent access.log privacy.request privacy.deed",
    "people": "pathway pathway.stage person.sensitive assessment goal action agreement note handover delivery follow.up "
              "person.skill experience canvas",
    "observatory": "observatory need indicator indicator.value",
    "network": "member commitment service opportunity application match",
    "academy": "session attendance attestation",
    "incubator": "challenge call review milestone",
}
OWNER_OF = {f"citta.{name}": room for room, names in OWNERS.items() for name in names.split()}


def lavoro():
    """The folder of the first addon."""
    return source.addon("citta_lavoro")


def defined_in(models):
    """Model → room: as designed, else by the folder."""
    found = {model.name: source.room_of(model.path, lavoro()) for model in models if model.own and "citta_lavoro" in model.path.parts}
    return {**found, **OWNER_OF}


def later_models(path, room, module, owner_of):
    """Names of later rooms' models in a file of an earlier room."""
    later = {name for name, owner in owner_of.items() if owner and ROOMS.index(owner) > ROOMS.index(room)}
    return [
        at(path, node.lineno, f"room {room} names {node.value}, which belongs to the later room {owner_of[node.value]}")
        for node in source.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in later
    ]


def later_imports(path, room, module):
    """Imports of a later room's folder."""
    findings = []
    for node in source.walk(module):
        if isinstance(node, ast.ImportFrom):
            parts = set((node.module or "").split(".")) | {alias.name for alias in node.names if node.level}
            findings += [at(path, node.lineno, f"room {room} imports from the later room {other}")
                         for other in sorted(parts & set(ROOMS)) if ROOMS.index(other) > ROOMS.index(room)]
    return findings


def test_rooms_look_one_way_in_python():
    owner_of = defined_in(source.all_models())
    findings = []
    for path in source.code_files("citta_lavoro"):
        room = source.room_of(path, lavoro())
        if room:
            findings += later_models(path, room, source.tree(path), owner_of) + later_imports(path, room, source.tree(path))
    assert not findings, show(findings)


def ids_by_room():
    """XML id → room that defines it, in the first addon."""
    found = {}
    for path in source.xml_files("citta_lavoro"):
        room = source.room_of(path, lavoro())
        if room:
            found.update({node.get("id"): room for node in source.xml(path).iter("record", "template", "menuitem") if node.get("id")})
    return found


def later_references(path, room, root, owner_of, room_of_id):
    """References from a room's XML to models and records of later rooms."""
    body = {name: owner for name, owner in owner_of.items() if owner}
    body.update({"model_" + name.replace(".", "_"): owner for name, owner in body.items()})
    body.update(room_of_id)
    findings = []
    for node in root.iter():
        words = [] if not isinstance(node.tag, str) else [*node.attrib.values(), node.text or ""]
        for word in (part for words_ in words for part in re.findall(r"[\w.]+", words_)):
            owner = body.get(word.removeprefix("citta_lavoro."))
            if owner and ROOMS.index(owner) > ROOMS.index(room):
                findings.append(at(path, node.sourceline, f"room {room} refers to {word} of the later room {owner}"))
    return findings


def test_rooms_look_one_way_in_xml():
    owner_of, room_of_id, findings = defined_in(source.all_models()), ids_by_room(), []
    for path in source.xml_files("citta_lavoro"):
        room = source.room_of(path, lavoro())
        if room:
            findings += later_references(path, room, source.xml(path), owner_of, room_of_id)
    assert not findings, show(sorted(set(findings)))


def test_models_stand_in_the_room_that_owns_them():
    findings = [
        at(model.path, model.node.lineno, f"{model.name} belongs to the room {OWNER_OF[model.name]}")
        for model in source.all_models()
        if model.own and model.name in OWNER_OF and source.room_of(model.path, lavoro()) != OWNER_OF[model.name]
    ]
    assert not findings, show(findings)


@pytest.mark.parametrize("folder", ["models", "views", "data", "demo", "report", "security"])
def test_folders_are_rooms(folder):
    found = [path.name for path in (lavoro() / folder).glob("*/") if path.name not in source.NOT_SHIPPED]
    assert set(found) <= set(ROOMS), f"addons/citta_lavoro/{folder}: {sorted(set(found) - set(ROOMS))} are no rooms of the design"


def money_words(path, content):
    """Lines of the first addon that speak of the fund."""
    return [at(path, number, f"citta_lavoro says “{match.group()}”: money knows people, people never know money")
            for number, line in enumerate(content.splitlines(), 1) if (match := MONEY_WORD.search(line))]


def test_people_never_know_about_money():
    shipped = source.files(lavoro(), "*.py", "*.xml", "*.csv", "*.js", "*.scss", "*.json")
    findings = [one for path in shipped for one in money_words(path, source.text(path)) + money_words(path, path.stem)]
    assert not findings, show(findings)


def concept_fits(stem, model):
    """Whether a file's name is the model's: ``programme_phase`` for ``citta.programme.phase``."""
    flat = model.replace(".", "_")
    return flat == stem or flat.endswith("_" + stem)


def misnamed(path, models):
    """Models that stand in a file of another name."""
    if not models:
        return [at(path, 1, "no model in a file of models/: pure code belongs to tools/")]
    return [at(path, one.node.lineno, f"{one.name} in {path.name}: one concept, one file, one name")
            for one in models if not concept_fits(path.stem, one.name)]


def model_files():
    """Files of models/ in both addons."""
    found = [path for name in ADDON_NAMES for path in source.files(source.addon(name) / "models", "*.py")]
    return [path for path in found if path.name != "__init__.py"]


def test_file_is_named_as_its_model():
    findings = [one for path in model_files() for one in misnamed(path, source.models_in(path))]
    assert not findings, show(findings)


def test_view_file_is_named_as_its_model():
    stems = {path.stem for path in model_files()} | {path.stem for name in ADDON_NAMES for path in source.files(source.addon(name) / "wizards", "*.py")}
    views = [path for name in ADDON_NAMES for path in source.xml_files(name, "views") if path.stem.endswith("_views")]
    findings = [at(path, 1, f"no model file is called {path.stem.removesuffix('_views')}.py")
                for path in views if path.stem.removesuffix("_views") not in stems]
    assert not findings, show(findings)


def test_test_file_is_named_after_a_room():
    rooms = {"citta_lavoro": ROOMS, "citta_fund": ("fund",)}
    findings = [
        at(path, 1, "tests are named test_<room>_<concept>.py")
        for name in ADDON_NAMES for path in source.files(source.addon(name) / "tests", "test_*.py")
        if not any(path.stem.startswith(f"test_{room}_") for room in rooms[name])
    ]
    assert not findings, show(findings)


IDS = {
    "ir.ui.view": r"{model}\w*_view_(form|list|kanban|search|calendar|graph|pivot|activity|timeline|gantt|hierarchy)(_\w+)?",
    "ir.actions.act_window": r"{model}\w*_action(_\w+)?",
}


def misnamed_ids(path, root):
    """XML ids that do not follow the pattern of the house: ``<model>_view_form``, ``<model>_action``, ``menu_…``."""
    for record in root.iter("record"):
        named = source.value(record, "res_model" if record.get("model") == "ir.actions.act_window" else "model")
        model = (named.text or "").strip().replace(".", "_").removeprefix("citta_") if named is not None else ""
        pattern = IDS.get(record.get("model"), ".*").format(model=model and f"(citta_)?{model}")
        is_page = record.get("model") == "ir.ui.view" and source.value(record, "type") is not None and source.value(record, "type").text == "qweb"
        if "." not in record.get("id", "") and not is_page and not re.fullmatch(pattern, record.get("id", "")):
            yield at(path, record.sourceline, f"id {record.get('id')} of {record.get('model')} {model}: the pattern is {pattern}")
    for menu in root.iter("menuitem"):
        if "." not in menu.get("id", "") and not menu.get("id", "").startswith("menu_"):
            yield at(path, menu.sourceline, f"id {menu.get('id')}: menus are menu_<x>")


def test_ids_follow_the_pattern():
    findings = [one for path in source.data_xml() for one in misnamed_ids(path, source.xml(path))]
    assert not findings, show(findings)


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_every_file_is_in_the_manifest(name):
    base = source.addon(name)
    listed = set(source.manifest(name).get("data", [])) | set(source.manifest(name).get("demo", []))
    tables = [path for path in source.files(base, "*.csv") if path.relative_to(base).parts[0] in ("data", "demo", "security")]
    data = {str(path.relative_to(base)) for path in source.xml_files(name) + tables}
    assert not data - listed, f"not in the manifest of {name}: {sorted(data - listed)}"
    missing = sorted(path for path in listed if not (base / path).is_file())
    assert not missing, f"in the manifest of {name}, not on disk: {missing}"


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_every_asset_is_in_a_bundle(name):
    base = source.addon(name)
    globs = [entry for entries in source.manifest(name).get("assets", {}).values() for entry in entries]
    patterns = [part.removeprefix(f"{name}/") for entry in globs for part in ([entry] if isinstance(entry, str) else entry)]
    bundled = {path for pattern in patterns for path in base.glob(pattern.lstrip("/"))}
    code = source.files(base / "static", "*.js", "*.scss", "*.css", "*.xml")
    findings = [at(path, 1, "in no assets bundle of the manifest") for path in code if path not in bundled and "lib" not in path.parts]
    assert not findings, show(findings)


def lines_of(content):
    """How many lines a file has that are not blank."""
    return sum(1 for line in content.splitlines() if line.strip())


def test_files_stay_small():
    views = [path for name in ADDON_NAMES for path in source.xml_files(name, "views")]
    findings = [at(path, count, f"{count} lines, at most {MAX_FILE}")
                for path in model_files() + views if (count := lines_of(source.text(path))) > MAX_FILE]
    assert not findings, show(findings)


def body_lines(content, node):
    """Lines of a function from its ``def`` on that are neither blank nor docstring."""
    lines = content.splitlines()
    total = lines_of("\n".join(lines[node.lineno - 1:node.end_lineno]))
    if not source.has_docstring(node):
        return total
    return total - lines_of("\n".join(lines[node.body[0].lineno - 1:node.body[0].end_lineno]))


def functions(path):
    """(function, number of lines) of a file."""
    defined = [node for node in ast.walk(source.tree(path)) if isinstance(node, ast.FunctionDef)]
    return [(node, body_lines(source.text(path), node)) for node in defined]


def test_methods_stay_short():
    findings = [at(path, node.lineno, f"{node.name} has {count} lines, at most {MAX_METHOD}")
                for path in source.all_code() for node, count in functions(path) if count > MAX_METHOD]
    assert not findings, show(findings)


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_the_median_method_is_short(name):
    counts = [count for path in source.code_files(name) for _node, count in functions(path)]
    assert counts, f"{name} has no method"
    assert statistics.median(counts) <= MEDIAN_METHOD, f"{name}: median method {statistics.median(counts)} lines"


def total_lines(paths):
    """Lines of several files that are not blank."""
    return sum(lines_of(source.text(path)) for path in paths)


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_there_are_enough_tests(name):
    tests, code = total_lines(source.files(source.addon(name) / "tests", "*.py")), total_lines(source.code_files(name))
    assert tests >= LEAST_TESTS * code, f"{name}: {tests} lines of tests for {code} lines of code, at least {LEAST_TESTS:.0%}"


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_there_is_little_browser_code(name):
    browser = total_lines(source.files(source.addon(name) / "static" / "src", "*.js", "*.scss", "*.css"))
    everything = browser + total_lines(source.files(source.addon(name), "*.py")) + total_lines(source.xml_files(name))
    assert browser <= MOST_BROWSER_CODE * everything, f"{name}: {browser} of {everything} lines are JavaScript and styles"


def tool_files():
    """The pure modules of both addons."""
    found = [path for name in ADDON_NAMES for path in source.files(source.addon(name) / "tools", "*.py")]
    return [path for path in found if path.name != "__init__.py"]


def impure(path, module):
    """Imports of Odoo and uses of an environment in pure code."""
    findings = []
    for node in source.walk(module):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(name.split(".")[0] == "odoo" for name in names):
            findings.append(at(path, node.lineno, "tools/ is plain Python: no import of odoo"))
        if isinstance(node, ast.Attribute) and node.attr == "env":
            findings.append(at(path, node.lineno, "tools/ is plain Python: no environment"))
    return findings


def test_tools_are_plain_python():
    findings = [one for path in tool_files() for one in impure(path, source.tree(path))]
    assert not findings, show(findings)


def load_tool(path):
    """Import a pure module alone, without the addon around it (which would need Odoo)."""
    package = f"{source.module_of(path)}_tools"
    if package not in sys.modules:
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = [str(path.parent)]
    return importlib.import_module(f"{package}.{path.stem}")


def doctest_findings(path):
    """A module without doctests, or whose doctests fail."""
    result = doctest.testmod(load_tool(path), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)  # the module has another name here
    if not result.attempted:
        return [at(path, 1, "no doctest: pure arithmetic shows what it does")]
    return [at(path, 1, f"{result.failed} of {result.attempted} doctests failed")] if result.failed else []


def test_tools_have_doctests_that_pass():
    assert tool_files(), "no pure module in tools/ of either addon"
    findings = [one for path in tool_files() for one in doctest_findings(path)]
    assert not findings, show(findings)
