"""A bank's statement as its file says it (camt.053), of any number of transfers."""
from itertools import cycle

IBAN = "IT70K9999901600000000400050"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
BALANCE = '<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>'
    "<AcctSvcrRef>{key}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties>"
    "<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)


def statement(number, transfers, days):
    """The file of a statement.

    :param number: which of a run
    :param transfers: list of (amount, payer's name, text)
    :param days: the days on which they came, in turn
    :return: bytes
    """
    entries = "".join(
        ENTRY.format(amount=amount, day=day, key=f"BENCH{number}X{place}", name=name, text=text)
        for place, ((amount, name, text), day) in enumerate(zip(transfers, cycle(days), strict=False))
    )
    balances = BALANCE.format(code="OPBD", amount=0, day=days[0]) + BALANCE.format(code="CLBD", amount=sum(one[0] for one in transfers), day=days[-1])
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}"><BkToCstmrStmt><GrpHdr><MsgId>{number}</MsgId>'
        f"<CreDtTm>{days[-1]}T06:00:00</CreDtTm></GrpHdr><Stmt><Id>BENCH{number}</Id><CreDtTm>{days[-1]}T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
