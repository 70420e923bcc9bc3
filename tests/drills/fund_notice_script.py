"""Notices of a payment provider, as it sends them: again and again, in any order, to any worker."""

from fund_books import clear, get_fund, look, make_donors, make_fund, make_provider, put_away
from werkzeug.test import Client
from worker import in_one_request

from odoo import http

CODE, PRESSES = "drill-notic", 10
MONITORED = "__payment_monitored_tx_id__"


def run(environment, number, verb, *words):
    return {
        "prepare": prepare, "pay": pay, "notify": notify, "poll": poll, "mark": mark, "job": job, "count": count, "clean": clean,
    }[verb](environment, *words)


def prepare(environment):
    """A fund with a provider of online payments."""
    env = environment()
    with env.cr:
        make_provider(env, make_fund(env, CODE))


def pay(environment):
    """A pledge whose payment waits for its provider's notice; the payment's id."""
    env = environment()
    with env.cr:
        fund, provider = get_fund(env, CODE), env["payment.provider"].search([("name", "=", CODE)])
        pledge = env["citta.pledge"].create({"fund_id": fund.id, "partner_id": make_donors(env, 1).id, "amount": 50, "wants_receipt": True})
        return env["payment.transaction"].create({
            "provider_id": provider.id, "payment_method_id": env.ref("payment.payment_method_unknown").id, "amount": 50,
            "currency_id": pledge.currency_id.id, "partner_id": pledge.partner_id.id, "reference": f"DRILL-{pledge.reference}",
            "operation": "online_direct", "citta_pledge_id": pledge.id, "landing_route": "/fondo",
        }).id


def notify(environment, payment_id, *order):
    """The notices in this order, each a request of its own, and what the donor's browser does after each."""
    return [in_one_request(environment, notice, int(payment_id), state) for state in order]


def notice(env, payment_id, state):
    payment = env["payment.transaction"].browse(payment_id)
    move = {"pending": payment._set_pending, "done": payment._set_done, "cancel": payment._set_canceled, "error": payment._set_error}[state]
    move(state_message="drill")
    payment._post_process()
    env.flush_all()
    return payment.state


def mark(environment, payment_id):
    """The notice alone has come; nobody has made anything of it yet."""
    env = environment()
    with env.cr:
        env["payment.transaction"].browse(int(payment_id))._set_done()


def job(environment):
    """The scheduled job that finishes payments."""
    return in_one_request(environment, lambda env: env["payment.transaction"]._cron_post_process())


def poll(environment, payment_id):
    """Ask over HTTP how the payment stands, as the page of the donor's browser does; what the server answers."""
    env = environment()
    with env.cr:
        database = env.cr.dbname
    session = http.root.session_store.new()
    session.update({**http.get_default_session(), "db": database, MONITORED: int(payment_id)})
    http.root.session_store.save(session)
    browser = Client(http.root)
    browser.set_cookie("session_id", session.sid)
    answers = []
    for _poll in range(PRESSES):
        answer = browser.post("/payment/status/poll", json={"jsonrpc": "2.0", "method": "call", "params": {}})
        answers.append((answer.status_code, answer.json.get("result", {}).get("state") or str(answer.json.get("error", {}).get("data", {}).get("message"))))
    return answers


def count(environment, payment_id):
    """What was made of a payment, and what the standing checks find wrong."""
    env = environment()
    with env.cr:
        gifts = env["citta.donation"].search([("payment_transaction_id", "=", int(payment_id))])
        receipts = gifts.receipt_line_ids.receipt_id
        return {
            "gifts": gifts.mapped("amount"), "states": gifts.mapped("state"), "receipts": len(receipts), "broken": look(env, CODE)["broken"],
            "entries": env["account.move"].search_count([("ref", "in", gifts.mapped("name"))]),
            "mails": env["mail.mail"].search_count([("model", "=", "citta.receipt"), ("res_id", "in", receipts.ids)]),
        }


def clean(environment):
    """Take the gifts back and the provider away."""
    env = environment()
    with env.cr:
        clear(env, CODE)
        put_away(env, CODE)
