"""Statements of a bank account: the same twice and at once, overlapping ones, and one of fifty megabytes."""

import base64
import resource

from fund_books import bank_lines, clear, get_fund, look, make_donors, make_fund
from worker import in_one_request

from odoo.exceptions import UserError

from odoo.addons.citta_fund.tools import camt

CODE, LARGE = "drill-state", 50_000_000
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>D</MsgId><CreDtTm>2026-11-02T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>DRILL</Id><CreDtTm>2026-11-02T08:00:00</CreDtTm><Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{opening}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-02</Dt></Dt></Bal>"""
ENTRY = """<Ntry><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-02</Dt></BookgDt>
<AcctSvcrRef>DRILL{number}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
FOOT = "</Stmt></BkToCstmrStmt></Document>"


def statement(account, first, last, texts=None):
    """Entries of ten euro each, from one number to another, with the balances before and after."""
    entries = "".join(ENTRY.format(number=number, text=(texts or {}).get(number, f"gift {number}")) for number in range(first, last + 1))
    return (HEAD.format(account=account, opening=10 * (first - 1), closing=10 * last) + entries + FOOT).encode()


def run(environment, number, verb, *words):
    return {"prepare": prepare, "load": load, "post": post, "large": large, "count": count, "clean": clean}[verb](environment, *words)


def prepare(environment):
    """A fund with the account of these statements."""
    env = environment()
    with env.cr:
        fund = make_fund(env, CODE)
        fund.bank_journal_id.bank_account_id = env["res.partner.bank"].create({"acc_number": f"DRILL{fund.id}", "partner_id": fund.company_id.partner_id.id})
        env["citta.pledge"].create([
            {"fund_id": fund.id, "partner_id": donor.id, "amount": 10, "wants_receipt": False}
            for donor in make_donors(env, 9)
        ])


def load(environment, first, last):
    """Import a statement; what the treasurer is told."""
    return in_one_request(environment, load_file, int(first), int(last))


def load_file(env, first, last):
    fund = get_fund(env, CODE)
    pledges = env["citta.pledge"].search([("fund_id", "=", fund.id)], order="id")
    references = dict(enumerate(pledges.mapped("reference"), 1))
    try:
        upload(env, base64.b64encode(statement(f"DRILL{fund.id}", first, last, references)), "estratto.xml")
        env.flush_all()
    except UserError as error:
        return str(error)
    return "imported"


def upload(env, data, name):
    """Choose a file and press the button."""
    return env["account.statement.import"].create({"statement_file": data, "statement_filename": name}).import_file_button()


def post(environment):
    """Post what is certain; how much of it there was."""
    return in_one_request(environment, lambda env: bool(env["account.bank.statement.line"].action_citta_post_certain()))


def large(environment, kind):
    """Upload a file of fifty megabytes; what the treasurer is told, and by how many megabytes the process grew."""
    env = environment()
    with env.cr:
        data = base64.b64encode(make_large(kind, f"DRILL{get_fund(env, CODE).id}"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            upload(env, data, f"estratto.{kind}")
            told = "imported"
        except UserError as error:
            told = str(error)
        env.cr.rollback()
    return told, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024


def make_large(kind, account):
    size = len(ENTRY.format(number=10_000, text="gift 10000"))
    if kind in ("xml", "many"):
        return statement(account, 1, (LARGE if kind == "xml" else camt.MAX_BYTES * 9 // 10) // size)
    return b"Data;Importo;Descrizione\n" + b"02/11/2026;10,00;dono numero qualunque\n" * (LARGE // 39)


def count(environment):
    """What stands in the books."""
    env = environment()
    with env.cr:
        fund = get_fund(env, CODE)
        lines = bank_lines(env, fund)
        return {**look(env, CODE), "sum": round(sum(lines.mapped("amount")) * 100), "complete": sorted(lines.statement_id.mapped("is_complete"))}


def clean(environment):
    """Take gifts and lines back."""
    env = environment()
    with env.cr:
        clear(env, CODE)
