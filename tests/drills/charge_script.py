"""The scheduled job of saved cards, from several workers at once, against a provider that notes every charge it is sent."""

import time
from unittest.mock import patch

import psycopg2
from fund_books import clear, get_fund, look, make_donors, make_fund, make_provider, put_away

from odoo import fields
from odoo.tools import SQL

CODE, PLEDGES = "drill-charge", 5


def run(environment, number, verb):
    return {"prepare": prepare, "charge": charge, "count": count, "clean": clean}[verb](environment)


def prepare(environment):
    """Monthly pledges whose month is due, each with a saved card; the provider's notes are a table of its own."""
    env = environment()
    with env.cr:
        fund, donor = make_fund(env, CODE), make_donors(env, 1)
        provider = make_provider(env, fund)
        pledges = env["citta.pledge"].create([{
            "fund_id": fund.id, "partner_id": donor.id, "amount": 20, "recurrence": "monthly", "wants_receipt": False,
            "date": fields.Date.subtract(fields.Date.today(), months=1),
        } for _pledge in range(PLEDGES)])
        for pledge in pledges:
            pledge.payment_token_id = env["payment.token"].create({
                "provider_id": provider.id, "payment_method_id": env.ref("payment.payment_method_unknown").id, "partner_id": donor.id,
                "payment_details": "1234", "provider_ref": "drill",
            })
        env.cr.execute(SQL("CREATE TABLE IF NOT EXISTS drill_charge (reference varchar)"))
        env.cr.execute(SQL("DELETE FROM drill_charge"))


def send(transaction):
    """What a provider does that answers at once: money has moved, whatever becomes of our transaction."""
    with transaction.env.registry.cursor() as cr:
        cr.execute(SQL("INSERT INTO drill_charge VALUES (%s)", transaction.reference))
    transaction.provider_reference = f"drill-{transaction.reference}"
    transaction._set_done()


def charge(environment):
    """The job, again where another worker was faster, until nothing is due."""
    for _try in range(20):
        env = environment()
        try:
            with env.cr, patch.object(env.registry["payment.transaction"], "_send_payment_request", send):
                env["citta.pledge"]._cron_charge()
            return "done"
        except (psycopg2.errors.SerializationFailure, psycopg2.errors.UniqueViolation):
            time.sleep(0.2)
    return "gave up"


def count(environment):
    """What the provider was sent, and what stands in the books."""
    env = environment()
    with env.cr:
        pledges = env["citta.pledge"].search([("fund_id", "=", get_fund(env, CODE).id)])
        sent = env.execute_query(SQL("SELECT count(*), count(DISTINCT reference) FROM drill_charge"))[0]
        stands = look(env, CODE)
        return {
            "sent": list(sent), "gifts": len(pledges.donation_ids), "months": pledges.mapped("instalments"),
            "received": stands["received"], "broken": stands["broken"],
        }


def clean(environment):
    """Take every gift back; books and numbers stay, as they must."""
    env = environment()
    with env.cr:
        env["citta.pledge"].search([("fund_id", "=", get_fund(env, CODE).id)])._stop()
        clear(env, CODE)
        put_away(env, CODE)
        env.cr.execute(SQL("DROP TABLE IF EXISTS drill_charge"))
