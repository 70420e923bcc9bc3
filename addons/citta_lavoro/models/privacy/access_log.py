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

    _record_idx = models.Index("(res_model, res_id)")

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
