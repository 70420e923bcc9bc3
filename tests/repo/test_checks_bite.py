"""Every check can fail: each rule is fed a bad snippet, which it must find, and a good one, which it must leave alone."""
import ast

import polib
import pytest
from lxml import etree

from . import (
    access_matrix,
    source,
    terms,
    test_architecture,
    test_deploy,
    test_docs,
    test_hygiene,
    test_idioms,
    test_security,
    test_translations,
)

FILE = source.ROOT / "addons" / "citta_lavoro" / "models" / "people" / "pathway.py"
BARE = "class Pathway(models.Model):\n    _name = 'citta.pathway'\n"
HEAD = BARE.replace("\n", "\n    'What it is.'\n", 1)


def models(text):
    """The models of a snippet."""
    return source.models_in(FILE, ast.parse(text))


PYTHON = [  # rule, bad, good
    (test_idioms.old_names, "def name_get(self): pass", "def _compute_display_name(self): pass"),
    (test_idioms.old_names, "self._cr.execute('x')", "self.env.cr.execute('x')"),
    (test_idioms.old_names, "request.uid", "request.env.uid"),
    (test_idioms.old_names, "from odoo.osv import expression", "from odoo.fields import Domain"),
    (test_idioms.old_names, "from odoo import _, api", "from odoo import api"),
    (test_idioms.old_names, "from odoo.tests.common import Form", "from odoo.tests import Form"),
    (test_idioms.old_names, "user.groups_id", "user.group_ids"),
    (test_idioms.old_names, "env['hr.contract']", "env['hr.version']"),
    (test_idioms.old_names, "@api.multi\ndef x(self): pass", "@api.model\ndef x(self): pass"),
    (test_idioms.old_calls, "x.read_group([], [], [])", "x._read_group([], [], [])"),
    (test_idioms.old_calls, "raise UserError(_('no'))", "raise UserError(self.env._('no'))"),
    (test_idioms.old_calls, "a = fields.Char(track_visibility='always')", "a = fields.Char(tracking=True)"),
    (test_idioms.old_calls, "x.search([], count=True)", "x.search_count([])"),
    (test_idioms.old_calls, "@http.route('/x', type='json')\ndef x(self): pass", "@http.route('/x', type='jsonrpc')\ndef x(self): pass"),
    (test_idioms.old_calls, "x.message_post(body='<b>hi</b>')", "x.message_post(body=Markup('<b>hi</b>'))"),
    (test_idioms.old_calls, "print('x')", "_logger.info('x')"),
    (test_idioms.old_tuples, "x = [(6, 0, [1])]", "x = [Command.set([1])]"),
    (test_idioms.old_tuples, "x = [(0, 0, {'a': 1})]", "x = [(0, 0), (1, 2, 3)]"),
    (test_idioms.old_tuples, "x = [('a', '<>', 1)]", "x = [('a', '!=', 1)]"),
    (test_idioms.hidden_terms, "x = f\"{a} {self.env._('b')}\"", "x = self.env._('%(a)s b', a=a)"),
    (test_idioms.logged_persons, "_logger.info('x %s', partner.email)", "_logger.info('x %s', partner.id)"),
    (test_idioms.unexplained_routes, "@http.route('/x')\ndef x(self): pass", "@http.route('/x')\ndef x(self):\n    'Doc.'"),
    (test_idioms.actions_without_records, "@api.model\ndef action_x(self): pass", "def action_x(self): pass"),
    (test_idioms.weak_tests, "@tagged('post_install', '-at_install')\nclass T(C):\n    def test_x(self):\n        self.skipTest('x')",
     "@tagged('post_install', '-at_install')\nclass T(C):\n    def test_x(self):\n        self.assertTrue(x)"),
    (test_idioms.weak_tests, "class T(C):\n    def test_x(self):\n        self.assertTrue(x)", "class T(C):\n    def helper(self): pass"),
    (test_idioms.weak_tests, "@tagged('post_install', '-at_install')\nclass T(C):\n    def test_x(self):\n        y = 1",
     "@tagged('post_install', '-at_install')\nclass T(C):\n    def test_x(self):\n        with self.assertRaises(E):\n            x.y"),
    (test_architecture.impure, "from odoo import fields", "from decimal import Decimal"),
    (test_architecture.impure, "def f(self): return self.env", "def f(a): return a"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), PYTHON, ids=lambda one: getattr(one, "__name__", None) or one[:30])
def test_python_rules(rule, bad, good):
    assert list(rule(FILE, ast.parse(bad)))
    assert not list(rule(FILE, ast.parse(good)))


MODELS = [
    (test_idioms.old_models, "class X(models.Model):\n    _description = 'x'", HEAD),
    (test_idioms.old_models, HEAD + "    _sql_constraints = []", HEAD + "    _a_uniq = models.Constraint('UNIQUE(a)', 'x')"),
    (test_idioms.old_models, HEAD + "    a_uniq = models.Constraint('UNIQUE(a)', 'x')", HEAD + "    a = fields.Char()"),
    (test_idioms.old_models, HEAD + "    @api.model\n    def create(self, vals): pass", HEAD + "    @api.model_create_multi\n    def create(self, vals_list): pass"),
    (test_idioms.old_models, HEAD + "    a = fields.Char(group_expand='_x')\n    def _x(self, a, b, c): pass", HEAD + "    a = fields.Char(group_expand='_x')\n    def _x(self, a, b): pass"),
    (test_idioms.unexplained, HEAD + "    def action_x(self): pass", HEAD + "    def action_x(self):\n        'Doc.'"),
    (test_idioms.unexplained, HEAD + "    def publish(self): pass", HEAD + "    @api.private\n    def publish(self): pass"),
    (test_idioms.unexplained, HEAD + "    def _cron_x(self): pass", HEAD + "    def write(self, vals): pass"),
    (test_idioms.unexplained, BARE, HEAD),
    (test_architecture.misnamed, HEAD.replace("pathway", "goal"), HEAD),
    (test_architecture.misnamed, "x = 1", HEAD),
]


@pytest.mark.parametrize(("rule", "bad", "good"), MODELS)
def test_model_rules(rule, bad, good):
    assert list(rule(FILE, models(bad)))
    assert not list(rule(FILE, models(good)))


TEXT = [
    (test_idioms.old_xml, '<t t-name="kanban-box"/>', '<t t-name="card"/>'),
    (test_idioms.old_xml, "<tree><field/></tree>", "<list><field/></list>"),
    (test_idioms.old_xml, '<field name="view_mode">tree,form</field>', '<field name="view_mode">list,form</field>'),
    (test_idioms.old_xml, "<field name='x'\n  attrs=\"{}\"/>", '<field name="x" invisible="y"/>'),
    (test_idioms.old_xml, '<group expand="0" string="x">', "<group>"),
    (test_idioms.old_xml, '<t t-esc="x"/>', '<t t-out="x"/>'),
    (test_idioms.old_xml, '<div class="oe_chatter"/>', "<chatter/>"),
    (test_idioms.old_xml, '<field name="groups_id"/>', '<field name="groups"/>'),
    (test_idioms.old_xml, "<field eval=\"[(4, ref('x'))]\"/>", "<field eval=\"[Command.link(ref('x'))]\"/>"),
    (test_idioms.old_xml, '<xpath expr="//field[@string=\'x\']"/>', '<xpath expr="//field[@name=\'x\']"/>'),
    (test_idioms.old_xml, '<label string="x"/>', '<label for="x" string="x"/>'),
    (test_idioms.old_xml, '<field name="create_date" widget="date"/>', '<field name="date"/>'),
    (test_idioms.old_xml, '<t t-out="object.date_due or \'\'"/>', '<t t-out="format_date(object.date_due)"/>'),
    (test_idioms.old_xml, "due by {{ object.date_due }}", "due by {{ format_date(object.date_due) }}"),
    (test_idioms.old_javascript, "/** @odoo-module **/", "import { x } from 'y';"),
    (test_idioms.unreasoned, "import x  # noqa: " + "E402", "import x  # noqa: " + "E402 (the path must be set first)"),
    (test_idioms.unreasoned, "x()  # pylint: " + "disable=sql-injection", "# names are constants\nx()  # pylint: " + "disable=sql-injection"),
    (test_architecture.money_words, "self.env['citta.fund']", "funder, refund, Fondazione, foundation, funding"),
    (test_architecture.money_words, "Il Fondo solidale", "lo sfondo"),
    (test_hygiene.untidy, "x \n", "x\n"),
    (test_hygiene.untidy, "x", "x\n"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), TEXT)
def test_text_rules(rule, bad, good):
    assert list(rule(FILE, bad))
    assert not list(rule(FILE, good))


def test_bare_sudo():
    def rule(text):
        return list(test_idioms.bare_sudo(FILE, text, ast.parse(text)))
    assert rule("x = 1\ny = a.sudo().b") and rule("# why\nx = 1\n\ny = a.sudo().b")
    assert not rule("# why\ny = a.sudo().b") and not rule("# why\ny = (\n    a.sudo()\n)")


def test_room_rules():
    owner_of, later = {"citta.goal": "people", "citta.call": "incubator"}, "x = fields.Many2one('citta.call')"
    assert test_architecture.later_models(FILE, "people", ast.parse(later), owner_of)
    assert not test_architecture.later_models(FILE, "incubator", ast.parse(later), owner_of)
    assert test_architecture.later_imports(FILE, "people", ast.parse("from ..academy import session"))
    assert not test_architecture.later_imports(FILE, "people", ast.parse("from ..common import claim"))
    root = etree.fromstring("<odoo><field ref='model_citta_call'/></odoo>")
    assert test_architecture.later_references(FILE, "people", root, owner_of, {})
    assert not test_architecture.later_references(FILE, "incubator", root, owner_of, {})
    assert test_architecture.later_references(FILE, "people", etree.fromstring("<odoo><a ref='x_view'/></odoo>"), {}, {"x_view": "academy"})


def test_size_rules():
    long = "def f(self):\n" + "    x = 1\n\n" * 50
    assert test_architecture.body_lines(long, ast.parse(long).body[0]) == 51
    explained = 'def f(self):\n    """One.\n\n    Two.\n    """\n    return 1\n'
    assert test_architecture.body_lines(explained, ast.parse(explained).body[0]) == 2


def test_doctest_rule(tmp_path, monkeypatch):
    folder = tmp_path / "addons" / "citta_bite" / "tools"
    folder.mkdir(parents=True)
    for name, body in {"none": "x = 1", "wrong": '"""\n>>> 1\n2\n"""', "right": '"""\n>>> 1\n1\n"""'}.items():
        (folder / f"{name}.py").write_text(body, encoding="utf-8")
    monkeypatch.setattr(source, "ROOT", tmp_path)
    assert test_architecture.doctest_findings(folder / "none.py") and test_architecture.doctest_findings(folder / "wrong.py")
    assert not test_architecture.doctest_findings(folder / "right.py")


RECORDS = [
    (test_security.updatable, '<odoo noupdate="1"><record id="g" model="res.groups"/></odoo>', '<odoo><record id="g" model="res.groups"/></odoo>'),
    (test_security.overwritten, '<odoo><record id="r" model="ir.rule"/></odoo>', '<odoo><data noupdate="1"><record id="r" model="ir.rule"/></data></odoo>'),
    (test_security.false_flags, '<odoo><record id="r" model="ir.rule"><field name="perm_unlink" eval="False"/></record></odoo>',
     '<odoo><record id="r" model="ir.rule"><field name="perm_unlink" eval="True"/></record></odoo>'),
    (test_security.misnamed_groups, '<odoo><record id="group_citta_x" model="res.groups"><field name="name">X</field></record></odoo>',
     '<odoo><record id="group_citta_x" model="res.groups"><field name="name">X</field><field name="comment">Does x.</field></record></odoo>'),
    (test_security.misnamed_groups, '<odoo><record id="x_user" model="res.groups"><field name="name">X</field><field name="comment">Does x.</field></record></odoo>',
     '<odoo><record id="base.group_user" model="res.groups"/></odoo>'),
    (test_idioms.public_crons, '<odoo><record id="c" model="ir.cron"><field name="code">model.clean()</field></record></odoo>',
     '<odoo><record id="c" model="ir.cron"><field name="code">model._cron_clean()</field></record></odoo>'),
    (test_architecture.misnamed_ids, '<odoo><record id="view_goal_form" model="ir.ui.view"><field name="model">citta.goal</field></record></odoo>',
     '<odoo><record id="goal_view_form" model="ir.ui.view"><field name="model">citta.goal</field></record><menuitem id="menu_goal"/></odoo>'),
    (test_architecture.misnamed_ids, '<odoo><menuitem id="goal_menu"/></odoo>', '<odoo><record id="goal_action" model="ir.actions.act_window"><field name="res_model">citta.goal</field></record></odoo>'),
    (test_idioms.old_records, '<odoo><record id="g" model="res.groups"><field name="category_id" ref="x"/></record></odoo>',
     '<odoo><record id="g" model="res.groups"><field name="privilege_id" ref="x"/></record></odoo>'),
]


@pytest.mark.parametrize(("rule", "bad", "good"), RECORDS)
def test_record_rules(rule, bad, good):
    assert list(rule(FILE, etree.fromstring(bad)))
    assert not list(rule(FILE, etree.fromstring(good)))


def test_right_rules():
    record = etree.fromstring('<record id="r" model="ir.rule"/>')
    types = {(model.name, one.name): one for model in models(HEAD + "    goal_ids = fields.One2many('citta.goal', 'x')\n    body_id = fields.Many2one('res.partner')") for one in model.fields}
    assert test_security.many_paths(FILE, record, "citta.pathway", "[('goal_ids.user_id', '=', user.id)]", types)
    assert test_security.many_paths(FILE, record, "citta.pathway", "[('body_id.child_ids.x', '=', 1)]", types)
    assert not test_security.many_paths(FILE, record, "citta.pathway", "[('body_id.country_id', '=', 1), ('goal_ids', 'in', user.x_ids.ids)]", types)
    rule = (FILE, record, "citta.pathway", {"base.group_portal"})
    assert test_security.open_portal_rules([(*rule, "[(1, '=', 1)]")])
    assert not test_security.open_portal_rules([(*rule, "[('partner_id', '=', user.partner_id.id)]")])
    assert test_security.portal_writes({("citta.pathway", "base.group_portal"): "1010"})
    assert not test_security.portal_writes({("citta.pathway", "base.group_portal"): "1000"})
    groups = {"a": ("p", set()), "b": ("p", {"a"}), "c": ("p", {"a"})}
    assert test_security.ladders(groups) and not test_security.ladders({"a": groups["a"], "b": groups["b"]})
    rules = [(FILE, record, "m", {"b"}, "[]")]
    assert test_security.unruled(rules, {("m", "a"): "1000"}, groups) and not test_security.unruled(rules, {("m", "b"): "1000"}, groups)
    assert access_matrix.differences({("m", "a"): "1000"}, {("m", "a"): "1100"}) and not access_matrix.differences({("m", "a"): "1000"}, {("m", "a"): "1000"})
    assert test_security.without_access(models(HEAD), []) and not test_security.without_access(models(HEAD.replace("Model)", "AbstractModel)")), [])
    line = (FILE, 2, {"model_id:id": "account.model_account_move"})
    assert test_security.foreign_access([line])


def test_translation_rules():
    def entries(text):
        return list(polib.pofile('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n' + text))
    assert test_translations.incomplete(FILE, entries('msgid "a"\nmsgstr ""\n'))
    assert test_translations.incomplete(FILE, entries('#, fuzzy\nmsgid "a"\nmsgstr "b"\n'))
    assert list(test_translations.unsound(FILE, entries('msgid "a %(x)s"\nmsgstr "b %(y)s"\n')))
    assert list(test_translations.unsound(FILE, entries('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n')))
    good = entries('msgid "a %(x)s 5%"\nmsgstr "b %(x)s 5%"\n')
    assert not test_translations.incomplete(FILE, good) and not list(test_translations.unsound(FILE, good))
    found = [(FILE, 1, "New  term"), (FILE, 2, None), (FILE, 3, "12 %")]
    assert len(list(test_translations.uncovered(found, ["x"]))) == 2 and len(list(test_translations.uncovered(found, ["New term"]))) == 1
    placed = [(1, "Case  team", "model_terms:ir.ui.view,arch_db:a.v")]
    assert list(test_translations.misplaced(FILE, placed, {"Case team": {"model_terms:ir.ui.view,arch_db:a.old"}}))
    assert not list(test_translations.misplaced(FILE, placed, {"Case team": {"model_terms:ir.ui.view,arch_db:a.v"}}))


def test_terms_are_found():
    text = HEAD + "    _description = 'D'\n    _u = models.UniqueIndex('(a)', 'C')\n    city_id = fields.Many2one('res.city')\n    s = fields.Selection([('a', 'S')], help='H')\n"
    module = ast.parse(text + "    def f(self):\n        return self.env._('P')\n")
    found = {term for model in source.models_in(FILE, module) for _line, term in terms.model_terms(model, module)}
    assert {"D", "C", "City", "S", "H"} <= found and [term for _line, term in terms.python_terms(module)] == ["P"]
    view = etree.fromstring('<odoo><record id="v" model="ir.ui.view"><field name="arch" type="xml"><form string="F"><p>Text <b>bold</b></p></form></field></record>'
                            '<template id="t"><h1>Title</h1></template><menuitem id="m" name="M"/></odoo>')
    assert {term for _line, term in terms.xml_terms(view, {})} == {"F", "Text <b>bold</b>", "Title", "M"}


def test_document_rules():
    path = source.ROOT / "README.md"
    assert test_docs.unexplained_models("`citta.goal`", ["citta.goal", "citta.note"]) == ["README.md: the glossary lacks `citta.note`"]
    options = {"run": {"--port"}}
    assert list(test_docs.unknown_commands(path, "`./citta fly`", options)) and list(test_docs.unknown_commands(path, "`./citta run --fast`", options))
    assert not list(test_docs.unknown_commands(path, "`./citta run --port 8070`", options))
    assert list(test_docs.dead_links(path, "[x](no/such.md)")) and not list(test_docs.dead_links(path, "[x](LICENSE) [y](https://example.org)"))
    assert list(test_docs.undocumented("| lxml | XML |", ["lxml"])) and not list(test_docs.undocumented("| lxml | XML | BSD |", ["lxml"]))
    assert test_docs.requirements("a==1.0\nb>=2")[1] == ["b>=2"]


def test_hygiene_rules():
    bad = {"REGISTRIES": "https://py" + "pi.org/simple", "MACHINE": "cd /ro" + "ot/x", "SECRETS": "-----BEGIN PRIVATE " + "KEY-----"}
    for name, line in bad.items():
        assert test_hygiene.matches(getattr(test_hygiene, name), "x", FILE, line), name
        assert not test_hygiene.matches(getattr(test_hygiene, name), "x", FILE, "see /opt/citta and example.org"), name
    assert test_hygiene.generated(["a/__pycache__/x", "x.pyc", ".env"]) and not test_hygiene.generated(["a/x.py", ".env.example"])
    assert test_hygiene.wrong_mode(FILE, b"#!", False) and test_hygiene.wrong_mode(FILE, b"im", True) and not test_hygiene.wrong_mode(FILE, b"#!", True)


def test_deployment_rules(tmp_path, monkeypatch):
    assert test_deploy.schema_findings({"services": {"x": {"imagine": "y"}}}) and not test_deploy.schema_findings({"services": {"x": {"image": "y"}}})
    assert test_deploy.soft("x", {"image": "y", "user": "root"})
    conf = tmp_path / "odoo.conf"
    conf.write_text("[options]\nwrokers = 4\ndb_host = False\n", encoding="utf-8")
    _options, unknown, complaints = test_deploy.parsed_by_odoo(conf, monkeypatch)
    assert unknown == ["wrokers"] and complaints
