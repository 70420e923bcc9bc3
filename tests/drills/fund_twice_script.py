"""The same thing from several workers at once: a provider's notice, and a treasurer's button."""

from worker import in_one_request

from odoo import Command
from odoo.exceptions import UserError

CODE, NOTICES = "drill-twice", 10


def run(environment, number, verb):
    return {"prepare": prepare, "notify": notify, "post": post, "count": count, "clean": clean}[verb](environment)


def prepare(environment):
    """A fund with a bank line and an online payment, each for a pledge of its own."""
    env = environment()
    with env.cr:
        company = env.ref("base.main_company")
        bank = env["account.journal"].create({"name": "Drill", "code": "DRTW", "type": "bank", "company_id": company.id})
        fund = env["citta.fund"].create({
            "name": "Drill", "code": CODE, "company_id": company.id, "bank_journal_id": bank.id,
            "line_ids": [Command.create({"name": "Drill", "code": "drill"})],
        })
        donor = env["res.partner"].create({"name": "Drill donor (demo)", "citta_fiscal_code": "RSSMRA80A01F205X"})
        by_bank, online = env["citta.pledge"].create([
            {"fund_id": fund.id, "partner_id": donor.id, "amount": 50, "wants_receipt": True} for _pledge in range(2)
        ])
        env["account.bank.statement.line"].create({"journal_id": bank.id, "amount": 50, "payment_ref": by_bank.reference})
        make_payment(env, online, bank)


def make_payment(env, pledge, bank):
    """A payment that waits for its provider's notice."""
    provider = env["payment.provider"].create({"name": "Drill", "code": "none", "state": "test", "company_id": pledge.company_id.id})
    method = env["account.payment.method"].search([("code", "=", "manual"), ("payment_type", "=", "inbound")], limit=1)
    line = env["account.payment.method.line"].create({"name": "Drill", "journal_id": bank.id, "payment_method_id": method.id})
    line.payment_provider_id = provider
    env["payment.transaction"].create({
        "provider_id": provider.id, "payment_method_id": env.ref("payment.payment_method_unknown").id, "amount": 50,
        "currency_id": pledge.currency_id.id, "partner_id": pledge.partner_id.id, "reference": f"DRILL-{pledge.reference}",
        "operation": "online_direct", "citta_pledge_id": pledge.id,
    })


def notify(environment):
    """Ten notices of one payment, each a request of its own."""
    return [in_one_request(environment, notice) for _notice in range(NOTICES)]


def notice(env):
    transaction = env["payment.transaction"].search([("citta_pledge_id.fund_id.code", "=", CODE)])
    transaction._set_done()
    transaction._post_process()
    env.flush_all()
    return len(env["citta.donation"].search([("payment_transaction_id", "=", transaction.id)]))


def post(environment):
    """One press of the button on the waiting line; what the second one is told."""
    return in_one_request(environment, post_line)


def post_line(env):
    line = env["account.bank.statement.line"].search([("journal_id.code", "=", "DRTW")])
    try:
        line.action_citta_post_gift()
        env.flush_all()
    except UserError as error:
        return str(error)
    return "posted"


def count(environment):
    """What stands in the database at the end."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        gifts = env["citta.donation"].search([("fund_id", "=", fund.id)])
        broken = env["citta.fund.check"]._run(fund.company_id).filtered(lambda row: not row.is_ok)
        return {
            "gifts": len(gifts), "received": fund._get_figures()[fund.id]["received"], "receipts": len(gifts.receipt_line_ids),
            "broken": broken.mapped("findings"),
        }


def clean(environment):
    """Take every gift back; books and numbers stay, as they must."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        env["citta.donation"].search([("fund_id", "=", fund.id), ("state", "in", ("posted", "receipted"))]).action_undo()
        fund.write({"code": f"{CODE}-{fund.id}", "active": False})
        env["payment.provider"].search([("name", "=", "Drill")]).write({"state": "disabled"})
        fund.bank_journal_id.write({"code": f"T{fund.id}", "active": False})
