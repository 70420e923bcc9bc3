"""Long work of the fund, done as the scheduled jobs do it: posting a batch of gifts, and the receipts of a year."""

from worker import in_one_request

from odoo import Command, fields

CODE, GIFTS, STEP = "drill-kill", 30, 3


def run(environment, number, verb):
    return {"prepare": prepare, "queue": queue, "post": post, "start": start, "issue": issue, "count": count, "clean": clean}[verb](environment)


def prepare(environment):
    """A fund with certain bank lines, a donor and a pledge for each."""
    env = environment()
    with env.cr:
        company = env.ref("base.main_company")
        bank = env["account.journal"].create({"name": "Drill", "code": "DRKI", "type": "bank", "company_id": company.id})
        fund = env["citta.fund"].create({
            "name": "Drill", "code": CODE, "company_id": company.id, "bank_journal_id": bank.id,
            "line_ids": [Command.create({"name": "Drill", "code": "drill"})],
        })
        donors = env["res.partner"].create([
            {"name": f"Drill donor {place} (demo)", "is_company": True, "vat": "IT99999990031"} for place in range(GIFTS)
        ])
        pledges = env["citta.pledge"].create([
            {"fund_id": fund.id, "partner_id": donor.id, "amount": 10, "wants_receipt": False} for donor in donors
        ])
        env["account.bank.statement.line"].create([
            {"journal_id": bank.id, "amount": 10, "payment_ref": pledge.reference} for pledge in pledges
        ])


def queue(environment):
    """Put every line into the queue, as the treasurer's button does with many."""
    env = environment()
    with env.cr:
        lines = env["account.bank.statement.line"].search([("journal_id.code", "=", "DRKI"), ("is_reconciled", "=", False)])
        lines.write({"citta_queued_by_id": env.uid})


def post(environment):
    """Work the queue off, a transaction for each step."""
    return steps(environment, lambda env: env["account.bank.statement.line"]._citta_work_queue(size=STEP))


def start(environment):
    """Ask for the receipts of the year."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        env["citta.donation"].search([("fund_id", "=", fund.id)]).write({"wants_receipt": True})
        run_ = env["citta.receipt.run"].create({"company_id": fund.company_id.id, "year": fields.Date.today().year, "send_mail": False})
        run_.action_queue()


def issue(environment):
    """Work the started runs off, a transaction for each step."""
    def step(env):
        run_ = env["citta.receipt.run"].search([("state", "=", "queued")], order="id", limit=1)
        return run_._step(size=STEP) if run_ else 0
    return steps(environment, step)


def steps(environment, function):
    """Step after step until nothing is left; how many there were."""
    done = 0
    while True:
        count = in_one_request(environment, function)
        if not count:
            return done
        done += count


def count(environment):
    """What stands in the database at the end."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        gifts = env["citta.donation"].search([("fund_id", "=", fund.id)])
        broken = env["citta.fund.check"]._run(fund.company_id).filtered(lambda row: not row.is_ok)
        numbers = sorted(gifts.receipt_line_ids.receipt_id.mapped("number"))
        return {
            "gifts": len(gifts), "received": fund._get_figures()[fund.id]["received"], "receipts": len(gifts.receipt_line_ids), "numbers": numbers,
            "queued": env["account.bank.statement.line"].search_count([("citta_queued_by_id", "!=", False)]), "broken": broken.mapped("findings"),
        }


def clean(environment):
    """Take every gift back; books and numbers stay, as they must."""
    env = environment()
    with env.cr:
        fund = env["citta.fund"].search([("code", "=", CODE)])
        env["citta.donation"].search([("fund_id", "=", fund.id), ("state", "in", ("posted", "receipted"))]).action_undo()
        fund.write({"code": f"{CODE}-{fund.id}", "active": False})
        fund.bank_journal_id.write({"code": f"K{fund.id}", "active": False})
