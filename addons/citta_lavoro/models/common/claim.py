from odoo import fields, models


class Claim(models.Model):
    """One scarce thing: how much of it exists and how much is taken.

    A row of its own for every counted thing (places of a lab, a pot, a number range), because the row of the
    thing itself is hot: any other edit of it would collide with the claim. It is a guard, not a figure to
    show: what is displayed is counted from the facts, and the two are compared by standing checks.
    """

    _name = "citta.claim"
    _description = "Claim on a scarce thing"
    _rec_name = "kind"
    _log_access = False

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    used = fields.Float(digits=(16, 2), required=True, default=0, readonly=True)
    capacity = fields.Float(digits=(16, 2), readonly=True, help="Empty: no ceiling.")

    _within_capacity = models.Constraint(
        "CHECK (used >= 0 AND (capacity IS NULL OR used <= capacity))",
        "More would be taken than there is.",
    )
    _thing_uniq = models.UniqueIndex(
        "(res_model, res_id, kind)", "This thing is counted already."
    )
