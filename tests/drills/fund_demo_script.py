"""The standing checks of the fund on the books of the demo, as they are and after its first statement was worked off."""

import base64

from odoo.tools import file_open

STATEMENT = "citta_fund/demo/camt/estratto_demo_001_08.xml"


def run(environment, number):
    env = environment()
    with env.cr:
        untouched = look(env)
        import_and_post(env)
        worked_off = look(env)
        env.cr.rollback()
    return [untouched, worked_off]


def look(env):
    """What each check finds, and how much there was to look at."""
    funds = env["citta.fund"].with_context(active_test=False).search([])
    rows = env["citta.fund.check"]._run(funds.company_id.ensure_one())
    counts = {model: env[model].search_count([]) for model in ("citta.donation", "citta.match.entry", "citta.receipt")}
    return {"found": {row.code: row.findings for row in rows}, "matched": sum(funds.mapped("matched")), **counts}


def import_and_post(env):
    """What the treasurer does on the first morning."""
    with file_open(STATEMENT, "rb") as handle:
        content = base64.b64encode(handle.read())
    env["account.statement.import"].create({"statement_file": content, "statement_filename": "estratto.xml"}).import_file_button()
    env["account.bank.statement.line"].action_citta_post_certain()
