"""What the documents say is so: commands exist, links lead somewhere, the glossary and the dependency table are whole."""
import argparse
import re
import sys

import pytest

from . import source
from .source import ADDON_NAMES, ROOT, at, show

README = ROOT / "README.md"
LICENCE = re.compile(r"\b(A?GPL|LGPL|MIT|0?BSD|Apache|PSF|MPL|ISC|HPND|ZPL|Unlicense|Public Domain|PostgreSQL|MIT-CMU)\b", re.IGNORECASE)


def documents():
    """The Markdown files of the repository."""
    return [path for path in source.repo_files() if path.suffix == ".md"]


def unexplained_models(readme, models):
    """Models that the glossary does not name."""
    return [f"README.md: the glossary lacks `{name}`" for name in sorted(models) if f"`{name}`" not in readme]


def test_the_glossary_names_every_model():
    models = {name for name, model in source.own_models().items() if model.kind != "TransientModel"}
    assert models, "no models found"
    findings = unexplained_models(source.text(README), models)
    assert not findings, show(findings)


def launcher_options():
    """Command → its options, as the launcher's own parser has them."""
    sys.path.insert(0, str(ROOT / "config"))
    from launcher import cli
    commands = next(one for one in cli.parser()._actions if isinstance(one, argparse._SubParsersAction))
    return {name: {flag for action in one._actions for flag in action.option_strings} for name, one in commands.choices.items()}


def unknown_commands(path, content, options):
    """Commands and options of ``./citta`` that the launcher does not have."""
    for match in re.finditer(r"\./citta +([a-z][\w-]*)([^`\n|#]*)", content):
        line, command = content.count("\n", 0, match.start()) + 1, match.group(1)
        if command not in options:
            yield at(path, line, f"./citta {command}: no such command")
            continue
        for flag in re.findall(r"(?<!\S)--?[a-z][\w-]*", match.group(2)):
            if flag not in options[command]:
                yield at(path, line, f"./citta {command} {flag}: no such option")


def test_commands_exist():
    options = launcher_options()
    findings = [one for path in documents() for one in unknown_commands(path, source.text(path), options)]
    assert not findings, show(findings)


def test_readme_gives_the_two_commands():
    assert "./citta run" in source.text(README) and "./citta test" in source.text(README)


def anchors(content):
    """The anchors of a document's headings, as the forges make them."""
    headings = re.findall(r"^#+ +(.*)$", content, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def dead_links(path, content):
    """Relative links and images that lead nowhere."""
    for match in re.finditer(r"\]\(([^)\s]+)[^)]*\)|<img[^>]*\ssrc=\"([^\"]+)\"", content):
        target, line = match.group(1) or match.group(2), content.count("\n", 0, match.start()) + 1
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _hash, anchor = target.partition("#")
        there = (path.parent / name) if name else path
        if not there.exists():
            yield at(path, line, f"link to {target}: no such file")
        elif anchor and there.suffix == ".md" and anchor not in anchors(source.text(there)):
            yield at(path, line, f"link to {target}: no such heading")


def test_links_lead_somewhere():
    findings = [one for path in documents() for one in dead_links(path, source.text(path))]
    assert not findings, show(findings)


def requirements(content):
    """The names of the pinned distributions; one that is not pinned exactly is a fault."""
    lines = [line.split(" #")[0].strip() for line in content.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("#", "--hash"))]
    loose = [line for line in lines if not re.fullmatch(r"[\w.\[\]-]+==[\w.!+-]+(\s*;.*)?(\s*\\)?", line)]
    return [re.split(r"[=\[;\s]", line)[0] for line in lines], loose


def undocumented(readme, names):
    """Dependencies without a line in the table that says what for and under which licence."""
    rows = [line.lower().replace("_", "-") for line in readme.splitlines() if line.lstrip().startswith("|")]
    for name in names:
        row = [one for one in rows if re.search(rf"(?<![\w-]){re.escape(name.lower().replace('_', '-'))}(?![\w-])", one)]
        if not row:
            yield f"README.md: the dependency table lacks {name}"
        elif not any(LICENCE.search(one) for one in row):
            yield f"README.md: {name} without licence in the dependency table"


def test_requirements_are_pinned_exactly():
    names, loose = requirements(source.text(ROOT / "requirements.txt"))
    assert names and not loose, f"not pinned exactly: {loose}"


def test_every_dependency_is_in_the_table():
    names, _loose = requirements(source.text(ROOT / "requirements.txt"))
    findings = list(undocumented(source.text(README), names))
    assert not findings, show(findings)


def history(name):
    """The addon's history, where OCA's tools put it or beside the manifest."""
    return next((path for path in (source.addon(name) / "HISTORY.md", source.addon(name) / "readme" / "HISTORY.md") if path.exists()), None)


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_addon_has_readme_and_current_history(name):
    assert (source.addon(name) / "README.md").exists(), f"addons/{name}/README.md is missing"
    assert history(name), f"addons/{name}/HISTORY.md is missing"
    versions = re.findall(r"\b\d+\.\d+\.\d+\.\d+\.\d+\b", source.text(history(name)))
    assert versions[:1] == [source.manifest(name)["version"]], f"the top of HISTORY.md ({versions[:1]}) is not the manifest's version"


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_manifest_is_complete(name):
    manifest = source.manifest(name)
    missing = [key for key in ("name", "summary", "version", "author", "license", "category", "depends", "data") if not manifest.get(key)]
    assert not missing, f"manifest of {name} lacks {missing}"
    assert manifest["license"] == "AGPL-3" and manifest["version"].startswith("19.0."), f"licence or series of {name}"


def test_licence_is_the_agpl():
    text = source.text(ROOT / "LICENSE")
    assert text.split()[:4] == ["GNU", "AFFERO", "GENERAL", "PUBLIC"] and "Version 3, 19 November 2007" in text
