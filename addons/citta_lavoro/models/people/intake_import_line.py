from odoo import fields, models

OUTCOMES = [("taken", "Taken"), ("doubtful", "Taken, to check"), ("refused", "Refused")]


class IntakeImportLine(models.Model):
    """What became of one row of an imported list, and why. Holds no personal data: the row is found by its number."""

    _name = "citta.intake.import.line"
    _description = "Row of an imported list"
    _order = "import_id, row, id"
    _rec_name = "row"

    import_id = fields.Many2one("citta.intake.import", "Import", required=True, readonly=True, index=True, ondelete="cascade")
    row = fields.Integer("Row in the file", required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    reasons = fields.Text(readonly=True)
    lead_id = fields.Many2one("crm.lead", "First contact", readonly=True, index="btree_not_null", ondelete="set null")

    _row_uniq = models.UniqueIndex("(import_id, row)", "This row is being imported already.")
