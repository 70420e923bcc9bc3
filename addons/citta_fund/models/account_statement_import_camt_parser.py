from decimal import Decimal

from odoo import models

from ..tools import camt


class AccountStatementImportCamtParser(models.AbstractModel):
    """The OCA reader of camt files, made strict and repeatable: booked entries only, and a key for each.

    Only where ``citta_strict`` is in the context, as the import sets it.
    """

    _inherit = "account.statement.import.camt.parser"

    def parse_statement(self, ns, node):
        """One account's statement.

        :raise StatementFault: the file cannot be understood
        """
        if not self.env.context.get("citta_strict"):
            return super().parse_statement(ns, node)
        (opening, closing), contradiction = camt.balances(node), camt.contradiction(node)
        statement = super().parse_statement(ns, node)
        keys = [line.pop("citta_key") for line in statement["transactions"]]
        for line, key in zip(statement["transactions"], camt.number_repeats(keys), strict=True):
            line["unique_import_id"] = key
        for name, value in (("balance_start", opening), ("balance_end_real", closing)):
            if value is None:
                statement.pop(name)
        return {**statement, "citta_contradiction": contradiction}

    def parse_entry(self, ns, node):
        """The lines of one entry, which together make its amount, each with what the payer wrote and a key of its own."""
        lines = list(super().parse_entry(ns, node))
        if self.env.context.get("citta_strict"):
            lines = self._citta_complete_lines(lines, node)
        yield from lines

    def _citta_complete_lines(self, lines, entry):
        details, total = entry.findall("{*}NtryDtls/{*}TxDtls"), camt.signed_amount(entry)
        if sum(Decimal(str(line["amount"])) for line in lines) != total:
            # Details in another currency or without amounts of their own: the account moved by the entry's amount.
            lines, details = [{**lines[0], "amount": float(total)}], details if len(details) == 1 else []
        return [self._citta_complete(line, entry, details[place] if details else None) for place, line in enumerate(lines)]

    def _citta_complete(self, line, entry, details):
        parts = [camt.remittance(one) for one in (details, entry) if one is not None]
        text = next((part for part in parts if part), "") or line.get("partner_name") or "/"
        date = camt.entry_date(entry)
        said = "|".join([text, line.get("partner_name") or "", line.get("account_number") or "", line.get("ref") or ""])
        key = f"{date}|{line['amount']:.2f}|{camt.entry_key(entry, details, said)}"
        return {**line, "date": date, "payment_ref": text, "citta_key": key}
