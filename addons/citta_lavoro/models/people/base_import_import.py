import hashlib

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from .intake_import_mixin import UNREADABLE


class BaseImportImport(models.TransientModel):
    """Odoo's import screen, for first contacts: the whole file at once, forgiving to ragged rows, and the result told."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Run the import; for first contacts as one piece, and with the report shown.

        A test run answers with the report's sentence, the import itself sends it to the user's screen.
        """
        if not self._is_intake():
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        # A list cut into portions could be left half imported
        options.pop("limit", None)
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
        elif summary:
            self.env.user._bus_send("simple_notification", {
                "type": "info", "title": self.env._("List imported"), "message": summary, "sticky": True,
            })
        return result

    def _read_file(self, options):
        """Fill short rows of a list of first contacts up; a row that is too long has slipped, and stops the file."""
        if not self._is_intake():
            return super()._read_file(options)
        if not self.file:
            raise ImportValidationError(self.env._("The file is empty."))
        length, rows = super()._read_file(options)
        if not rows:
            raise ImportValidationError(self.env._("The file is empty."))
        width = len(rows[0])
        for number, row in enumerate(rows, 1):
            if any(row[width:]):
                raise ImportValidationError(self.env._(
                    "Row %(row)s has more cells than the header: a separator stands inside a text. Nothing was imported.", row=number
                ))
        return length, [[*row[:width], *[""] * (width - len(row))] for row in rows]

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """A date of a first contact that cannot be read makes its row doubtful; it does not stop the file."""
        if not self._is_intake():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for line in data:
            try:
                super()._parse_date_from_data([line], index, name, field_type, options)
            except ImportValidationError:
                line[index] = f"{UNREADABLE}{line[index]}"
        return None
