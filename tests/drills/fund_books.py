"""Books of a drill: a fund of its own with its own bank journal, so that drills do not meet in the same figures."""

from odoo import Command


def make_fund(env, code):
    """A fund with one initiative and a bank journal.

    :param str code: letters and hyphens; the journal is named after it, too
    """
    company = env.ref("base.main_company")
    bank = env["account.journal"].create({"name": code, "code": code[-5:].upper(), "type": "bank", "company_id": company.id})
    return env["citta.fund"].create({
        "name": code, "code": code, "company_id": company.id, "bank_journal_id": bank.id,
        "line_ids": [Command.create({"name": "Drill", "code": "drill"})],
    })


def get_fund(env, code):
    """The fund of a drill."""
    return env["citta.fund"].search([("code", "=", code)])


def make_donors(env, count):
    """So many bodies that may have receipts."""
    return env["res.partner"].create([
        {"name": f"Drill donor {place} (demo)", "is_company": True, "vat": "IT99999990031"} for place in range(count)
    ])


def make_provider(env, fund):
    """A provider of online payments, whose money comes to the fund's bank journal."""
    provider = env["payment.provider"].create({"name": fund.code, "code": "none", "state": "test", "company_id": fund.company_id.id})
    method = env["account.payment.method"].search([("code", "=", "manual"), ("payment_type", "=", "inbound")], limit=1)
    line = env["account.payment.method.line"].create({"name": fund.code, "journal_id": fund.bank_journal_id.id, "payment_method_id": method.id})
    line.payment_provider_id = provider
    return provider


def put_away(env, code):
    """Take the provider of a drill out of use."""
    env["payment.provider"].search([("name", "=", code)]).write({"state": "disabled", "name": "Drill"})


def bank_lines(env, fund):
    """The lines of the fund's bank journal, the oldest first."""
    return env["account.bank.statement.line"].search([("journal_id", "=", fund.bank_journal_id.id)], order="date, id")


def look(env, code):
    """What stands in the books at the end, and what the standing checks find wrong."""
    fund = get_fund(env, code)
    gifts, figures = env["citta.donation"].search([("fund_id", "=", fund.id)], order="id"), fund._get_figures()[fund.id]
    broken = env["citta.fund.check"]._run(fund.company_id).filtered(lambda row: not row.is_ok)
    return {
        "gifts": len(gifts), "received": round(figures["received"] * 100), "matched": round(figures["matched"] * 100),
        "claimed": round(sum(rule._claim_used("pot") for rule in fund.match_rule_ids) * 100),
        "numbers": sorted(gifts.receipt_line_ids.receipt_id.mapped("number")), "receipted": len(gifts.filtered(lambda gift: gift.state == "receipted")),
        "lines": len(bank_lines(env, fund)), "broken": broken.mapped("findings"),
    }


def clear(env, code, take_back=True):
    """Put the fund of a drill away, its gifts taken back; books and numbers stay, as they must."""
    fund = get_fund(env, code)
    if fund and take_back:
        env["citta.donation"].search([("fund_id", "=", fund.id), ("state", "in", ("posted", "receipted"))]).action_undo()
    if fund:
        fund.write({"code": f"{code}-{fund.id}", "active": False})
        fund.bank_journal_id.write({"code": f"D{fund.id}", "active": False})


def is_gapless(numbers):
    """Whether they follow each other, each once."""
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
