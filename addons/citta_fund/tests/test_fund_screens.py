from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import FundCommon

ROLES = ("officer", "treasurer", "fund_admin", "auditor", "coordinator", "operator")
# What tells of donors: nobody outside the fund may come near.
PRIVATE = ("citta.donation", "citta.donation.line", "citta.pledge", "citta.receipt", "citta.receipt.line", "citta.match.entry")
# Of these a donor sees the own ones.
OWN = ("citta.donation", "citta.pledge", "citta.receipt")


@tagged("post_install", "-at_install")
class TestScreens(FundCommon):
    """Every entry of the menu as the web client opens it, and every way to donors that must stay closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.make_user("coordinator", "citta_lavoro.group_citta_coordinator,base.group_allow_export")
        cls.operator.group_ids |= cls.env.ref("base.group_allow_export")
        cls.gift = cls.take(cls.citizen, wants_receipt=True)
        cls.other = cls.take(cls.district, wants_receipt=True)
        cls.env["account.bank.statement.line"].create({"journal_id": cls.bank.id, "amount": 7, "payment_ref": "waits"})
        cls.pledges = cls.env["citta.pledge"].create([
            {"fund_id": cls.fund.id, "partner_id": partner.id, "amount": 5} for partner in (cls.citizen, cls.district)
        ])
        cls.env["account.bank.statement.line"].create({"journal_id": cls.bank.id, "amount": -7, "payment_ref": "goes"})
        cls.env["citta.receipt.run"].create({"company_id": cls.company.id, "year": 2026})
        cls.env["citta.donation.sheet"].create({"name": "List", "fund_id": cls.fund.id, "fund_line_id": cls.labs.id})
        cls.env["citta.statement.format"].create({"name": "Bank", "company_id": cls.company.id, "journal_id": cls.bank.id})
        cls.env["citta.fund.milestone"].create({"name": "Reached", "fund_line_id": cls.labs.id})
        cls.env["citta.fund.check"]._run(cls.company)
        cls.env.flush_all()

    @classmethod
    def make_user(cls, login, groups, **vals):
        return new_test_user(
            cls.env, f"fund_screen_{login}", groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)], **vals
        )

    @classmethod
    def take(cls, partner, **vals):
        """A posted gift of a donor."""
        line = cls.env["account.bank.statement.line"].create({"journal_id": cls.bank.id, "date": "2026-03-01", "amount": 50, "payment_ref": "given"})
        return cls.env["citta.donation"]._post_from_statement_line(line, vals={"partner_id": partner.id, **vals})

    def records(self, model):
        """Records of a model that tell of the two donors."""
        gifts = self.gift | self.other
        return {
            "citta.donation": gifts, "citta.donation.line": gifts.line_ids, "citta.pledge": self.pledges, "citta.receipt": gifts.receipt_id,
            "citta.receipt.line": gifts.receipt_line_ids, "citta.match.entry": gifts.match_entry_ids,
        }[model]

    # -- the client's way ----------------------------------------------------

    def menus_of(self, user):
        """Entries below the fund that open something, where all above them is seen too."""
        ids, root = set(self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()), self.env.ref("citta_fund.menu_citta_fund")
        # sudo: the client loads menus and their actions so
        below = self.env["ir.ui.menu"].sudo().search([("id", "child_of", root.id)]).filtered(
            lambda menu: menu.action and ids >= {int(one) for one in menu.parent_path.strip("/").split("/")}
        )
        return {menu.get_external_id()[menu.id].removeprefix("citta_fund."): menu.action for menu in below}

    def specify(self, node, model):
        """What the client asks of a view's records: its fields, and those of the views inside them."""
        found = {}
        for child in node:
            if child.tag != "field":
                found.update(self.specify(child, model))
            elif child.get("name") in model._fields:
                field = model._fields[child.get("name")]
                inner = self.specify(child, self.env[field.comodel_name]) if field.relational and len(child) else {}
                found[field.name] = {"fields": {"display_name": {}, **inner}} if field.relational else {}
        return found

    def open(self, user, action):
        """Open an action as the web client does: its views, a list of records, the first one in the form.

        :return: how many records were shown, and the kinds of views
        """
        model = self.env[action.res_model].with_user(user).with_company(self.company).with_context(
            safe_eval(action.context or "{}", {"uid": user.id, "active_id": False, "allowed_company_ids": self.company.ids})
        )
        views = model.get_views(action.views, {"toolbar": True})["views"]
        domain = safe_eval(action.domain or "[]", {"uid": user.id})
        shown = []
        for kind in ("list", "kanban"):
            if kind in views:
                spec = self.specify(etree.fromstring(views[kind]["arch"]), model)
                shown = model.web_search_read(domain, {**spec, "display_name": {}}, limit=80)["records"]
        if "form" in views:
            self.open_form(model, views["form"]["arch"], shown)
        return len(shown), set(views)

    def open_form(self, model, arch, shown):
        spec = self.specify(etree.fromstring(arch), model)
        if shown:
            [read] = model.browse(shown[0]["id"]).web_read(spec)
            self.assertEqual(set(spec) - set(read), set())
        if model.has_access("create"):
            model.onchange({}, [], spec)

    def test_every_entry_opens_for_each_role(self):
        for role in ROLES:
            user = getattr(self, role)
            for name, action in self.menus_of(user).items():
                with self.subTest(role=role, menu=name):
                    self.env.invalidate_all()
                    count, kinds = self.open(user, action)
                    self.assertTrue(kinds)
                    self.assertTrue(count or action.target == "new", "there is something to see")

    def test_the_auditor_is_offered_nothing_that_changes(self):
        """Reading, printing and the checks; a button that would be refused does not stand there."""
        harmless = {"action_run", "action_open_pdf", "action_print_letter", "action_print_deed"}
        for name, action in self.menus_of(self.auditor).items():
            if action.target == "new":
                continue
            views = self.env[action.res_model].with_user(self.auditor).get_views(action.views)["views"]
            nodes = [node for view in views.values() for node in etree.fromstring(view["arch"]).iter("button") if node.get("type") == "object"]
            buttons = {node.get("name") for node in nodes if not node.get("name").startswith(("action_view_", "action_open_"))}
            with self.subTest(menu=name):
                self.assertFalse(buttons - harmless)

    def test_entries_of_each_role(self):
        daily = {
            "menu_citta_fund_funds", "menu_citta_pledge", "menu_citta_donation", "menu_citta_donation_sheet", "menu_citta_receipt", "menu_citta_match_entry",
            "menu_citta_match_rule", "menu_citta_fund_milestone",
        }
        books = {
            "menu_citta_fund_check", "menu_citta_fund_recognise", "menu_citta_fund_return", "menu_citta_receipt_run", "menu_citta_fund_register",
        }
        settings = {"menu_citta_fund_line", "menu_citta_tax_profile", "menu_citta_statement_format"}
        written = {"menu_citta_fund_import", "menu_citta_fund_hand"}
        wanted = {
            "officer": daily, "treasurer": daily | books | written,
            "fund_admin": daily | books | settings | written, "auditor": daily | books | settings, "coordinator": {"menu_citta_fund_funds"}, "operator": set(),
        }
        for role, names in wanted.items():
            with self.subTest(role=role):
                self.assertEqual(set(self.menus_of(getattr(self, role))), names)

    def test_form_of_the_fund_opens_for_who_only_sees_it(self):
        for user in (self.operator, self.coordinator):
            arch = self.env["citta.fund"].with_user(user).get_view(view_type="form")["arch"]
            spec = self.specify(etree.fromstring(arch), self.env["citta.fund"])
            [read] = self.fund.with_user(user).web_read(spec)
            self.assertEqual(read["id"], self.fund.id)
            self.assertFalse({"match_rule_ids", "posting_rule_ids"} & set(spec), "what they may not read is not in their form")

    # -- closed ways ---------------------------------------------------------

    def ways(self, user, record):
        """Every way over RPC to a record, by name."""
        model, mine = self.env[record._name].with_user(user), record.with_user(user)
        return {
            "search_read": lambda: model.search_read([], ["display_name"]),
            "web_search_read": lambda: model.web_search_read([], {"display_name": {}})["records"],
            "name_search": lambda: model.name_search(""),
            "search_count": lambda: model.search_count([]),
            "read_group": lambda: model.formatted_read_group([], ["company_id"], ["__count"]),
            "read": lambda: mine.read(["display_name"]),
            "export_data": lambda: mine.export_data(["display_name"])["datas"],
            "write": lambda: mine.write({"company_id": self.company.id}),
            "copy": mine.copy,
            "create": lambda: model.create({}),
            "unlink": mine.unlink,
        }

    def test_people_of_the_programme_reach_no_donor(self):
        for user in (self.operator, self.coordinator, self.make_user("staff", "base.group_user,base.group_allow_export")):
            for model in PRIVATE:
                self.assertTrue(self.records(model), model)
                for way, call in self.ways(user, self.records(model)[0]).items():
                    with self.subTest(user=user.login, model=model, way=way), self.assertRaises(AccessError):
                        call()

    def test_strangers_reach_no_donor(self):
        stranger = self.make_user("stranger", "base.group_portal")
        for user in (stranger, self.env.ref("base.public_user")):
            for model in PRIVATE:
                for way, call in self.ways(user, self.records(model)[0]).items():
                    with self.subTest(user=user.id, model=model, way=way):
                        self.assertFalse(self.answer(call))
                self.assertEqual(len(self.records(model).sudo().exists()), len(self.records(model)))

    def answer(self, call):
        """What a call gives; nothing where it is refused."""
        try:
            with self.env.cr.savepoint():
                return call()
        except UserError:
            return False

    def test_donor_reaches_the_own_only(self):
        donor = self.make_user("donor", "base.group_portal", partner_id=self.citizen.id)
        for model in OWN:
            own = self.records(model).filtered(lambda record: record.partner_id == self.citizen)
            other = self.records(model) - own
            with self.subTest(model=model):
                found = self.env[model].with_user(donor).search_read([], ["display_name", "amount"])
                self.assertEqual([row["id"] for row in found], own.ids)
                self.assertEqual([one for one, _name in self.env[model].with_user(donor).name_search("")], own.ids)
                for way in ("read", "write", "unlink", "copy", "create", "export_data"):
                    with self.subTest(way=way), self.assertRaises(UserError):
                        self.ways(donor, other)[way]()
                for way in ("write", "unlink", "copy", "create"):
                    with self.subTest(way=way, own=True), self.assertRaises(AccessError):
                        self.ways(donor, own)[way]()
