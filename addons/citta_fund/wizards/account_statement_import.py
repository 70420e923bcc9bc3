import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools import camt, cbi


class AccountStatementImport(models.TransientModel):
    """The import of statements, all of a file or nothing of it, and nothing twice."""

    _inherit = "account.statement.import"

    # not in the file store: two who upload the same file in one moment would collide there
    statement_file = fields.Binary(attachment=False)
    citta_format_id = fields.Many2one("citta.statement.format", "Format of a CSV file", help="For CSV files only: which column is what.")
    citta_accept_balances = fields.Boolean(
        "Import although the balances do not add up", help="Only after a look at the paper statement: something may be missing."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What is too large is refused before it is stored or decoded: base64 takes four characters for three bytes."""
        for vals in vals_list:
            if len(vals.get("statement_file") or "") > camt.MAX_BYTES * 4 / 3:
                self._citta_refuse(camt.StatementFault("large"))
        return super().create(vals_list)

    def _import_file(self):
        """Import the uploaded file.

        :raise UserError: what was sent is no file
        """
        try:
            return super()._import_file()
        except binascii.Error as error:
            self._citta_refuse(camt.StatementFault("damaged", where=str(error)))

    def import_single_file(self, file_data, result):
        """Import one file.

        :raise UserError: nothing in it is new, or it holds nothing; the message says which
        """
        super().import_single_file(file_data, result)
        if not result["statement_ids"]:
            raise UserError(self.env._(
                "Nothing was changed: all movements of this file are in the books already, or it holds no booked movement."
            ))

    def _parse_file(self, data_file):
        """Statements in XML, alone or in an archive, and in the interbank standard are read strictly; all other formats as before.

        :raise UserError: with what is wrong in the file
        """
        if not data_file:
            self._citta_refuse(camt.StatementFault("damaged", where=self.env._("it is empty")))
        try:
            return self._citta_parse(data_file)
        except cbi.CbiFault as fault:
            raise UserError(self.env._("%(fault)s\nNothing was imported.", fault=self._citta_explain_cbi(fault))) from fault
        except camt.StatementFault as fault:
            self._citta_refuse(fault)

    def _create_bank_statements(self, stmts_vals, result):
        """Refuse a statement of a fund's account that contradicts itself; elsewhere say so. One file of an account at a time."""
        for journal_id in sorted({vals["journal_id"] for vals in stmts_vals}):
            # who imports the same account in this moment is run again, and then knows what is there already
            self.env.company._claim(f"import-{journal_id}")
        for vals in stmts_vals:
            if fault := vals.pop("citta_contradiction", None):
                self._citta_warn(vals, self._citta_explain(camt.StatementFault("balance", **fault)), result)
        return super()._create_bank_statements(stmts_vals, result)

    def _citta_warn(self, vals, message, result):
        keys = [line["unique_import_id"] for line in vals["transactions"]]
        known = self.env["account.bank.statement.line"].search_count([("unique_import_id", "in", keys)])
        is_fund = self.env["account.journal"].browse(vals["journal_id"]).citta_fund_ids
        if known < len(keys) and is_fund and not self.citta_accept_balances:
            raise UserError(self.env._("%(fault)s\nNothing was imported.", fault=message))
        result["notifications"].append(message)

    @api.model
    def _citta_refuse(self, fault):
        raise UserError(self.env._("%(fault)s\nNothing was imported.", fault=self._citta_explain(fault))) from fault

    def _citta_parse(self, data):
        if cbi.looks_like_cbi(data):
            return [self._citta_prepare_cbi(statement) for statement in cbi.statements(data)]
        if self.citta_format_id and not camt.looks_like_xml(data):
            return [self._citta_parse_table(data)]
        if parts := camt.members(data):
            return [statement for part in parts for statement in self._citta_parse_xml(part)]
        if camt.looks_like_xml(data):
            return self._citta_parse_xml(data)
        return self._citta_parse_other(data)

    def _citta_parse_other(self, data):
        """A file in a format that another module may read.

        :raise StatementFault: none can
        """
        try:
            return super()._parse_file(data)
        except UserError as error:
            raise camt.StatementFault("unknown", text=str(error)) from error

    def _citta_parse_table(self, data):
        """One statement of the format's journal; a table of a bank knows no balances."""
        layout = self.citta_format_id
        rows = layout._read(data)
        keys = camt.number_repeats([row.pop("key") for row in rows])
        lines = [{**row, "amount": float(row["amount"]), "unique_import_id": key} for row, key in zip(rows, keys, strict=True)]
        currency = (layout.journal_id.currency_id or layout.company_id.currency_id).name
        days = sorted(row["date"] for row in rows) or [""]
        statement = {"name": f"{layout.name} {days[-1]}", "date": days[-1], "transactions": lines}
        return currency, layout.journal_id.bank_account_id.sanitized_acc_number, [statement]

    def _citta_prepare_cbi(self, statement):
        """One statement of the interbank standard as the import wants it: (currency, account, [statement])."""
        keys = camt.number_repeats([move["key"] for move in statement["movements"]])
        lines = [
            {**move, "amount": float(move["amount"]), "unique_import_id": key}
            for move, key in zip(statement["movements"], keys, strict=True) if move.pop("key")
        ]
        return statement["currency"], statement["account"], [{
            "name": f"{statement['name'] or 'CBI'} {statement['date']}", "date": statement["date"], "balance_start": float(statement["opening"]),
            "balance_end_real": float(statement["closing"]), "transactions": lines, "citta_contradiction": cbi.contradiction(statement),
        }]

    def _citta_parse_xml(self, data):
        """One (currency, account, [statement]) for each account of the file."""
        root = camt.read_root(data)
        if not camt.is_camt(root):
            raise camt.StatementFault("format")
        namespace = root.tag[1:root.tag.index("}")]
        found = [self._citta_parse_statement(namespace, node) for node in camt.statements(root)]
        return [(statement.pop("currency", None), statement.pop("account_number", None), [statement]) for statement in found]

    def _citta_parse_statement(self, namespace, node):
        try:
            return self.env["account.statement.import.camt.parser"].with_context(citta_strict=True).parse_statement(namespace, node)
        except camt.StatementFault:
            raise
        except (TypeError, ValueError, AttributeError, LookupError) as error:
            # the reader that we build on takes what the standard demands for granted
            raise camt.StatementFault("damaged", where=str(error)) from error

    def _citta_explain(self, fault):
        """The message for a fault, in the user's language."""
        details = {
            key: format_amount(self.env, float(value), self.env.company.currency_id) if key in ("opening", "moved", "closing") else value
            for key, value in fault.details.items()
        }
        messages = {
            "large": self.env._("The file is too large: at most %(most)s MB. Ask the bank for a shorter span of days.", most=camt.MAX_BYTES // 10**6),
            "many": self.env._("The file holds more than %(most)s movements. Ask the bank for a shorter span of days.", most=camt.MAX_ENTRIES),
            "doctype": self.env._("The file declares a document type or entities: statements of banks never do. It was not read."),
            "damaged": self.env._("The file is damaged or cut off: %(where)s\nDownload it from the bank again.", where=details.get("where")),
            "archive": self.env._("The archive holds no statement in XML: unpack it and choose the statement itself."),
            "unknown": self.env._(
                "This is no statement that can be read: ask the bank for camt.053 (XML), or for CSV and choose the format of a CSV file.\n%(text)s",
                text=details.get("text"),
            ),
            "format": self.env._("The file is XML, but no statement of a bank (camt.052, 053 or 054). Ask the bank for one of these."),
            "amount": self.env._("An amount in the file is no number: “%(text)s”. Download the file from the bank again.", text=details.get("text")),
            "sign": self.env._("The amount %(text)s does not say whether it came in or went out. Download the file from the bank again.", text=details.get("text")),
            "date": self.env._("A movement in the file has no date, or a wrong one: “%(text)s”. Download the file from the bank again.", text=details.get("text")),
            "currency": self.env._("The file mixes currencies: %(currencies)s. Ask the bank for a statement of each account.", currencies=details.get("currencies")),
            "balance": self.env._(
                "The file contradicts itself: opening balance %(opening)s and movements %(moved)s do not make the closing balance %(closing)s."
                " Something may be missing: download it again, or tick the box after a look at the paper statement.",
                opening=details.get("opening"), moved=details.get("moved"), closing=details.get("closing"),
            ),
        }
        return messages[fault.code]

    def _citta_explain_cbi(self, fault):
        """The message for a fault in a file of the interbank standard: the record, what is wrong, what to do."""
        details = {"record": 0, "text": "", "kind": "", "before": "", "length": 0, "said": 0, "found": 0, **fault.details}
        again = self.env._("Download the file again and import it as it comes, without opening it in another programme.")
        ask = self.env._("Ask the bank for a right file.")
        messages = {
            "large": (self.env._("The file is too large."), self.env._("Download shorter periods.")),
            "encoding": (self.env._("Record %(record)s holds characters that no bank writes.", **details), again),
            "length": (self.env._("Record %(record)s is %(length)s characters long instead of 120.", **details), again),
            "kind": (self.env._("Record %(record)s is of the unknown kind “%(kind)s”.", **details), again),
            "periodic": (
                self.env._("Record %(record)s begins a periodic statement (EC), which repeats the movements of the daily ones.", **details),
                self.env._("Import the daily files (RH)."),
            ),
            "order": (self.env._("Record %(record)s (%(kind)s) cannot stand after “%(before)s”: something between them is missing.", **details), again),
            "cut": (self.env._("The file ends with record %(record)s, without its foot (EF): it is cut off.", **details), again),
            "foot": (self.env._("The foot in record %(record)s belongs to another head.", **details), again),
            "statements": (self.env._("The foot in record %(record)s counts %(said)s statements, but there are %(found)s.", **details), again),
            "records": (self.env._("The foot in record %(record)s counts %(said)s records, but there are %(found)s.", **details), again),
            "number": (self.env._("Record %(record)s has the number of another statement or movement.", **details), again),
            "digits": (self.env._("Record %(record)s: “%(text)s” is no number.", **details), ask),
            "amount": (self.env._("Record %(record)s: “%(text)s” is no amount (twelve digits, comma, two digits).", **details), ask),
            "sign": (self.env._("Record %(record)s: the sign is “%(text)s” instead of C or D.", **details), ask),
            "date": (self.env._("Record %(record)s: “%(text)s” is no date (ddmmyy).", **details), ask),
            "currency": (self.env._("Record %(record)s: the balances are in different currencies (%(text)s).", **details), ask),
            "account": (self.env._("Record %(record)s: “%(text)s” are no whole bank coordinates of an account.", **details), ask),
        }
        return "\n".join(messages[fault.code])
