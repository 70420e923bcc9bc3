import hashlib

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from .intake_import_mixin import UNREADABLE

SEPARATORS = (";", ",", "\t", "|")
DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d")


class BaseImportImport(models.TransientModel):
    """Odoo's import screen, for first contacts: forgiving to ragged rows, and the result told at the end."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Run the import; for first contacts with the report shown, and going on where a long list was cut off.

        A test run answers with the report's sentence, the import itself sends it to the user's screen.
        """
        if not self._is_intake():
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        intake = self.with_context(
            citta_import_name=self.file_name or self.env._("Imported list"),
            citta_import_digest=hashlib.sha256(self.file or b"").hexdigest(),
            citta_import_first_row=options.get("skip", 0) + (2 if options.get("has_headers") else 1),
        )
        result = super(BaseImportImport, intake).execute_import(fields, columns, options, dryrun=dryrun)
        return self._tell_intake_report(result, dryrun)

    def _is_intake(self):
        """Whether a list of first contacts is imported: the screen was opened from their pipeline."""
        team = self.env.ref("citta_lavoro.crm_team_intake", raise_if_not_found=False)
        return bool(team) and self.res_model == "crm.lead" and self.env.context.get("default_team_id") == team.id

    def _tell_intake_report(self, result, dryrun):
        summary = result.pop("citta_import_summary", False)
        if summary and dryrun:
            result["messages"] = [{"type": "info", "message": summary, "not_matching_error": True}]
        elif summary and not result["nextrow"]:
            self.env.user._bus_send("simple_notification", {
                "type": "info", "title": self.env._("List imported"), "message": summary, "sticky": True,
            })
        return result

    def _read_file(self, options):
        """Read lists of contacts as offices keep them: the header tells the separator, short rows are filled up.

        The preview does not know the pipeline yet, so this holds for every list of leads. A row that is too long has
        slipped: it stops a list of first contacts.
        """
        if self.res_model != "crm.lead" or not self.file:
            return self._read_empty() if self._is_intake() else super()._read_file(options)
        options["separator"] = options.get("separator") or self._guess_separator()
        length, rows = super()._read_file(options)
        width = len(rows[0])
        for number, row in enumerate(rows, 1):
            if self._is_intake() and any(row[width:]):
                raise ImportValidationError(self.env._(
                    "Row %(row)s has more cells than the header: a separator stands inside a text. Nothing was imported.", row=number
                ))
        return length, [[*row, *[""] * (width - len(row))] for row in rows]

    def _read_empty(self):
        raise ImportValidationError(self.env._("The file is empty."))

    def _guess_separator(self):
        """The separator that stands most often in the first line; rows need not be of one length."""
        header = self.file.split(b"\n", 1)[0]
        best = max(SEPARATORS, key=lambda one: header.count(one.encode()))
        return best if header.count(best.encode()) else ""

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """A date of a first contact may be written in any Italian way; if it cannot be read, its row becomes doubtful."""
        if not self._is_intake():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for line in data:
            self._parse_one_date(line, index, name, field_type, options)
        return None

    def _parse_one_date(self, line, index, name, field_type, options):
        for date_format in filter(None, (options.get("date_format"), *DATE_FORMATS)):
            try:
                return super()._parse_date_from_data([line], index, name, field_type, {**options, "date_format": date_format})
            except ImportValidationError:
                continue
        line[index] = f"{UNREADABLE}{line[index]}"
        return None
