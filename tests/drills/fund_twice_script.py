"""Two people at the same bank line or gift in the same moment."""

from fund_books import bank_lines, clear, get_fund, look, make_donors, make_fund
from worker import in_one_request

from odoo.exceptions import UserError

CODE = "drill-twice"


def run(environment, number, verb, *buttons):
    if verb == "press":
        return in_one_request(environment, press, buttons[int(number) % len(buttons)])
    return {"prepare": prepare, "count": count, "clean": clean}[verb](environment)


def prepare(environment):
    """A fund with one bank line for one pledge that wants a receipt, and a sponsor."""
    env = environment()
    with env.cr:
        fund, donor = make_fund(env, CODE), make_donors(env, 1)
        sponsor = env["res.partner"].create({"name": "Drill sponsor (demo)"})
        env["citta.match.rule"].create({"name": "Drill", "fund_id": fund.id, "sponsor_id": sponsor.id, "ceiling_pot": 1000})
        pledge = env["citta.pledge"].create({"fund_id": fund.id, "partner_id": donor.id, "amount": 50, "wants_receipt": True})
        env["account.bank.statement.line"].create({"journal_id": fund.bank_journal_id.id, "amount": 50, "payment_ref": pledge.reference})


def press(env, button):
    """One press of a button; what the person is told."""
    lines, sponsor = bank_lines(env, get_fund(env, CODE)), get_fund(env, CODE).match_rule_ids.sponsor_id
    line, paying = lines - lines.filtered(lambda one: one.partner_id == sponsor), lines.filtered(lambda one: one.partner_id == sponsor)
    gift = line.citta_donation_ids
    deeds = {
        "post": line.action_citta_post_gift, "certain": line.action_citta_post_certain, "refund": gift.action_refund, "undo": gift.action_undo,
        "void": lambda: gift.receipt_id._void("drill"), "reissue": lambda: gift.receipt_id._reissue("drill"),
        "bring": lambda: paying.create([{"journal_id": line.journal_id.id, "amount": 50, "payment_ref": "Drill", "partner_id": sponsor.id}] * 2),
        "pay first": paying[:1].action_citta_post_debt, "pay second": paying[1:].action_citta_post_debt,
    }
    try:
        deeds[button]()
        env.flush_all()
    except UserError as error:
        return str(error)
    return "done"


def count(environment):
    """What stands in the database."""
    env = environment()
    with env.cr:
        gifts = env["citta.donation"].search([("fund_id", "=", get_fund(env, CODE).id)])
        receipts, rule = gifts.receipt_line_ids.receipt_id, get_fund(env, CODE).match_rule_ids
        paying = bank_lines(env, get_fund(env, CODE)).filtered(lambda line: line.partner_id == rule.sponsor_id)
        return {
            **look(env, CODE), "states": sorted(gifts.mapped("state")), "valid": len(receipts.filtered(lambda one: one.state == "issued")),
            "refunds": len(gifts.refund_move_id), "owed": round(rule.owed * 100), "paid": paying.mapped("is_reconciled").count(True),
        }


def clean(environment):
    """Take every gift back."""
    env = environment()
    with env.cr:
        clear(env, CODE)
