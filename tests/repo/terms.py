"""The terms of an addon that Odoo would translate, collected from its files without a database.

Views, templates and HTML fields are cut into terms by Odoo's own functions, so the terms are the very ones of an export.
Not collected: labels that Odoo makes up for inherited fields, and values of core fields not in ``RECORD_TERMS``.
"""
import ast
import re

from lxml import etree

from odoo.tools.translate import _extract_translatable_qweb_terms, html_translate, xml_translate

from . import source
from .source import constant, dotted

# Translated fields of core models that our data files fill; "html" ones are cut into terms, "whole" ones are one.
RECORD_TERMS = {
    "ir.actions.act_window": {"name": "text", "help": "html"}, "ir.actions.server": {"name": "text"}, "ir.actions.client": {"name": "text"},
    "ir.actions.report": {"name": "text"}, "ir.actions.act_url": {"name": "text"}, "ir.cron": {"name": "text"}, "ir.ui.menu": {"name": "text"},
    "res.groups": {"name": "text", "comment": "text"}, "res.groups.privilege": {"name": "text", "description": "text", "placeholder": "text"},
    "ir.module.category": {"name": "text", "description": "text"}, "website.menu": {"name": "text"}, "website.page": {},
    "mail.template": {"name": "text", "subject": "text", "body_html": "whole"}, "mail.activity.type": {"name": "text", "summary": "text"},
    "mail.message.subtype": {"name": "text", "description": "text"}, "crm.stage": {"name": "text"}, "crm.team": {"name": "text"},
    "crm.lost.reason": {"name": "text"}, "event.type": {"name": "text"}, "event.stage": {"name": "text"}, "crm.tag": {"name": "text"},
}


def normal(term):
    """A term with its white space made one: files and exports wrap it differently."""
    return " ".join((term or "").split())


def python_terms(module):
    """Strings given to ``_()`` and ``self.env._()``."""
    for node in source.walk(module):
        if isinstance(node, ast.Call) and node.args and (dotted(node.func).rpartition(".")[2] in ("_", "_lt") or
                                                         isinstance(node.func, ast.Attribute) and node.func.attr == "_"):
            yield node.lineno, constant(node.args[0])


def _selection(call, module):
    """The labels of a selection given as a list, by name of a module constant, or by selection_add."""
    given = [one.value for one in call.keywords if one.arg in ("selection", "selection_add")] + call.args[:1]
    for node in given:
        if isinstance(node, ast.Name):
            values = [one.value for one in module.body if isinstance(one, ast.Assign) and dotted(one.targets[0]) == node.id]
            node = values[0] if values else node
        for pair in getattr(node, "elts", []):
            if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
                yield constant(pair.elts[1])


def label(model, one):
    """A field's label as given, or as Odoo makes it from the name; None where it is inherited."""
    position = {"Many2one": 1, "One2many": 2, "Many2many": 4, "Selection": 1, "Reference": 1}.get(one.kind, 0)
    given = one.argument("string", position)
    if given is not None:
        return given
    arguments = {keyword.arg for keyword in one.call.keywords}
    if arguments & {"related", "string", "selection_add"} or not (model.own or one.name.startswith("citta_")):
        return None
    return re.sub(r"_ids?$", "", one.name).replace("_", " ").title()


def model_terms(model, module):
    """A model's description, labels, helps, selections and constraint messages."""
    for statement in model.node.body:
        if isinstance(statement, ast.Assign) and dotted(statement.targets[0]) == "_description":
            yield statement.lineno, constant(statement.value)
        call = statement.value if isinstance(statement, ast.Assign) else None
        if isinstance(call, ast.Call) and dotted(call.func) in ("models.Constraint", "models.UniqueIndex") and len(call.args) > 1:
            yield statement.lineno, constant(call.args[1])
    for one in model.fields:
        yield one.line, label(model, one)
        yield one.line, one.argument("help")
        if one.kind == "Selection":
            yield from ((one.line, text) for text in _selection(one.call, module))


def arch(node):
    """The XML of a view or template as Odoo stores it, in one root."""
    children = [child for child in node if isinstance(child.tag, str)]
    inner = (node.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in children)
    return f"<t>{inner}</t>"


def cut(translate, text):
    """The terms of a text by one of Odoo's cutters."""
    found = []
    translate(found.append, text)
    return found


def record_terms(record, types):
    """The terms of one record of a data file."""
    model = record.get("model")
    for field in record.iter("field"):
        kind = RECORD_TERMS.get(model, {}).get(field.get("name"))
        declared = types.get((model, field.get("name")))
        if model == "ir.ui.view" and field.get("name") == "arch":
            yield from ((field.sourceline, term) for term in cut(xml_translate, arch(field)))
        elif declared is not None and any(one.arg == "translate" for one in declared.call.keywords):
            kind = "html" if declared.kind == "Html" else "text"
        if kind == "text" and field.text:
            yield field.sourceline, field.text
        inner = (field.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in field)
        if kind == "whole":
            yield field.sourceline, inner
        elif kind == "html":
            yield from ((field.sourceline, term) for term in cut(html_translate, inner))


def xml_terms(root, types):
    """The terms of one data file."""
    for record in root.iter("record"):
        yield from record_terms(record, types)
    for template in root.iter("template"):
        yield from ((template.sourceline, term) for term in cut(xml_translate, arch(template)))
    for menu in root.iter("menuitem"):
        yield menu.sourceline, menu.get("name")


def placed_terms(root, name):
    """The terms of views and templates, each with the place by which Odoo finds its translation."""
    shown = [(record, field) for record in root.iter("record") if record.get("model") == "ir.ui.view"
             for field in record.iter("field") if field.get("name") == "arch"]
    shown += [(template, template) for template in root.iter("template")]
    for record, node in shown:
        place = record.get("id") if "." in record.get("id") else f"{name}.{record.get('id')}"
        yield from ((node.sourceline, term, f"model_terms:ir.ui.view,arch_db:{place}") for term in cut(xml_translate, arch(node)))


def javascript_terms(path):
    """Strings given to ``_t()``, and the terms of the browser's templates."""
    if path.suffix == ".xml":
        found = []
        _extract_translatable_qweb_terms(source.xml(path), lambda term, line: found.append((line, term)))
        yield from found
        return
    content = source.text(path)
    for match in re.finditer(r"""\b_t\(\s*(?P<quote>["'`])(?P<term>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""", content, re.DOTALL):
        yield content.count("\n", 0, match.start()) + 1, match["term"].replace('\\"', '"').replace("\\'", "'")


def shipped(name):
    """The XML files that an addon loads, demo apart."""
    return [source.addon(name) / one for one in source.manifest(name).get("data", []) if one.endswith(".xml")]


def of_addon(name):
    """All terms of an addon as (path, line, term); the term is None where it cannot be read."""
    types = source.field_types()
    for path in source.code_files(name):
        module = source.tree(path)
        yield from ((path, line, term) for line, term in python_terms(module))
        for model in source.models_in(path):
            yield from ((path, line, term) for line, term in model_terms(model, module) if term is not None)
    for path in shipped(name):
        yield from ((path, line, term) for line, term in xml_terms(source.xml(path), types) if term)
    for path in source.files(source.addon(name) / "static" / "src", "*.js", "*.xml"):
        yield from ((path, line, term) for line, term in javascript_terms(path))
