from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import statement_csv

COLUMNS = ("date", "amount", "credit", "debit", "text", "name", "account", "key")


class StatementFormat(models.Model):
    """How one bank writes its CSV, saved once: which column is what. Several titles joined with + are put together."""

    _name = "citta.statement.format"
    _description = "Format of bank files"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company)
    journal_id = fields.Many2one("account.journal", "Bank journal", required=True, index=True, ondelete="cascade", domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]")
    delimiter = fields.Selection([(";", "Semicolon"), (",", "Comma"), ("\t", "Tab")], required=True, default=";")
    encoding = fields.Selection([("utf-8-sig", "UTF-8"), ("cp1252", "Windows"), ("utf-16", "UTF-16")], "Characters", required=True, default="utf-8-sig")
    decimal = fields.Selection([(",", "1.234,56"), (".", "1,234.56")], "Amounts", required=True, default=",")
    date_order = fields.Selection([("dmy", "31/12/2026"), ("ymd", "2026-12-31"), ("mdy", "12/31/2026")], "Dates", required=True, default="dmy")
    skip = fields.Integer("Lines above the titles", default=0)
    date = fields.Char("Column of the date", required=True, default="Data")
    amount = fields.Char("Column of the amount", default="Importo")
    credit = fields.Char("Column of what came in")
    debit = fields.Char("Column of what went out")
    text = fields.Char("Column of the text", default="Descrizione")
    payer = fields.Char("Column of the payer")
    account = fields.Char("Column of the payer's IBAN")
    key = fields.Char("Column of the bank's reference", help="What is the bank's own and never comes twice; empty: all that a line says.")

    _skip_positive = models.Constraint("CHECK (skip BETWEEN 0 AND 100)", "At most a hundred lines stand above the titles.")
    _company_journal = models.Index("(journal_id, company_id)")

    @api.constrains("journal_id", "company_id")
    def _check_journal(self):
        for layout in self:
            if layout.journal_id.company_id != layout.company_id or layout.journal_id.type != "bank":
                raise ValidationError(self.env._("The journal of a bank's files is a bank journal of the same company."))

    # -- business ------------------------------------------------------------

    def _get_layout(self):
        """The description as the reader wants it."""
        columns = {name: self[name] or "" for name in COLUMNS if name != "name"}
        return statement_csv.Layout(
            delimiter=self.delimiter, encoding=self.encoding, decimal=self.decimal, date_order=self.date_order, skip=self.skip,
            name=self.payer or "", **columns,
        )

    def _read(self, data):
        """The movements of a file.

        :param bytes data: the file
        :raise UserError: with the row and what is wrong in it
        """
        try:
            return statement_csv.movements(data, self._get_layout())
        except statement_csv.TableFault as fault:
            raise UserError(self.env._("%(fault)s\nNothing was imported.", fault=self._explain(fault))) from fault

    def _explain(self, fault):
        messages = {
            "large": self.env._("The file is too large: at most %(most)s MB. Ask for a shorter span of days.", most=statement_csv.MAX_BYTES // 10**6),
            "encoding": self.env._("The file is not written in %(text)s: choose other characters in the format, or save the file anew.", text=fault.text),
            "damaged": self.env._("The file is damaged or cut off: %(where)s", where=fault.text),
            "rows": self.env._("The file holds no table, or one of more than %(most)s rows: make several files of it.", most=statement_csv.MAX_ROWS),
            "layout": self.env._("The format names no column of the date, or none of the amount."),
            "column": self.env._("The file has no column “%(text)s”: compare its titles with the format.", text=fault.text),
            "short": self.env._("Row %(row)s has fewer columns than the titles: the file is cut off, or a sign between columns is missing.", row=fault.row),
            "date": self.env._("Row %(row)s: “%(text)s” is no date as the format says.", row=fault.row, text=fault.text),
            "amount": self.env._("Row %(row)s: “%(text)s” is no amount as the format says.", row=fault.row, text=fault.text),
        }
        return messages[fault.code]
