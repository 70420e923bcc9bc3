from odoo import api, fields, models


class IseePast(models.Model):
    """An ISEE band that counted before: until when it was valid, who saw the paper, and when another took its place.

    Written by the facts alone when another band or term is entered, and never changed.
    """

    _name = "citta.isee.past"
    _description = "Earlier ISEE"
    _inherit = ["citta.pathway.item"]
    _order = "date_replaced desc, id desc"
    _rec_name = "band_id"

    profile_id = fields.Many2one("citta.person.profile", "Facts", required=True, readonly=True, index=True, ondelete="cascade")
    # precomputed: the scope is derived from it while the record is made, and checked at once
    pathway_id = fields.Many2one(related="profile_id.pathway_id", store=True, precompute=True)
    band_id = fields.Many2one("citta.isee.band", "ISEE band", required=True, readonly=True, index=True, ondelete="restrict")
    date_start = fields.Date("Entered on", readonly=True)
    date_end = fields.Date("Valid until", required=True, readonly=True)
    seen_by_id = fields.Many2one("res.users", "Paper seen by", readonly=True, index="btree_not_null", ondelete="restrict")
    seen_on = fields.Date("Paper seen on", readonly=True)
    date_replaced = fields.Date("Replaced on", required=True, readonly=True, default=fields.Date.context_today)

    _seen = models.Constraint("CHECK ((seen_by_id IS NULL) = (seen_on IS NULL))", "Who saw the paper and when stand together.")

    @api.model_create_multi
    def create(self, vals_list):
        """The pathway is the one of the facts."""
        return super().create([{name: vals[name] for name in vals if name != "pathway_id"} for vals in vals_list])
