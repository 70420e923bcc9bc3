from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FundCommon

# Keys by which code tells code what it is doing: over RPC anybody may send them.
KEYS = {
    "citta_booking": "booking", "citta_undo": True, "citta_public": True, "citta_strict": True, "citta_workflow_transition": None,
    "skip_account_move_synchronization": True, "skip_readonly_check": True, "force_delete": True, "dynamic_unlink": True,
    "check_move_validity": False, "skip_invoice_sync": True, "tracking_disable": True, "install_mode": True,
}
NOT_BY_HAND = "not by hand|cannot be set by hand|not set by hand"


@tagged("post_install", "-at_install")
class TestForging(FundCommon):
    """What stands in the books is changed by undoing and refunding only, whatever is sent, and with whatever context."""

    def setUp(self):
        super().setUp()
        self.gift = self.post(100, self.district, wants_receipt=True)
        self.line, self.match, self.receipt = self.gift.statement_line_id, self.gift.match_entry_ids, self.gift.receipt_id
        self.waiting = self.bank_line(7)
        self.before = self.picture()

    def forger(self, record, user=None, **context):
        """A record in the hands of one who sends every key over RPC."""
        context = {**KEYS, "allowed_company_ids": self.company.ids, **context}
        return self.env(user=user or self.treasurer, context=context)[record._name].browse(record.ids)

    def picture(self):
        """All that must not move."""
        self.env.flush_all()
        self.env.invalidate_all()
        items = (self.gift.move_id | self.match.move_id).line_ids.sorted("id")
        return (
            self.gift.read(["name", "amount", "state", "partner_id", "date_received", "is_traceable", "company_id", "move_id", "statement_line_id"]),
            items.read(["balance", "account_id", "partner_id", "date", "citta_nature", "citta_fund_line_id", "move_id"]),
            (self.line | self.waiting).read(["amount", "date", "partner_id", "is_reconciled", "move_id", "citta_queued_by_id"]),
            (self.gift.move_id | self.match.move_id).read(["state", "date", "journal_id"]), self.match.read(["amount", "move_id", "reversal_move_id"]),
            self.receipt.read(["amount", "state", "number", "donor_name"]), self.figures(), self.rule._claim_used("pot"),
        )

    def assertRefused(self, deeds, pattern=""):
        """Each deed, the last step of a request, ends in a message and leaves everything as it was."""
        for name, deed in deeds.items():
            with self.subTest(name):
                with self.assertRaisesRegex(UserError, pattern), self.cr.savepoint():
                    deed()
                    self.env.flush_all()
                self.assertEqual(self.picture(), self.before)

    def forgers(self):
        """The treasurer, and an accountant who has no role in the fund."""
        accountant = self.env["res.users"].with_context(no_reset_password=True).create({
            "name": "Accountant", "login": "fund_accountant", "company_id": self.company.id, "company_ids": [Command.set(self.company.ids)],
            "group_ids": [Command.set(self.env.ref("account.group_account_user").ids)],
        })
        return self.treasurer | accountant

    def test_gift(self):
        gift = self.forger(self.gift)
        self.assertRefused({
            "amount": lambda: gift.write({"amount": 5}),
            "entry": lambda: gift.write({"move_id": False}),
            "bank line": lambda: gift.write({"statement_line_id": self.waiting.id}),
            "company": lambda: gift.write({"company_id": False}),
            "traceable": lambda: gift.write({"is_traceable": False}),
            "state": lambda: gift.write({"state": "draft"}),
            "donor": lambda: gift.write({"partner_id": self.citizen.id}),
            "deleted": lambda: gift.unlink(),
            "part": lambda: gift.line_ids.write({"amount": 5}),
            "parts deleted": lambda: gift.write({"line_ids": [Command.clear()]}),
            "matches taken away": lambda: gift.write({"match_entry_ids": [Command.clear()]}),
            "receipt taken away": lambda: gift.write({"receipt_line_ids": [Command.clear()]}),
            "given to a pledge": lambda: self.forger(self.pledge(100)).write({"donation_ids": [Command.link(gift.id)]}),
        })

    def test_bank_line(self):
        for user in self.forgers():
            line = self.forger(self.line, user)
            items = self.gift.move_id.line_ids.sorted("balance").ids
            self.assertRefused({
                f"{user.login} {name}": deed for name, deed in {
                    "undone": line.action_undo_reconciliation,
                    "undone on the screen": line.unreconcile_bank_line,
                    "amount": lambda line=line: line.write({"amount": 5}),
                    "day": lambda line=line: line.write({"date": "2026-04-01"}),
                    "reconciled": lambda line=line: line.write({"is_reconciled": False}),
                    "items deleted": lambda line=line: line.write({"line_ids": [Command.clear()]}),
                    "items changed": lambda line=line, items=items: line.write({
                        "line_ids": [Command.update(items[0], {"balance": -5}), Command.update(items[1], {"balance": 5})],
                    }),
                    "other entry": lambda line=line: line.write({"move_id": self.waiting.move_id.id}),
                    "gifts taken away": lambda line=line: line.write({"citta_donation_ids": [Command.clear()]}),
                    "deleted": line.unlink,
                }.items()
            })

    def test_items(self):
        for user in self.forgers():
            for move in (self.gift.move_id, self.match.move_id):
                items = self.forger(move.line_ids, user)
                own = items.filtered("citta_nature")
                for part, label in ((own, "own"), (items - own, "the other side"), (items, "all")):
                    self.assertRefused({
                        f"{user.login} {move.name} {label} {field}": lambda part=part, field=field, value=value: part.write({field: value})
                        for field, value in (
                            ("balance", -5), ("debit", 5), ("account_id", self.company_data["default_account_expense"].id),
                            ("partner_id", self.citizen.id), ("date", "2026-04-01"), ("move_id", self.waiting.move_id.id), ("parent_state", "draft"),
                        )
                    } | {f"{user.login} {move.name} {label} deleted": part.unlink})
                self.assertRefused({
                    "nature": lambda own=own: own.write({"citta_nature": "grant"}),
                    "one more": lambda items=items: items.create({"move_id": items.move_id.id, "account_id": items[0].account_id.id, "balance": 1}),
                })

    def test_entries(self):
        for user in self.forgers():
            for move in (self.gift.move_id, self.match.move_id):
                entry = self.forger(move, user)
                self.assertRefused({
                    f"{user.login} {move.name} {name}": deed for name, deed in {
                        "reopened": entry.button_draft,
                        "cancelled": entry.button_cancel,
                        "state": lambda entry=entry: entry.write({"state": "cancel"}),
                        "day": lambda entry=entry: entry.write({"date": "2026-04-01"}),
                        "journal": lambda entry=entry: entry.write({"name": "/", "journal_id": self.company_data["default_journal_misc"].id}),
                        "items": lambda entry=entry: entry.write({"line_ids": [Command.clear()]}),
                        "one more item": lambda entry=entry: entry.write({
                            "line_ids": [Command.create({"account_id": entry.line_ids[0].account_id.id, "balance": 1})],
                        }),
                        "deleted": entry.unlink,
                        "copied": entry.copy,
                    }.items()
                })

    def test_no_default_makes_an_item_a_gift(self):
        for user in self.forgers():
            entries = self.forger(self.env["account.move"], user, default_citta_nature="gift", default_citta_fund_line_id=self.labs.id)
            entry = entries.create({
                "move_type": "entry", "journal_id": self.fund.journal_id.id, "date": "2026-03-01", "line_ids": [
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "balance": -1000}),
                    Command.create({"account_id": self.company_data["default_account_expense"].id, "balance": 1000}),
                ],
            })
            entry.action_post()
            self.assertEqual(entry.line_ids.mapped("citta_nature"), [False, False])
        self.assertEqual(self.figures()["received"], 100)

    def test_matches_and_receipts_have_no_writer(self):
        match, receipt = self.forger(self.match), self.forger(self.receipt)
        runs = self.forger(self.env["citta.receipt.run"])
        self.assertRefused({
            "match": lambda: match.write({"amount": 1}),
            "match deleted": match.unlink,
            "match copied": match.copy,
            "match made": lambda: match.create({"rule_id": self.rule.id, "donation_id": self.gift.id, "amount": 1}),
            "receipt": lambda: receipt.write({"state": "voided"}),
            "receipt of another run": lambda: runs.create({"year": 2026, "receipt_ids": [Command.link(receipt.id)]}),
            "receipt deleted": receipt.unlink,
            "receipt copied": receipt.copy,
            "payment on it": lambda: receipt.line_ids.write({"is_void": True}),
            "rule": lambda: self.forger(self.rule).write({"ceiling_pot": 1000000}),
            "result of a check": lambda: self.forger(self.env["citta.fund.check"]).create({"name": "x", "code": "x", "is_ok": True}),
            "posting rule": lambda: self.forger(self.fund.posting_rule_ids).write({"kind": "tied"}),
        })

    def test_nothing_is_born_with_facts(self):
        gifts, pledges = self.forger(self.env["citta.donation"]), self.forger(self.env["citta.pledge"])
        gift, promise = {"fund_id": self.fund.id, "amount": 5, "means": "cash"}, {"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 5}
        entry = self.match.move_id.id
        facts = {"move_id": entry, "statement_line_id": self.waiting.id, "refund_move_id": entry, "date_undone": "2026-03-01",
                 "date_accepted": "2026-03-01", "state": "posted", "is_traceable": True}
        self.assertRefused({name: lambda name=name: gifts.create({**gift, name: facts[name]}) for name in facts}, NOT_BY_HAND)
        born = self.forger(gifts, **{f"default_{name}": value for name, value in facts.items()}).create(gift)
        self.assertEqual((born.state, born.move_id.id, born.is_traceable, born.statement_line_id.id), ("draft", False, False, False))
        self.assertRefused({name: lambda name=name: born.write({name: facts[name]}) for name in facts}, NOT_BY_HAND)
        facts = {"is_cancelled": True, "instalments": 9, "state": "received", "amount_received": 5, "date_stopped": "2026-03-01"}
        self.assertRefused({name: lambda name=name: pledges.create({**promise, name: facts[name]}) for name in facts}, NOT_BY_HAND)
        born = self.forger(pledges, **{f"default_{name}": value for name, value in facts.items()}).create(promise)
        self.assertEqual((born.state, born.instalments, born.amount_received, born.date_stopped), ("open", 1, 0, False))

    def test_runs_and_lists_begin_at_the_beginning(self):
        runs, sheets = self.forger(self.env["citta.receipt.run"]), self.forger(self.env["citta.donation.sheet"])
        self.assertRefused({"place": lambda: runs.create({"year": 2026, "place": 7})}, NOT_BY_HAND)
        self.assertEqual(self.forger(runs, default_place=7, default_total=3, default_state="done").create({"year": 2026}).read(["place", "total", "state"])[0]["place"], 0)
        sheet = {"name": "x", "fund_id": self.fund.id, "fund_line_id": self.labs.id, "statement_line_id": self.waiting.id}
        self.assertEqual(self.forger(sheets, default_state="posted").create(sheet).state, "draft")

    def test_nobody_queues_a_line_for_another(self):
        for user in self.forgers():
            line = self.forger(self.waiting, user)
            self.assertRefused({f"{user.login} queued": lambda line=line: line.write({"citta_queued_by_id": self.treasurer.id})}, NOT_BY_HAND)
            born = self.forger(line, user, default_citta_queued_by_id=self.treasurer.id).create({"journal_id": self.bank.id, "amount": 3, "payment_ref": "x"})
            self.assertFalse(born.citta_queued_by_id)

    def test_keys_do_not_stop_what_follows_a_gift(self):
        """A key that postpones matches and receipts is no way to go without them."""
        line = self.forger(self.bank_line(50, partner_id=self.district.id), citta_complete_later=True)
        line.action_citta_post_gift()
        self.assertEqual(line.citta_donation_ids.amount_matched, 50)
