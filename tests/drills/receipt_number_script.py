"""Several workers who issue receipts of one year at once, some of which are taken back in the middle."""

import random

from fund_books import bank_lines, clear, get_fund, look, make_donors, make_fund
from psycopg2 import OperationalError
from worker import in_one_request

from odoo.exceptions import UserError

CODE, GIFTS = "drill-recei", 40


class TakenBack(Exception):
    """Something went wrong after the number was taken."""


def run(environment, number, verb, processes=0):
    if verb == "issue":
        return issue(environment, int(number), int(processes))
    return {"prepare": prepare, "count": count, "clean": clean}[verb](environment)


def prepare(environment):
    """Gifts of several donors in the books, none with a receipt yet."""
    env = environment()
    with env.cr:
        fund, donors = make_fund(env, CODE), make_donors(env, 4)
        lines = env["account.bank.statement.line"].create([
            {"journal_id": fund.bank_journal_id.id, "amount": 10, "payment_ref": f"drill {place}", "partner_id": donors[place % 4].id} for place in range(GIFTS)
        ])
        lines._citta_post()._complete()


def issue(environment, number, processes):
    """Issue this worker's share one by one; a third of the attempts is taken back after the number was taken, and made again.

    :return: how many attempts were taken back, or given up because others were at it
    """
    chance, back = random.Random(number), 0
    for place in range(number, GIFTS, processes):
        while True:
            try:
                in_one_request(environment, issue_one, place, chance.random() < 0.34)
                break
            except (TakenBack, OperationalError):
                back += 1
    return back


def issue_one(env, place, fails):
    gift = bank_lines(env, get_fund(env, CODE))[place].citta_donation_ids
    try:
        receipt = gift._issue_receipt()
        env.flush_all()
    except UserError as error:
        return str(error)
    if fails:
        raise TakenBack
    return receipt.number


def count(environment):
    """What stands in the database."""
    env = environment()
    with env.cr:
        found = look(env, CODE)
        receipts = env["citta.receipt"].search([("company_id", "=", get_fund(env, CODE).company_id.id)])
        years = {receipt.year for receipt in receipts}
        every = {year: sorted(receipts.filtered(lambda one, year=year: one.year == year).mapped("number")) for year in years}
        return {**found, "gaps": [year for year, numbers in every.items() if numbers != list(range(1, len(numbers) + 1))]}


def clean(environment):
    """Take every gift back."""
    env = environment()
    with env.cr:
        clear(env, CODE, take_back=False)
