import random
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import FundCommon
from .test_fund_payment_transaction import OnlineMixin

STEPS = 34
WEIGHTS = {"do_give": 5, "do_pay_online": 4, "do_build": 4, "do_give_back": 3, "do_post_cash_late": 1, "do_lose_code": 1, "do_undo_payout": 1, "do_undo_debt": 1}
COUNTED, SUMMED = (f"odoo.addons.citta_fund.models.{name}.SETTLED" for name in ("fund_count", "fund_summary"))
STANDING = ("posted", "receipted")


@tagged("post_install", "-at_install")
class TestWalk(OnlineMixin, FundCommon, AccountPaymentCommon):
    """Any deeds of the treasurer, of donors, sponsors and the provider, in any order: after each of them every invariant holds.

    What is refused changes nothing. The seeds are fixed, so that a failure comes again.
    """

    def setUp(self):
        super().setUp()
        # whatever is old enough to be counted and summed is so
        self.startPatcher(patch(COUNTED, -60))
        self.startPatcher(patch(SUMMED, -60))
        expense = self.env["account.account"].create({"name": "Invented fees", "code": "699901", "account_type": "expense", "company_ids": self.company.ids})
        self.fund.fee_account_id = expense
        self.rule.write({"donor_ids": False, "ceiling_pot": 700, "ceiling_donor": 400})
        other = self.env["res.partner"].create({"name": "Invented sponsor", "is_company": True})
        self.rules = self.rule | self.rule.copy({"sponsor_id": other.id, "factor": 0.5, "ceiling_gift": 30, "ceiling_pot": 900, "ceiling_donor": 0})
        self.donors = [self.citizen, self.district, self.env["res.partner"].create({"name": "Invented twin", "citta_fiscal_code": "BNCMRT75M41F205U"})]
        self.paid, self.payouts, self.transactions = {}, [], self.env["payment.transaction"].sudo()

    # -- what there is -------------------------------------------------------

    def gifts(self, *states):
        """Gifts in one of these states, as the treasurer sees them."""
        return self.env["citta.donation"].with_user(self.treasurer).search([("fund_id", "=", self.fund.id), ("state", "in", states)], order="id")

    def pick(self, records):
        """One of them; no record where there is none."""
        return self.rng.choice(records) if records else records

    def cents(self, most=200):
        """An amount."""
        return self.rng.randrange(1, most * 100) / 100

    def line(self, amount, **vals):
        """A movement of the bank, as the treasurer sees it."""
        return self.bank_line(amount, **{"date": fields.Date.today(), **vals}).with_user(self.treasurer).with_company(self.company)

    # -- deeds ---------------------------------------------------------------

    def do_give(self):
        """Some transfers, posted in one go."""
        lines = self.env["account.bank.statement.line"].concat(*(
            self.line(self.cents(), date=fields.Date.today() - timedelta(days=self.rng.randrange(60))) for _line in range(self.rng.choice((1, 1, 3)))
        ))
        self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_lines(
            lines, [{"partner_id": self.rng.choice(self.donors).id, "wants_receipt": self.rng.random() < 0.5} for _line in lines],
        )

    def do_pay_online(self):
        """A gift by the provider."""
        pledge = self.pledge(self.cents(), self.rng.choice(self.donors), wants_receipt=self.rng.random() < 0.5)
        self.transactions |= self.pay(pledge)
        self.confirm(self.transactions[-1])

    def do_bring_cash(self):
        """A draft in cash, with another day, then posted."""
        gift = self.env["citta.donation"].with_user(self.treasurer).create({
            "fund_id": self.fund.id, "partner_id": self.rng.choice(self.donors).id, "amount": self.cents(), "means": "cash",
        })
        if self.rng.random() < 0.5:
            gift.date_received = fields.Date.today() - timedelta(days=self.rng.randrange(90))
        if self.rng.random() < 0.8:
            gift.action_post()

    def do_post_cash_late(self):
        """A draft that lay about."""
        self.pick(self.gifts("draft")).action_post()

    def do_refund(self):
        """The treasurer gives a gift back."""
        self.pick(self.gifts(*STANDING)).action_refund()

    def do_undo_refund(self):
        """A refund was a mistake."""
        self.pick(self.gifts("refunded")).action_undo_refund()

    def do_undo(self):
        """A recording was a mistake."""
        self.pick(self.gifts(*STANDING)).action_undo()

    def do_give_back(self):
        """The provider returns all or a part, and says so twice."""
        if source := self.pick(self.transactions):
            standing = self.gifts_of(source).filtered(lambda gift: gift.state in STANDING)
            whole = standing.amount or source.amount
            amount = whole if self.rng.random() < 0.4 else max(round(whole * self.rng.random(), 2), 0.01)
            back = source._create_child_transaction(amount, is_refund=True)
            for _notice in range(2):
                self.confirm(back)

    def do_bounce(self):
        """A transfer goes back by the bank."""
        if gift := self.pick(self.gifts(*STANDING, "refunded").filtered("statement_line_id")):
            line = self.line(-gift.amount, partner_name=gift.partner_id.name, payment_ref=gift.pledge_id.reference or "storno")
            line.action_citta_post_return()

    def do_pay_debt(self):
        """A sponsor pays what it owes, or a part, or too much."""
        rule = self.rng.choice(self.rules)
        amount = round(rule.owed * self.rng.choice((1, 0.3, 0.7, 1.1)), 2)
        if amount > 0:
            line = self.line(amount, partner_id=rule.sponsor_id.id)
            line.action_citta_post_debt()
            self.paid[line] = (rule, amount)

    def do_undo_debt(self):
        """A sponsor's payment was taken for one by mistake."""
        if self.paid:
            line = self.rng.choice(list(self.paid))
            line.action_citta_undo()
            del self.paid[line]

    def do_pay_out(self):
        """The provider transfers what waits, less its fee."""
        waiting = self.env["account.bank.statement.line"]._citta_get_waiting(self.provider)
        total = sum(waiting.mapped("amount_residual"))
        if total > 1:
            line = self.line(round(total - self.rng.choice((0, 0.35)), 2), payment_ref="payout")
            line.action_citta_post_payout()
            self.payouts.append(line)

    def do_undo_payout(self):
        """A payout is looked at anew."""
        if self.payouts:
            self.payouts.pop().action_undo_reconciliation()

    def do_void(self):
        """A paper is voided, or made out anew."""
        if receipt := self.gifts("receipted").receipt_id[-1:]:
            (receipt._reissue if self.rng.random() < 0.5 else receipt._void)("wrong")

    def do_run(self):
        """The papers of the year."""
        run = self.env["citta.receipt.run"].with_user(self.treasurer).create({"company_id": self.company.id, "year": fields.Date.today().year, "only_wanted": False})
        run.action_queue()
        run.sudo()._step()

    def do_lose_code(self):
        """A fiscal code turns out wrong, or comes back."""
        donor = self.donors[2]
        donor.citta_fiscal_code = False if donor.citta_fiscal_code else "BNCMRT75M41F205U"

    def do_build(self):
        """The night's sums and numbers."""
        self.env["citta.fund.summary"]._build(self.fund)
        self.env["citta.fund.count"]._build(self.fund)

    # -- what must hold ------------------------------------------------------

    def assert_all_hold(self, deed):
        """Every invariant; what is shown is what stands; sponsors owe what they were asked less what they paid; nothing is lost at the provider's."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(deed, row.code, row.findings) for row in rows if not row.is_ok])
        standing, figures = self.gifts(*STANDING), self.figures()
        self.assertEqual(figures["received"], round(sum(standing.mapped("amount")), 2), deed)
        self.assertEqual(figures["matched"], round(sum(self.rules.mapped("matched")), 2), deed)
        self.assertEqual(sum(self.env["citta.fund.count"]._read(self.fund).values()), len(standing), deed)
        for rule in self.rules:
            paid = sum(amount for one, amount in self.paid.values() if one == rule)
            self.assertEqual(round(rule.owed, 2), round(rule.matched - paid, 2), (deed, rule.sponsor_id.name))

    def walk(self, seed, steps=STEPS):
        """So many deeds, the frequent ones more often."""
        self.rng = random.Random(seed)
        deeds = sorted(name for name in dir(self) if name.startswith("do_"))
        weights = [WEIGHTS.get(name, 2) for name in deeds]
        told = []
        for name in self.rng.choices(deeds, weights, k=steps):
            told.append(name)
            try:
                with self.env.cr.savepoint():
                    getattr(self, name)()
            except UserError as refusal:
                told[-1] = f"{name}: {refusal}"
                self.env.invalidate_all()
            self.assert_all_hold(told)

    def test_walk_1(self):
        self.walk(1)

    def test_walk_2(self):
        self.walk(2)
