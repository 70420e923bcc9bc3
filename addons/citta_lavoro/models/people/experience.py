from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("paid", "Paid work"),
    ("unpaid", "Unpaid or informal work"),
    ("care", "Care of others"),
    ("volunteer", "Volunteering"),
    ("training", "Training"),
]


class Experience(models.Model):
    """Something a person did and learned from: paid, unpaid, care, volunteering or training."""

    _name = "citta.experience"
    _description = "Experience"
    _inherit = ["citta.pathway.item"]
    _order = "pathway_id, date_from desc, id desc"

    name = fields.Char("What", required=True, size=200)
    kind = fields.Selection(KINDS, required=True, default="paid")
    organisation = fields.Char("For whom", size=200)
    place = fields.Char(size=100)
    date_from = fields.Date("From")
    date_to = fields.Date("To", help="Empty: it still goes on, or is not known.")
    description = fields.Text("In a few words")
    classification_id = fields.Many2one(
        "citta.classification", "Occupation", domain="[('scheme', 'in', ('cp2021', 'isco08', 'esco'))]", ondelete="restrict",
        index="btree_not_null",
    )
    filled_by = fields.Selection(
        [("operator", "The operator"), ("person", "The person")], "Entered by", required=True, readonly=True, default="operator"
    )
    on_cv = fields.Boolean("On the CV", default=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)", "An experience cannot end before it begins."
    )

    @api.constrains("classification_id")
    def _check_classification(self):
        self.classification_id._check_scheme(("cp2021", "isco08", "esco"))

    @api.model_create_multi
    def create(self, vals_list):
        """Who entered it is a fact of the door through which it came."""
        return super().create(vals_list if self.env.su else [{**vals, "filled_by": "operator"} for vals in vals_list])

    def write(self, vals):
        """:raise UserError: who entered it, or whose it is, would change"""
        if not self.env.su and {"filled_by", "pathway_id"} & vals.keys():
            raise UserError(self.env._("Whose experience it is and who entered it are not changed."))
        return super().write(vals)
