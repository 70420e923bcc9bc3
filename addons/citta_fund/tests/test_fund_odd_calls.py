import inspect

from psycopg2 import Error as DatabaseError
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FundCommon

NONE, MISSING = [], 999_999_999
AMOUNTS = (float("nan"), float("inf"), float("-inf"), 1e300, -1, 0, -0.0, 10**12, "NaN", "٥٠", "1e5", "x", None, [], {})
ODD = {
    "monetary": AMOUNTS, "float": AMOUNTS, "integer": (10**20, 2**31, -1, 1.5, "x", float("nan"), [], {}), "date": ("x", "2026-02-30", "0000-00-00", 5, 1e300, [], True),
    "selection": ("x", 5, [], {}, True, "\x00"), "many2one": (MISSING, -1, 2**40, "x", 1.5, [], {}, True), "char": (5, 1.5, [], {}, True, "\x00", "x" * 100_000),
    "text": (5, [], {}, "\x00"), "boolean": ("x", [], 5, {}), "html": (5, [], "<script>1</script>\x00"), "one2many": (5, "x", [5], [[9, 9, 9]], [[0]], {}), "many2many": (5, "x", [5], [[6, 0, "x"]], {}),
}
VALUES = {
    "citta.pledge": {"amount": 5}, "citta.donation": {"amount": 5}, "citta.donation.sheet": {"name": "x"}, "citta.receipt.run": {"year": 2026},
    "citta.fund.register": {"year": 2026}, "citta.match.rule": {"name": "x", "ceiling_pot": 5}, "citta.tax.profile": {"legal_form": "ets", "valid_from": "2019-01-01", "valid_to": "2019-02-01"},
    "citta.statement.format": {"name": "x"}, "citta.fund": {"name": "x", "code": "odd"}, "citta.fund.line": {"name": "x", "code": "odd"},
}


@tagged("post_install", "-at_install")
class TestOddCalls(FundCommon):
    """Public methods with the wrong records, and records with odd values: an answer for people, or what the database refuses."""

    def setUp(self):
        super().setUp()
        self.gift = self.post(50, wants_receipt=True)
        self.rows = {
            "citta.donation": self.gift, "citta.pledge": self.pledge(70), "citta.receipt": self.gift.receipt_id, "citta.fund": self.fund, "citta.match.rule": self.rule,
            "account.bank.statement.line": self.bank_line(9) | self.gift.statement_line_id, "citta.receipt.run": self.env["citta.receipt.run"].create({"year": 2026}),
            "citta.donation.sheet": self.env["citta.donation.sheet"].create({"name": "x", "fund_id": self.fund.id, "fund_line_id": self.labs.id}),
            "citta.fund.register": self.env["citta.fund.register"].create({"year": 2026}), "citta.fund.check": self.env["citta.fund.check"],
            "citta.receipt.void": self.env["citta.receipt.void"].create({"receipt_id": self.gift.receipt_id.id, "reason": "x"}),
            "account.statement.import": self.env["account.statement.import"].create({"statement_file": "eA==", "statement_filename": "x"}),
        }

    def public_methods(self):
        """(model, method) for all that this addon lets anybody call, what others define left out."""
        for name in sorted(self.rows):
            model = type(self.env[name])
            for method, function in inspect.getmembers(model, callable):
                ours = any(method in vars(parent) and parent.__module__.startswith("odoo.addons.citta_fund") for parent in model.__mro__)
                if ours and method.startswith(("action_", "button_", "unreconcile_")) and not getattr(function, "_api_private", False):
                    yield name, method

    def test_public_methods_with_any_records(self):
        found = list(self.public_methods())
        self.assertGreater(len(found), 40)
        for user in (self.treasurer, self.officer, self.auditor, self.operator):
            for name, method in found:
                ids = self.rows[name].ids
                for given in (NONE, [MISSING], ids, ids * 2, [*ids, MISSING]):
                    with self.subTest(user=user.login, model=name, method=method, ids=given):
                        self.assert_answered(user, name, method, given)

    def assert_answered(self, user, name, method, ids):
        """A result or a message for people; never an error of the program or of the database."""
        model = self.env(user=user, context={"allowed_company_ids": self.company.ids})[name]
        arguments = [] if getattr(getattr(type(model), method), "_api_model", False) else [ids]
        savepoint = self.cr.savepoint(flush=False)
        try:
            with mute_logger("odoo.sql_db", "odoo.models.unlink", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"):
                call_kw(model, method, arguments, {})
                self.env.flush_all()
        except UserError as error:
            self.assertTrue(str(error))
        except ValueError as error:
            # Odoo's own answer to a programme that calls the button of a form for none or several
            self.assertIn("Expected singleton", str(error))
        finally:
            self.env.clear()
            savepoint.close(rollback=True)

    def odd_values(self, name):
        """(field, value) for everything that may be written on a model."""
        for field_name, field in self.env[name]._fields.items():
            if field.store and field.type in ODD and not field.readonly and not field.related and field_name not in ("id", "create_uid", "write_uid", "create_date", "write_date"):
                for value in ODD[field.type]:
                    yield field_name, value

    def test_no_amount_that_is_none(self):
        """Not a number, infinite, negative, nothing, or more than any bank transfers: refused wherever money is written."""
        wrong = (float("nan"), float("inf"), float("-inf"), 1e300, 1e9, -1)
        fund, partner = {"fund_id": self.fund.id}, {"partner_id": self.citizen.id}
        for model, vals, names in (
            ("citta.pledge", {**fund, **partner, "amount": 5}, ("amount",)), ("citta.donation", {**fund, "amount": 5}, ("amount",)),
            ("citta.match.rule", {**fund, "name": "x", "sponsor_id": self.foundation.id, "ceiling_pot": 5}, ("ceiling_pot", "ceiling_gift", "ceiling_donor", "factor")),
            ("citta.fund", {"name": "x", "code": "odd"}, ("goal_amount", "endowment_share")),
        ):
            good = self.env[model].create(vals)
            fresh = {**vals, "code": "odd2"} if "code" in vals else vals
            for odd in ({name: value} for name in names for value in wrong):
                for deed, values in ((good.write, odd), (good.create, {**fresh, **odd})):
                    with self.subTest(model=model, deed=deed.__name__, **odd):
                        self.assert_refused(lambda deed=deed, values=values: deed(values))
        parts = [Command.create({"fund_line_id": self.labs.id, "amount": float("nan")})]
        self.assert_refused(lambda: self.env["citta.donation"].create({**fund, "amount": 5, "line_ids": parts}))

    def assert_refused(self, deed):
        """Refused with a message for people: our own, or the one of a constraint."""
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                deed()
                self.env.flush_all()
        except (UserError, IntegrityError):
            self.env.invalidate_all()
        else:
            self.fail("it was taken")

    def test_odd_values_leave_a_fund_that_works(self):
        """Whatever Odoo lets through of odd values, every page of figures and every check still opens."""
        taken = 0
        for name, vals in VALUES.items():
            vals = {**vals, **({"fund_id": self.fund.id} if "fund_id" in self.env[name]._fields else {})}
            vals |= {key: value for key, value in (("partner_id", self.citizen.id), ("fund_line_id", self.labs.id), ("sponsor_id", self.foundation.id), ("journal_id", self.bank.id))
                     if key in self.env[name]._fields and self.env[name]._fields[key].required or key == "partner_id" and name == "citta.donation"}
            for field, value in self.odd_values(name):
                savepoint = self.cr.savepoint(flush=False)
                try:
                    with mute_logger("odoo.sql_db"):
                        record = self.env[name].create({**vals, field: value})
                        self.env.flush_all()
                except (UserError, ValueError, TypeError, LookupError, AttributeError, DatabaseError, OverflowError):
                    continue  # what is of the wrong type, Odoo itself refuses
                else:
                    taken += 1
                    with self.subTest(model=name, field=field, value=str(value)[:40]):
                        self.assert_works(record)
                finally:
                    self.env.clear()
                    savepoint.close(rollback=True)
        self.assertGreater(taken, 30)

    def assert_works(self, record):
        """The record opens as on its form, and the figures of the fund too."""
        self.env.invalidate_all()
        shown = record.with_user(self.fund_admin).with_context(allowed_company_ids=self.company.ids)
        names = [name for name, field in record._fields.items() if field.type not in ("binary", "one2many", "many2many") and shown._has_field_access(field, "read")]
        shown.read(names)
        self.fund._get_public_values()
        self.fund.sudo()._get_figures()

    def test_years_that_are_none(self):
        register = self.env["citta.fund.register"].with_user(self.treasurer)
        for year in (0, -5, 1, 1999, 2201, 99999):
            for kind in ("agency", "public"):
                form = register.create({"year": year, "kind": kind})
                self.assertTrue(form.summary is not None)
                with self.subTest(year=year, kind=kind), self.assertRaisesRegex(UserError, "year"):
                    form.action_make()
