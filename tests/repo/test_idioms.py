"""Habits of older Odoo versions, most of which Odoo 19 accepts without a word and then does something else."""
import ast
import re

from . import source
from .source import ADDON_NAMES, at, constant, decorators, dotted, has_docstring, show

# -- Python: tables of names ------------------------------------------------------------------------------------------

METHODS = {
    "name_get": "_compute_display_name", "_name_search": "_search_display_name", "fields_view_get": "get_view",
    "_check_recursion": "_has_cycle (the meaning is turned round)", "toggle_active": "action_archive / action_unarchive",
}
CALLS = {
    "read_group": "_read_group or formatted_read_group", "name_get": "display_name", "user_has_groups": "env.user.has_group",
    "check_access_rights": "check_access / has_access", "check_access_rule": "check_access / has_access",
    "_filter_access_rules": "_filtered_access", "toggle_active": "action_archive / action_unarchive",
    "_check_recursion": "_has_cycle (the meaning is turned round)", "invalidate_cache": "env.invalidate_all / invalidate_model",
    "fields_view_get": "get_view", "_notify_progress": "_commit_progress", "_process_notification_data": "_process",
    "_handle_notification_data": "_process", "_finalize_post_processing": "_post_process", "_reconcile_after_done": "_post_process",
}
FIELD_ARGUMENTS = {
    "track_visibility": "tracking=", "states": "readonly= in the view", "auto_join": "bypass_search_access=",
    "group_operator": "aggregator=", "oldname": "a migration script",
}
ATTRIBUTES = {
    "_cr": "self.env.cr", "_uid": "self.env.uid", "_context": "self.env.context", "groups_id": "group_ids",
}
REQUEST = {"request.cr": "request.env.cr", "request.uid": "request.env.uid", "request.context": "request.env.context"}
DECORATORS = {"api.one": "a loop", "api.multi": "nothing", "api.returns": "nothing"}
IMPORTS = {
    "odoo.osv": "odoo.fields.Domain", "odoo.registry": "odoo.modules.registry.Registry", "odoo._": "self.env._",
    "odoo.tests.common.Form": "from odoo.tests import Form", "odoo.tests.SavepointCase": "TransactionCase",
    "odoo.tests.common.SavepointCase": "TransactionCase", "odoo.exceptions.Warning": "UserError",
}
GONE_MODELS = {
    "ir.property": "company_dependent fields", "res.partner.title": "nothing: titles are gone",
    "hr.contract": "hr.version", "uom.category": "uom.uom with relative_factor",
}


def imported(node):
    """The full names that an import statement brings."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def old_names(path, module):
    """Names that Odoo 19 has dropped, renamed or ignores."""
    for node in source.walk(module):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.FunctionDef):
            if node.name in METHODS:
                yield at(path, line, f"{node.name} is never called by Odoo 19: {METHODS[node.name]}")
            yield from (at(path, line, f"@{one}: use {DECORATORS[one]}") for one in decorators(node) if one in DECORATORS)
        elif isinstance(node, ast.Attribute):
            if dotted(node) in REQUEST:
                yield at(path, line, f"{dotted(node)}: use {REQUEST[dotted(node)]}")
            elif node.attr in ATTRIBUTES:
                yield at(path, line, f".{node.attr}: use {ATTRIBUTES[node.attr]}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in GONE_MODELS:
            yield at(path, line, f"model {node.value} is gone: {GONE_MODELS[node.value]}")
        for name in imported(node):
            yield from (at(path, line, f"{old}: use {new}") for old, new in IMPORTS.items() if name == old or name.startswith(old + "."))


def old_calls(path, module):
    """Calls that Odoo 19 refuses, warns about or understands otherwise."""
    for node in (one for one in source.walk(module) if isinstance(one, ast.Call)):
        name = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
        last, keywords = name.rpartition(".")[2], {one.arg: one.value for one in node.keywords}
        if last in CALLS and isinstance(node.func, ast.Attribute):
            yield at(path, node.lineno, f".{last}(): use {CALLS[last]}")
        if name in ("_", "_lt"):
            yield at(path, node.lineno, f"{name}(): use self.env._()")
        if name.startswith("fields."):
            yield from (at(path, node.lineno, f"field argument {one}: use {FIELD_ARGUMENTS[one]}") for one in keywords if one in FIELD_ARGUMENTS)
        if last == "search" and "count" in keywords:
            yield at(path, node.lineno, "search(count=True): use search_count")
        if last == "route" and constant(keywords.get("type")) == "json":
            yield at(path, node.lineno, "route(type='json'): use type='jsonrpc'")
        body = keywords.get("body") or (node.args[0] if node.args else None)
        if last == "message_post" and re.search(r"<\w+", constant(body) or ""):
            yield at(path, node.lineno, "message_post escapes plain HTML: wrap it in Markup()")
        if last == "print" and isinstance(node.func, ast.Name):
            yield at(path, node.lineno, "print: use _logger or raise")


def old_tuples(path, module):
    """``(4, id)`` and its like, and domain operators of other languages."""
    for node in (one for one in source.walk(module) if isinstance(one, ast.Tuple) and len(one.elts) in (2, 3)):
        first = node.elts[0]
        number = isinstance(first, ast.Constant) and type(first.value) is int and 0 <= first.value <= 6
        listed = len(node.elts) == 3 and isinstance(node.elts[2], ast.List | ast.Dict | ast.Name | ast.Attribute)
        if number and listed and isinstance(node.elts[1], ast.Constant | ast.Attribute) and isinstance(node.elts[2], ast.List | ast.Dict):
            yield at(path, node.lineno, "a tuple as x2many command: use Command")
        if len(node.elts) == 3 and constant(first) and constant(node.elts[1]) in ("<>", "==", "LIKE", "IN", "NOT IN", "ILIKE"):
            yield at(path, node.lineno, f"domain operator {constant(node.elts[1])}: lower case, != and =")


def hidden_terms(path, module):
    """Translations inside f-strings: Odoo's export does not find them."""
    for node in (one for one in source.walk(module) if isinstance(one, ast.JoinedStr)):
        if any(isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "_" for one in ast.walk(node)):
            yield at(path, node.lineno, "self.env._() inside an f-string is not exported for translation")


def old_models(path, models):
    """Model classes written for another version."""
    for model in models:
        expanded = {one.argument("group_expand") for one in model.fields}
        if not model.name:
            yield at(path, model.node.lineno, f"class {model.node.name} has neither _name nor _inherit: Odoo guesses one")
        for statement in model.node.body:
            names = [dotted(one) for one in statement.targets] if isinstance(statement, ast.Assign) else []
            if "_sql_constraints" in names:
                yield at(path, statement.lineno, "_sql_constraints makes no constraint: models.Constraint")
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call) and not names[0].startswith("_") \
                    and dotted(statement.value.func) in ("models.Constraint", "models.UniqueIndex", "models.Index"):
                yield at(path, statement.lineno, f"{names[0]}: the name of a database object starts with _")
        for method in model.methods:
            if method.name == "create" and "api.model_create_multi" not in decorators(method):
                yield at(path, method.lineno, "create gets a list: @api.model_create_multi")
            if method.name in expanded and len(method.args.args) > 3:
                yield at(path, method.lineno, "group_expand takes two arguments: (groups, domain)")


def python_files():
    """All Python files of the addons, tests too."""
    return [path for name in ADDON_NAMES for path in source.files(source.addon(name), "*.py")]


def test_no_old_idioms_in_python():
    findings = []
    for path in python_files():
        module = source.tree(path)
        for rule in (old_names, old_calls, old_tuples, hidden_terms):
            findings += rule(path, module)
        findings += old_models(path, source.models_in(path))
    assert not findings, show(sorted(set(findings)))


# -- XML --------------------------------------------------------------------------------------------------------------

XML_TEXT = [
    (r't-name="kanban-box"', 't-name="card"'), (r't-name="kanban-menu"', 't-name="menu"'), (r"<tree\b", "<list>"),
    (r'type="tree"', 'type="list"'), (r'name="view_mode">[^<]*\btree\b', "list"), (r'class="[^"]*\boe_chatter\b', "<chatter/>"),
    (r'\sattrs="', "invisible=, readonly=, required= with Python expressions"),
    (r'<(button|field)[^>]*\sstates="', "invisible= with a Python expression"),
    (r'<group[^>]*\sexpand="', "a bare <group> in search views"), (r"\bt-(esc|raw)=", "t-out="),
    (r'<field name="(numbercall|doall)"', "nothing: crons have no such field"),
    (r'<field name="groups_id"', "group_ids (a rule's field is groups)"),
    (r"""expr=["'][^"']*@(string|title|placeholder|help)\b""", "an XPath by @name or hasclass()"),
    (r'<label(?![^>]*\sfor=)(?![^>]*o_form_label)[^>]*\sstring="', 'for=, or class="o_form_label"'),
    (r"eval=\"[^\"]*\(\s*[0-6]\s*,\s*(0|ref\()", "Command.link(ref(…)), Command.create({…})"),
    (r'<record[^>]*model="res\.partner\.title"', "nothing: titles are gone"),
    (r'<field[^>]*\swidget="date"', """widget="datetime" options="{'show_time': False}": of a date and time "date" shows the time, too"""),
    (r"""\{\{ *object\.date|t-out="object\.date[^"]*\"""", "format_date(object.…): people do not write 2026-12-31"),
]
RECORD_FIELDS = {("res.groups", "category_id"): "privilege_id", ("res.groups", "users"): "user_ids"}


def old_xml(path, content):
    """Lines of an XML file written for another version; a tag may run over several lines."""
    for pattern, remedy in XML_TEXT:
        for match in re.finditer(pattern, content):
            yield at(path, content.count("\n", 0, match.start()) + 1, f"{' '.join(match.group().split())[:60]}: use {remedy}")


def old_records(path, root):
    """Fields of records that Odoo 19 does not have."""
    for (model, name), remedy in RECORD_FIELDS.items():
        for record in source.records(root, model):
            if source.value(record, name) is not None:
                yield at(path, record.sourceline, f"{model}.{name}: use {remedy}")


def test_no_old_idioms_in_xml():
    findings = []
    for path in source.data_xml():
        findings += [*old_xml(path, source.text(path)), *old_records(path, source.xml(path))]
    assert not findings, show(findings)


def old_javascript(path, content):
    """Habits of older front ends."""
    for pattern, remedy in ((r"@odoo-module", "nothing in static/src"), (r"\bpublicWidget\b", "an Interaction"), (r"odoo\.define\(", "ES modules"), (r"console\.log\(", "nothing")):
        for match in re.finditer(pattern, content):
            yield at(path, content.count("\n", 0, match.start()) + 1, f"{match.group()}: use {remedy}")


def test_no_old_idioms_in_javascript():
    paths = [path for name in ADDON_NAMES for path in source.files(source.addon(name) / "static" / "src", "*.js")]
    findings = [one for path in paths for one in old_javascript(path, source.text(path))]
    assert not findings, show(findings)


# -- reasons and docstrings -------------------------------------------------------------------------------------------


def statement_lines(module):
    """Line → first line of the innermost statement around it."""
    found = {}
    for node in source.walk(module):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.update({line: max(node.lineno, found.get(line, 0)) for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)})
    return found


def bare_sudo(path, content, module):
    """Uses of sudo without a comment above them (above the call's line or its statement)."""
    lines, starts = content.splitlines(), statement_lines(module)
    for node in source.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "sudo" \
                and not any(isinstance(one, ast.Constant) and one.value is False for one in node.args):
            where = {node.func.end_lineno, starts.get(node.lineno, node.lineno)}
            if not any(lines[line - 2].strip().startswith("#") for line in where if line > 1):
                yield at(path, node.func.end_lineno, "sudo() without its reason in a comment on the line above")


def test_every_sudo_has_its_reason():
    findings = [one for path in source.all_code() for one in bare_sudo(path, source.text(path), source.tree(path))]
    findings += [
        at(path, number, "sudo() in XML without a comment above")
        for path in source.data_xml() for lines in [source.text(path).splitlines()] for number, line in enumerate(lines, 1)
        if ".sudo()" in line and "-->" not in lines[number - 2]
    ]
    assert not findings, show(findings)


SILENCED = r"#\s*(noqa|pylint:\s*disable|type:\s*ignore)\b[:=]?\s*([A-Z]+[0-9]+|[a-z]+(-[a-z]+)+|\[[\w-]+\]|[, ])*(?P<rest>.*)$"


def unreasoned(path, content):
    """Linters silenced without saying why, on the line itself or the one above."""
    lines = content.splitlines()
    for number, line in enumerate(lines, 1):
        match = re.search(SILENCED, line)
        if match and not re.search(r"\w{3}", match["rest"]) and not (number > 1 and lines[number - 2].strip().startswith("#")):
            yield at(path, number, f"{match.group(1)} without a reason")


def test_silenced_linters_have_a_reason():
    ours = [path for path in source.repo_files() if path.suffix == ".py" or path.name == "citta"]
    findings = [one for path in ours if "repo" not in path.parts for one in unreasoned(path, source.text(path))]
    assert not findings, show(findings)


# Methods of Odoo's own that an override may leave without a docstring.
OVERRIDES = {
    "create", "write", "unlink", "copy", "copy_data", "default_get", "init", "read", "fetch", "export_data", "load", "web_read",
    "web_save", "search", "search_read", "search_fetch", "search_count", "web_search_read", "name_search", "web_read_group",
    "formatted_read_group", "read_progress_bar", "message_new", "message_update", "message_post", "get_view", "get_views", "fields_get", "onchange", "init_column",
}
EXPLAINED = ("action_", "_on_", "_cron_", "_prepare_")


def unexplained(path, models):
    """Models, actions, hooks, transitions and public methods that do not say what they do."""
    for model in models:
        if model.own and not has_docstring(model.node):
            yield at(path, model.node.lineno, f"{model.name}: a model's docstring says what the thing is")
        for method in model.methods:
            public = not method.name.startswith("_") and method.name not in OVERRIDES and "api.private" not in decorators(method)
            if (public or method.name.startswith(EXPLAINED)) and not has_docstring(method):
                yield at(path, method.lineno, f"{model.name}.{method.name}: {'a public method' if public else 'a hook'} without docstring")


def unexplained_routes(path, module):
    """Controller routes without docstring."""
    for node in source.walk(module):
        if isinstance(node, ast.FunctionDef) and not has_docstring(node) and any(one in ("http.route", "route") for one in decorators(node)):
            yield at(path, node.lineno, f"route {node.name} without docstring")


def test_actions_hooks_crons_and_routes_are_explained():
    findings = []
    for path in source.all_code():
        findings += [*unexplained(path, source.models_in(path)), *unexplained_routes(path, source.tree(path))]
    assert not findings, show(findings)


def actions_without_records(path, module):
    """Actions that take no records: a button hands its own over, also an empty list of them, and such a method falls over it."""
    for node in source.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("action_") and "api.model" in decorators(node):
            yield at(path, node.lineno, f"{node.name}: an action is called on records, not @api.model")


def test_actions_take_the_records_of_their_button():
    findings = [one for path in source.all_code() for one in actions_without_records(path, source.tree(path))]
    assert not findings, show(findings)


def public_crons(path, root):
    """Crons that call a method which any user may call by RPC."""
    for record in source.records(root, "ir.cron"):
        code = source.value(record, "code")
        if code is not None and not re.fullmatch(r"\s*model\._cron_\w+\([^()]*\)\s*", code.text or ""):
            yield at(path, record.sourceline, "a cron's code is model._cron_…()")


def test_crons_are_private():
    findings = [one for path in source.data_xml() for one in public_crons(path, source.xml(path))]
    assert not findings, show(findings)


PERSONAL = {
    "email", "email_from", "email_normalized", "phone", "phone_sanitized", "fiscal_code", "citta_fiscal_code", "codice_fiscale", "vat",
    "birthdate", "birthdate_date", "street", "contact_name", "partner_name", "display_name", "firstname", "lastname", "login", "iban",
    "acc_number", "note", "notes", "body", "health", "disability",
}


def logged_persons(path, module):
    """Personal data handed to a logger."""
    for node in source.walk(module):
        if isinstance(node, ast.Call) and dotted(node.func).startswith(("_logger.", "logger.", "logging.")):
            used = {part for one in [*node.args, *node.keywords] for part in ast.walk(one) if isinstance(part, ast.Attribute | ast.Name)}
            names = {part.attr if isinstance(part, ast.Attribute) else part.id for part in used}
            if names & PERSONAL:
                yield at(path, node.lineno, f"personal data in the log: {', '.join(sorted(names & PERSONAL))}; log the id")


def test_no_personal_data_in_logs():
    findings = [one for path in source.all_code() for one in logged_persons(path, source.tree(path))]
    assert not findings, show(findings)


# -- tests of the addons ----------------------------------------------------------------------------------------------


def weak_tests(path, module):
    """Test classes without their tags, and tests that are skipped or cannot fail."""
    for node in module.body:
        methods = [one for one in getattr(node, "body", []) if isinstance(one, ast.FunctionDef) and one.name.startswith("test")]
        if isinstance(node, ast.ClassDef) and methods:
            tags = {value for one in node.decorator_list if isinstance(one, ast.Call) and dotted(one.func).endswith("tagged") for value in map(constant, one.args)}
            if not {"post_install", "-at_install"} <= tags:
                yield at(path, node.lineno, f"{node.name} lacks @tagged('post_install', '-at_install')")
        for method in methods:
            if not any(isinstance(one, ast.Call | ast.Assert | ast.With) for part in method.body for one in ast.walk(part)):
                yield at(path, method.lineno, f"{method.name} checks nothing")
    for node in source.walk(module):
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node).rpartition(".")[2] in ("skipTest", "skip", "skipIf", "skipUnless", "expectedFailure"):
            yield at(path, node.lineno, "a skipped test passes on a broken module")


def test_addon_tests_are_tagged_and_never_skipped():
    paths = [path for name in ADDON_NAMES for path in source.files(source.addon(name) / "tests", "*.py")]
    findings = [one for path in paths for one in weak_tests(path, source.tree(path))]
    assert not findings, show(findings)


def unlisted_tests(folder):
    """Test files that the package does not import: Odoo would never run them."""
    listed = source.text(folder / "__init__.py") if (folder / "__init__.py").exists() else ""
    return [at(path, 1, "not imported in tests/__init__.py: Odoo never runs it")
            for path in source.files(folder, "test_*.py") if not re.search(rf"\b{path.stem}\b", listed)]


def test_every_test_file_is_run():
    findings = [one for name in ADDON_NAMES for one in unlisted_tests(source.addon(name) / "tests")]
    assert not findings, show(findings)


def unlisted_models(folder):
    """Modules that their package does not import: their models would not exist."""
    return [at(path, 1, f"not imported in {path.parent.name}/__init__.py")
            for path in source.files(folder, "*.py") if path.name != "__init__.py"
            and not ((path.parent / "__init__.py").exists() and re.search(rf"\b{path.stem}\b", source.text(path.parent / "__init__.py")))]


def test_every_model_file_is_imported():
    folders = [source.addon(name) / folder for name in ADDON_NAMES for folder in ("models", "controllers", "wizards")]
    findings = [one for folder in folders if folder.is_dir() for one in unlisted_models(folder)]
    assert not findings, show(findings)
