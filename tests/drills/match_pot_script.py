"""Gifts and a sponsor's pot that is too small for them: two hundred from several treasurers at once, and a batch of one."""

from datetime import date, timedelta

from fund_books import bank_lines, clear, get_fund, look, make_donors, make_fund
from psycopg2 import OperationalError
from worker import in_one_request

from odoo.exceptions import UserError

CODE, GIFT = "drill-pot", 300.25
FIRST = date(2026, 1, 1)


def run(environment, number, verb, *figures):
    if verb == "post":
        gifts, processes = map(int, figures)
        return [pressed(environment, place) for place in range(int(number), gifts, processes)]
    return {"prepare": prepare, "batch": batch, "order": order, "count": count, "clean": clean}[verb](environment, *map(int, figures))


def prepare(environment, gifts, pot):
    """A fund, a sponsor's small pot, and a certain bank line for each pledge; the last line is the oldest payment."""
    env = environment()
    with env.cr:
        fund = make_fund(env, CODE)
        sponsor, donor = env["res.partner"].create({"name": "Drill sponsor (demo)"}), make_donors(env, 1)
        env["citta.match.rule"].create({"name": "Drill", "fund_id": fund.id, "sponsor_id": sponsor.id, "ceiling_pot": pot})
        pledges = env["citta.pledge"].create([
            {"fund_id": fund.id, "partner_id": donor.id, "amount": GIFT, "wants_receipt": True} for _gift in range(gifts)
        ])
        env["account.bank.statement.line"].create([
            {"journal_id": fund.bank_journal_id.id, "amount": GIFT, "payment_ref": pledge.reference, "date": FIRST + timedelta(days=(gifts - place) // 2)}
            for place, pledge in enumerate(pledges)
        ])


def pressed(environment, place):
    """A treasurer whose request was given up after Odoo's own tries presses again."""
    for _press in range(5):
        try:
            return in_one_request(environment, post_one, place)
        except (OperationalError, UserError):
            continue
    return in_one_request(environment, post_one, place)


def post_one(env, place):
    """Post one line; the cents matched of it, and the number of its receipt."""
    line = bank_lines(env, get_fund(env, CODE))[place]
    pledge = env["citta.pledge"].search([("reference", "=", line.payment_ref)])
    gift = env["citta.donation"]._post_from_statement_line(line, pledge=pledge)
    env.flush_all()
    return round(gift.amount_matched * 100), gift.receipt_id.number


def batch(environment):
    """Press “Post all certain ones”, then work the queue off as the scheduled job does."""
    in_one_request(environment, lambda env: bool(env["account.bank.statement.line"].action_citta_post_certain()))
    while in_one_request(environment, lambda env: env["account.bank.statement.line"]._citta_work_queue()):
        pass


def order(environment):
    """The cents matched of each gift, in the order of payment."""
    env = environment()
    with env.cr:
        return [round(line.citta_donation_ids.amount_matched * 100) for line in bank_lines(env, get_fund(env, CODE))]


def count(environment):
    """What stands in the database at the end."""
    env = environment()
    with env.cr:
        return look(env, CODE)


def clean(environment):
    """Put the fund away; its gifts stay, as so many are long to take back."""
    env = environment()
    with env.cr:
        clear(env, CODE, take_back=False)
