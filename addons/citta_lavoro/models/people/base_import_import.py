import hashlib

from odoo import models


class BaseImportImport(models.TransientModel):
    """Odoo's import screen, for first contacts: the file's name for the report, the whole file at once, and the result told."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Run the import; for first contacts as one piece, and with the report shown.

        A test run answers with the report's sentence, the import itself sends it to the user's screen.
        """
        team = self.env.ref("citta_lavoro.crm_team_intake", raise_if_not_found=False)
        if self.res_model != "crm.lead" or not team or self.env.context.get("default_team_id") != team.id:
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        # A list cut into portions could be left half imported
        options.pop("limit", None)
        intake = self.with_context(
            citta_import_name=self.file_name,
            citta_import_digest=hashlib.sha256(self.file or b"").hexdigest(),
            citta_import_first_row=options.get("skip", 0) + (2 if options.get("has_headers") else 1),
        )
        result = super(BaseImportImport, intake).execute_import(fields, columns, options, dryrun=dryrun)
        return self._tell_intake_report(result, dryrun)

    def _tell_intake_report(self, result, dryrun):
        summary = result.pop("citta_import_summary", False)
        if summary and dryrun:
            result["messages"] = [{"type": "info", "message": summary, "not_matching_error": True}]
        elif summary:
            self.env.user._bus_send("simple_notification", {
                "type": "info", "title": self.env._("List imported"), "message": summary, "sticky": True,
            })
        return result
