"""Treasurers who post gifts at the same moment, all matched from one pot that is too small for them."""

from psycopg2 import OperationalError
from worker import in_one_request

from odoo import Command
from odoo.exceptions import UserError

CODE, POT, GIFT, LINES = "drill-pot", 40000, 300.25, 50


def run(environment, number, verb, processes=0):
    return {"prepare": prepare, "post": post, "count": count, "clean": clean}[verb](environment, int(number), int(processes))


def prepare(environment, number, processes):
    """A fund of its own with its bank journal, a sponsor's small pot, and bank lines for every process."""
    env = environment()
    with env.cr:
        company = env.ref("base.main_company")
        bank = env["account.journal"].create({"name": "Drill", "code": "DRILL", "type": "bank", "company_id": company.id})
        sponsor, donor = env["res.partner"].create([
            {"name": "Drill sponsor (demo)"}, {"name": "Drill donor (demo)", "citta_fiscal_code": "RSSMRA80A01F205X"},
        ])
        fund = env["citta.fund"].create({
            "name": "Drill", "code": CODE, "company_id": company.id, "bank_journal_id": bank.id,
            "line_ids": [Command.create({"name": "Drill", "code": "drill"})],
        })
        env["citta.match.rule"].create({"name": "Drill", "fund_id": fund.id, "sponsor_id": sponsor.id, "ceiling_pot": POT})
        env["account.bank.statement.line"].create([
            {"journal_id": bank.id, "amount": GIFT, "payment_ref": f"{process}/{line}", "partner_id": donor.id}
            for process in range(processes) for line in range(LINES)
        ])


def post(environment, number, processes):
    """Post this process's lines one after the other, each in a transaction of its own; the cents matched of each."""
    return [pressed(environment, f"{number}/{line}") for line in range(LINES)]


def pressed(environment, reference):
    """A treasurer whose request was given up after Odoo's own tries presses again."""
    for _press in range(5):
        try:
            return in_one_request(environment, post_one, reference)
        except (OperationalError, UserError):
            continue
    return in_one_request(environment, post_one, reference)


def post_one(env, reference):
    line = env["account.bank.statement.line"].search([("journal_id.code", "=", "DRILL"), ("payment_ref", "=", reference)])
    gift = env["citta.donation"]._post_from_statement_line(line, vals={"wants_receipt": True})
    env.flush_all()
    return round(gift.amount_matched * 100), gift.receipt_id.number


def count(environment, number, processes):
    """What stands in the database at the end."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        figures = fund._get_figures()[fund.id]
        broken = env["citta.fund.check"]._run(fund.company_id).filtered(lambda row: not row.is_ok)
        return {
            "received": round(figures["received"] * 100),
            "matched": round(figures["matched"] * 100),
            "claimed": round(fund.match_rule_ids._claim_used("pot") * 100),
            "broken": broken.mapped("findings"),
        }


def clean(environment, number, processes):
    """Take every gift back; books and numbers stay, as they must."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        env["citta.donation"].search([("fund_id", "=", fund.id), ("state", "in", ("posted", "receipted"))]).action_undo()
        fund.write({"code": f"{CODE}-{fund.id}", "active": False})
        fund.bank_journal_id.write({"code": f"D{fund.id}", "active": False})
