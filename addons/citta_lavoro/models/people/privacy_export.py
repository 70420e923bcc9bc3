from odoo import api, models


class PrivacyExport(models.AbstractModel):
    """Who reported a person is somebody else: the antenna is named, its reporter's own contact is not given out."""

    _inherit = "citta.privacy.export"

    @api.model
    def _get_hidden_fields(self):
        return super()._get_hidden_fields() | {"citta_reporter_name", "citta_reporter_contact", "citta_import_id", "token"}

    @api.model
    def _describe(self, record):
        """The free parts of the week are links and no column: they are told in words."""
        found = super()._describe(record)
        if record._name == "citta.person.profile" and record.availability_summary:
            found[record._fields["availability_summary"]._description_string(self.env)] = record.availability_summary
        return found
