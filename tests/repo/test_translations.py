"""The Italian translation: complete, sound, and covering every term that the addons' files show."""
import re
from collections import Counter

import polib
import pytest

from . import source, terms
from .source import ADDON_NAMES, at, show

PLACEHOLDER = re.compile(r"%\(\w+\)[-+#0-9.]*[a-zA-Z]|%[-+#0-9.]*[sdfgr](?!\w)|\{\w*\}")


def po_path(name):
    """The Italian translation of an addon."""
    path = source.addon(name) / "i18n" / "it.po"
    assert path.exists(), f"addons/{name}/i18n/it.po is missing"
    return path


def incomplete(path, entries):
    """Entries without a translation, or with a doubtful one."""
    return [at(path, one.linenum, f"{'doubtful' if one.fuzzy else 'empty'}: {one.msgid[:60]}")
            for one in entries if one.fuzzy or not (one.msgstr or all(one.msgstr_plural.values()) and one.msgstr_plural)]


def unsound(path, entries):
    """Entries whose placeholders differ, whose ends differ, or that stand twice."""
    seen = set()
    for one in entries:
        if Counter(PLACEHOLDER.findall(one.msgid)) != Counter(PLACEHOLDER.findall(one.msgstr)) and one.msgstr:
            yield at(path, one.linenum, f"other placeholders than in: {one.msgid[:60]}")
        if one.msgstr and (one.msgid[-1:] == "\n") != (one.msgstr[-1:] == "\n"):
            yield at(path, one.linenum, f"line end differs: {one.msgid[:60]!r}")
        if (one.msgctxt, one.msgid) in seen:
            yield at(path, one.linenum, f"stands twice: {one.msgid[:60]}")
        seen.add((one.msgctxt, one.msgid))


def uncovered(found, msgids):
    """Terms of the files that the translation lacks, and strings that cannot be translated."""
    known = {terms.normal(one) for one in msgids}
    for path, line, term in found:
        if term is None:
            yield at(path, line, "what is translated must be one plain string")
        elif re.search(r"[^\W\d_]", term) and terms.normal(term) not in known:
            yield at(path, line, f"not in it.po: {terms.normal(term)[:80]}")


def misplaced(path, found, places):
    """Terms of views whose translation names other places: Odoo would not find it, and show English.

    :param found: (line, term, place) of one file
    :param dict places: term → the places that its translation names
    """
    for line, term, place in found:
        if terms.normal(term) in places and place not in places[terms.normal(term)]:
            yield at(path, line, f"its translation does not name {place}: {terms.normal(term)[:60]}")


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_translation_is_complete(name):
    entries = polib.pofile(str(po_path(name)))
    assert entries.metadata.get("Language", "").startswith("it"), "header Language is not it"
    current = [one for one in entries if not one.obsolete]
    findings = [at(po_path(name), one.linenum, "obsolete entry: delete it") for one in entries if one.obsolete]
    findings += [*incomplete(po_path(name), current), *unsound(po_path(name), current)]
    assert not findings, show(findings)


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_every_term_is_translated(name):
    msgids = [one.msgid for one in polib.pofile(str(po_path(name)))]
    findings = sorted(set(uncovered(terms.of_addon(name), msgids)))
    assert not findings, show(findings)


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_every_translation_finds_its_view(name):
    entries = polib.pofile(str(po_path(name)))
    places = {}
    for one in entries:
        # one English word may be two in Italian, by what it is said of: then it stands twice, each with its context
        places.setdefault(terms.normal(one.msgid), set()).update(place for place, _line in one.occurrences)
    findings = [one for path in terms.shipped(name) for one in misplaced(path, terms.placed_terms(source.xml(path), name), places)]
    assert not findings, show(findings)
