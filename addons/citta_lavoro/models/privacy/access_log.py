from odoo import api, fields, models


class AccessLog(models.Model):
    """Who read special data of whom, and when. Written by the models that hold such data, changed by nobody."""

    _name = "citta.access.log"
    _description = "Read log of special data"
    _order = "id desc"
    _rec_name = "res_model"

    user_id = fields.Many2one("res.users", "Read by", required=True, readonly=True, index=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True, readonly=True)
    field_names = fields.Char("Fields", readonly=True)
    operation = fields.Selection(
        [("read", "Read"), ("search", "Searched"), ("export", "Exported")], required=True, readonly=True, default="read"
    )

    # in words, for whoever reads the log; the columns above are for machines
    person_id = fields.Many2one("res.partner", "Person", compute="_compute_person_id", compute_sudo=False)
    what = fields.Char("What", compute="_compute_what", compute_sudo=False)

    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_person_id(self):
        """Whose data were read, shown to whoever may read the contact."""
        self.person_id = False
        for model, rows in self.grouped("res_model").items():
            if "partner_id" not in (self.env[model]._fields if model in self.env else ()):
                continue
            # sudo: the log's reader may not open the special data; only whose they are comes out
            records_sudo = self.env[model].sudo().browse(rows.mapped("res_id")).exists()
            records_sudo.fetch(["partner_id"])
            owners = {record.id: record.partner_id.id for record in records_sudo}
            shown = set(self.env["res.partner"].browse(filter(None, owners.values()))._filtered_access("read").ids)
            for row in rows:
                row.person_id = owners.get(row.res_id) in shown and owners[row.res_id]

    @api.depends("res_model", "field_names")
    @api.depends_context("lang")
    def _compute_what(self):
        for row in self:
            known = self.env[row.res_model]._fields if row.res_model in self.env else {}
            names = (row.field_names or "").split(", ")
            row.what = ", ".join(known[name]._description_string(self.env) if name in known else name for name in names)

    @api.model
    def _log(self, records, field_names, operation="read"):
        """Write one row per record read.

        :param records: what was read
        :param field_names: names of the fields
        :param operation: ``read``, ``search`` or ``export``
        :return: the rows, in the order of the records
        """
        # sudo: no group may write this log, only the code that serves the reading
        return self.sudo().create([
            {
                "user_id": self.env.uid,
                "res_model": records._name,
                "res_id": record_id,
                "field_names": ", ".join(sorted(field_names)),
                "operation": operation,
            }
            for record_id in records.ids
        ])
