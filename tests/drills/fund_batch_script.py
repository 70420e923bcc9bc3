"""Treasurers who press the button for all certain lines of one statement at the same moment, with a pot that is too small for them."""

from worker import in_one_request

from odoo import Command

CODE, LINES, GIFT, POT = "drill-batch", 40, 10, 130


def run(environment, number, verb):
    return {"prepare": prepare, "press": press, "count": count, "clean": clean}[verb](environment)


def prepare(environment):
    """A fund with its statement, a pledge and a receipt wanted for each line, and a sponsor."""
    env = environment()
    with env.cr:
        company = env.ref("base.main_company")
        bank = env["account.journal"].create({"name": "Drill", "code": "DRBA", "type": "bank", "company_id": company.id})
        fund = env["citta.fund"].create({
            "name": "Drill", "code": CODE, "company_id": company.id, "bank_journal_id": bank.id,
            "line_ids": [Command.create({"name": "Drill", "code": "drill"})],
        })
        sponsor, donor = env["res.partner"].create([
            {"name": "Drill sponsor (demo)"}, {"name": "Drill donor (demo)", "citta_fiscal_code": "RSSMRA80A01F205X"},
        ])
        env["citta.match.rule"].create({"name": "Drill", "fund_id": fund.id, "sponsor_id": sponsor.id, "ceiling_pot": POT})
        pledges = env["citta.pledge"].create([
            {"fund_id": fund.id, "partner_id": donor.id, "amount": GIFT, "wants_receipt": True} for _line in range(LINES)
        ])
        env["account.bank.statement.line"].create([{"journal_id": bank.id, "amount": GIFT, "payment_ref": one.reference} for one in pledges])


def press(environment):
    """One press of the button; how many gifts it posted."""
    return in_one_request(environment, post_certain)


def post_certain(env):
    lines = env["account.bank.statement.line"].search([("journal_id.code", "=", "DRBA"), ("is_reconciled", "=", False)], order="date, id")
    gifts, _later = lines._citta_post_or_queue()
    env.flush_all()
    return len(gifts)


def count(environment):
    """What stands in the database at the end."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        gifts = env["citta.donation"].search([("fund_id", "=", fund.id)], order="id")
        broken = env["citta.fund.check"]._run(fund.company_id).filtered(lambda row: not row.is_ok)
        return {
            "gifts": len(gifts), "received": fund._get_figures()[fund.id]["received"], "claimed": fund.match_rule_ids._claim_used("pot"),
            "matched": gifts.mapped("amount_matched"), "receipts": len(gifts.receipt_id), "broken": broken.mapped("findings"),
        }


def clean(environment):
    """Take every gift back; books and numbers stay, as they must."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        env["citta.donation"].search([("fund_id", "=", fund.id), ("state", "in", ("posted", "receipted"))]).action_undo()
        fund.write({"code": f"{CODE}-{fund.id}", "active": False})
        fund.bank_journal_id.write({"code": f"B{fund.id}", "active": False})
