"""Long work of the fund, done as the scheduled jobs do it: posting a batch of gifts, and the receipts of a year."""

from fund_books import bank_lines, clear, get_fund, look, make_donors, make_fund
from worker import in_one_request

from odoo import fields

CODE, GIFTS, STEP = "drill-kill", 24, 3


def run(environment, number, verb, aloud=""):
    verbs = {"prepare": prepare, "queue": queue, "start": start, "count": count, "clean": clean}
    works = {"post": post, "issue": issue}
    return steps(environment, works[verb], aloud) if verb in works else verbs[verb](environment)


def prepare(environment):
    """A fund with certain bank lines, a donor and a pledge for each, and a sponsor who doubles some of them."""
    env = environment()
    with env.cr:
        fund = make_fund(env, CODE)
        sponsor = env["res.partner"].create({"name": "Drill sponsor (demo)"})
        env["citta.match.rule"].create({"name": "Drill", "fund_id": fund.id, "sponsor_id": sponsor.id, "ceiling_pot": 10 * GIFTS - 95})
        pledges = env["citta.pledge"].create([
            {"fund_id": fund.id, "partner_id": donor.id, "amount": 10, "wants_receipt": False} for donor in make_donors(env, GIFTS)
        ])
        env["account.bank.statement.line"].create([
            {"journal_id": fund.bank_journal_id.id, "amount": 10, "payment_ref": pledge.reference} for pledge in pledges
        ])


def queue(environment):
    """Put every line into the queue, as the treasurer's button does with many."""
    env = environment()
    with env.cr:
        bank_lines(env, get_fund(env, CODE)).write({"citta_queued_by_id": env.uid})


def start(environment):
    """Ask for the receipts of the year."""
    env = environment()
    with env.cr:
        fund = get_fund(env, CODE)
        env["citta.donation"].search([("fund_id", "=", fund.id)]).write({"wants_receipt": True})
        run_ = env["citta.receipt.run"].create({"company_id": fund.company_id.id, "year": fields.Date.today().year, "send_mail": False})
        run_.action_queue()


def post(env):
    """A step of the queue of bank lines."""
    return env["account.bank.statement.line"]._citta_work_queue(size=STEP)


def issue(env):
    """A step of the receipts of a year."""
    run_ = env["citta.receipt.run"].search([("state", "=", "queued")], order="id", limit=1)
    return run_._step(size=STEP) if run_ else 0


def steps(environment, step, aloud):
    """Step after step until nothing is left, a transaction for each; how much was done.

    :param aloud: not empty: say each step, so that somebody knows when to strike
    """
    done = 0
    while count := in_one_request(environment, step):
        done += count
        if aloud:
            print(done, flush=True)
    return done


def count(environment):
    """What stands in the database."""
    env = environment()
    with env.cr:
        return {**look(env, CODE), "queued": env["account.bank.statement.line"].search_count([("citta_queued_by_id", "!=", False)])}


def clean(environment):
    """Take every gift back."""
    env = environment()
    with env.cr:
        env["citta.receipt.run"].search([("state", "=", "queued")])._workflow_move("stop")
        clear(env, CODE)
