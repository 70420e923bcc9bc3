"""Rights: groups, rules and access lines as the design wants them, and as the table of decisions says."""
import ast
import re

from . import access_matrix, source
from .source import at, show

# Rules through which portal users see what is published to all of them, with the reason. All others go by own partner.
PUBLISHED = {
    "opportunity": "open opportunities are published to everybody who may apply",
    "challenge": "challenges are published so that ideas can answer them",
    "observatory": "the observatories' findings are open data",
    "service": "the network's services are published",
}
OUTSIDE = {"base.group_portal", "base.group_public"}
OWN = re.compile(r"user\.(partner_id|commercial_partner_id|id\b)|\(\s*0\s*,\s*'='\s*,\s*1\s*\)")


def all_records(model):
    """(path, record) of one model in both addons."""
    return [(path, record) for path in source.data_xml() for record in source.records(source.xml(path), model)]


def updatable(path, root):
    """Groups that would never be updated."""
    return [at(path, one.sourceline, "groups stand in a part with noupdate=0: their names, comments and implied groups must update")
            for model in ("res.groups", "res.groups.privilege") for one in source.records(root, model) if source.is_noupdate(one)]


def overwritten(path, root):
    """Rules that an update would overwrite."""
    return [at(path, one.sourceline, f"rule {one.get('id')} stands in a part with noupdate=1")
            for one in source.records(root, "ir.rule") if not source.is_noupdate(one)]


def test_groups_update_and_rules_do_not():
    findings = [one for path in source.data_xml() for rule in (updatable, overwritten) for one in rule(path, source.xml(path))]
    assert not findings, show(findings)


def false_flags(path, root):
    """Rules with a False flag: Odoo skips the rule for that operation, so it permits."""
    return [
        at(path, one.sourceline, f"{one.get('id')}.{flag.get('name')} is False, which permits: put a 0 into ir.model.access.csv")
        for one in source.records(root, "ir.rule") for flag in one.iter("field")
        if flag.get("name", "").startswith("perm_") and (flag.get("eval") or flag.text or "").strip() in ("False", "0", "false")
    ]


def test_no_rule_has_a_false_flag():
    findings = [one for path in source.data_xml() for one in false_flags(path, source.xml(path))]
    assert not findings, show(findings)


def without_access(models, lines):
    """Models that no access line mentions: nobody could use them."""
    covered = {source.model_of_id(row["model_id:id"]) for _path, _line, row in lines}
    return [at(model.path, model.node.lineno, f"{model.name} has no line in ir.model.access.csv")
            for model in models if model.own and model.kind != "AbstractModel" and model.name not in covered]


def test_every_model_has_an_access_line():
    findings = without_access(source.all_models(), source.access_lines())
    assert not findings, show(findings)


def misnamed_groups(path, root):
    """Groups without the house's name or the help text that Odoo shows in the user form."""
    findings = []
    for one in source.records(root, "res.groups"):
        named, comment = source.value(one, "name"), source.value(one, "comment")
        if named is not None and "." not in one.get("id"):
            if not one.get("id").startswith("group_citta_"):
                findings.append(at(path, one.sourceline, f"{one.get('id')}: groups are group_citta_<role>"))
            if comment is None or not (comment.text or "").strip():
                findings.append(at(path, one.sourceline, f"{one.get('id')} has no comment"))
    return findings


def test_groups_are_named_and_explained():
    findings = [one for path in source.data_xml() for one in misnamed_groups(path, source.xml(path))]
    assert not findings, show(findings)


def linked(field, module):
    """The XML ids that a field's Command.link(ref('…')) names."""
    shown = "" if field is None else (field.get("eval") or field.get("ref") or "")
    names = re.findall(r"ref\('([\w.]+)'\)", shown) or ([shown] if field is not None and field.get("ref") else [])
    return {source.full_id(name, module) for name in names}


def ladders(groups):
    """Privileges whose groups are no straight ladder.

    :param groups: group → (privilege, groups it implies directly)
    """
    findings = []
    for privilege in {privilege for privilege, _implied in groups.values() if privilege}:
        rungs = {name for name, (own, _implied) in groups.items() if own == privilege}
        for one in rungs:
            below = closure(one, groups) & rungs
            if any(one not in closure(other, groups) for other in rungs - below - {one}):
                findings.append(f"privilege {privilege}: {one} is beside another group; the user form shows one choice")
    return findings


def closure(name, groups):
    """All groups that a group implies."""
    found, todo = set(), [name]
    while todo:
        for other in groups.get(todo.pop(), ("", ()))[1]:
            if other not in found:
                found.add(other)
                todo.append(other)
    return found


def parsed_groups():
    """Group → (privilege, implied groups), over both addons' files."""
    found = {}
    for path, record in all_records("res.groups"):
        module = source.module_of(path)
        privilege, implied = found.get(source.full_id(record.get("id"), module), ("", set()))
        privilege = next(iter(linked(source.value(record, "privilege_id"), module)), privilege)
        found[source.full_id(record.get("id"), module)] = (privilege, implied | linked(source.value(record, "implied_ids"), module))
    return found


def test_every_privilege_is_a_straight_ladder():
    groups = parsed_groups()
    assert groups, "no groups found"
    findings = ladders(groups)
    assert not findings, show(findings)


def parsed_rules():
    """The rules as (path, record, model, groups, domain text)."""
    found = []
    for path, record in all_records("ir.rule"):
        module = source.module_of(path)
        model, domain = source.value(record, "model_id"), source.value(record, "domain_force")
        name = source.model_of_id((model.get("ref") or "") if model is not None else "")
        found.append((path, record, name, linked(source.value(record, "groups"), module), (domain.text or domain.get("eval") or "") if domain is not None else ""))
    return found


def unruled(rules, rights, groups):
    """Groups that read a restricted model without a rule of their own or of a group below: they would see everything."""
    restricted = {}
    for _path, _record, model, named, _domain in rules:
        restricted.setdefault(model, set()).update(named - OUTSIDE)  # nobody is inside and outside at once
    return [
        f"{model}: {group} may read it and no rule holds it; every rung has its rule"
        for (model, group), flags in sorted(rights.items())
        if restricted.get(model) and flags[0] == "1" and group not in OUTSIDE | {"everybody"} and not ({group} | closure(group, groups)) & restricted[model]
    ]


def test_every_rung_has_its_rule():
    findings = unruled(parsed_rules(), access_matrix.actual(), parsed_groups())
    assert not findings, show(findings)


def left_sides(domain):
    """The field paths of a domain's text."""
    return re.findall(r"[(\[]\s*['\"]([a-z_][\w.]*)['\"]\s*,\s*['\"][^'\"]*['\"]\s*,", domain)


def many_paths(path, record, model, domain, types):
    """Dotted paths that walk over an x2many: on a million rows they cost seconds instead of milliseconds."""
    findings = []
    for left in left_sides(domain):
        current = model
        for part in left.split(".")[:-1]:
            declared = types.get((current, part))
            if (declared is not None and declared.to_many) or (declared is None and part.endswith("_ids")):
                findings.append(at(path, record.sourceline, f"{record.get('id')} walks over the x2many {part}: compare with the user's id list"))
            current = declared.comodel if declared is not None else None
    return findings


def test_no_rule_walks_over_x2many():
    findings = [one for path, record, model, _groups, domain in parsed_rules()
                for one in many_paths(path, record, model, domain, source.field_types())]
    assert not findings, show(findings)


def open_portal_rules(rules):
    """Rules for portal or public users that do not go by their own partner."""
    return [
        at(path, record.sourceline, f"{record.get('id')}: a portal rule goes by the user's own partner")
        for path, record, model, groups, domain in rules
        if groups & OUTSIDE and not OWN.search(domain) and model.removeprefix("citta.") not in PUBLISHED
    ]


def test_portal_rules_go_by_own_partner():
    findings = open_portal_rules(parsed_rules())
    assert not findings, show(findings)


def portal_writes(rights):
    """Portal or public users who may create or delete, or read a model that no portal rule limits."""
    return [f"{model}: {group} has {flags}; portal users create and delete only through our routes"
            for (model, group), flags in sorted(rights.items())
            if group in OUTSIDE | {"everybody"} and ("1" in flags[2:] or group == "everybody")]


def test_portal_users_get_no_wide_rights():
    findings = portal_writes(access_matrix.actual())
    assert not findings, show(findings)


def test_portal_models_have_a_portal_rule():
    ruled = {model for _path, _record, model, groups, _domain in parsed_rules() if groups & OUTSIDE}
    findings = [f"{model}: {group} may read it without a rule" for (model, group), flags in sorted(access_matrix.actual().items())
                if group in OUTSIDE and flags != "0000" and model not in ruled]
    assert not findings, show(findings)


def foreign_access(lines):
    """Access lines of ours on accounting models: posting goes through one checked method instead."""
    return [at(path, number, "no access line of ours on an accounting model")
            for path, number, row in lines if source.model_of_id(row["model_id:id"]).startswith("account.")]


def test_no_access_to_accounting_models():
    findings = foreign_access(source.access_lines())
    assert not findings, show(findings)


def test_rights_are_as_decided():
    findings = access_matrix.differences(access_matrix.decided(), access_matrix.actual())
    assert not findings, show(findings) + "\nwanted? python -m tests.repo.access_matrix --write, and read the difference"


def test_access_ids_are_unique():
    seen, findings = set(), []
    for path, number, row in source.access_lines():
        key = (source.module_of(path), row["id"])
        if key in seen:
            findings.append(at(path, number, f"{row['id']} stands twice: the second line overwrites the first"))
        seen.add(key)
    assert not findings, show(findings)


def test_rule_domains_parse():
    findings = []
    for path, record, _model, _groups, domain in parsed_rules():
        try:
            ast.parse(domain.strip(), mode="eval")
        except SyntaxError as error:
            findings.append(at(path, record.sourceline, f"{record.get('id')}: {error.msg}"))
    assert not findings, show(findings)
