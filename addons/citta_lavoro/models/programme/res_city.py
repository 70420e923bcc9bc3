import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCity(models.Model):
    """A municipality, with the two codes that Italian offices know it by."""

    _inherit = "res.city"

    citta_istat_code = fields.Char("ISTAT code", size=6, help="Six digits: province and municipality.")
    citta_belfiore_code = fields.Char("Belfiore code", size=4, help="Land registry code, part of the fiscal code.")
    citta_territory_id = fields.Many2one("citta.territory", "Territory", index="btree_not_null", ondelete="restrict")

    _citta_istat_uniq = models.UniqueIndex(
        "(citta_istat_code) WHERE citta_istat_code IS NOT NULL", "Another municipality has this ISTAT code."
    )
    _citta_belfiore_uniq = models.UniqueIndex(
        "(citta_belfiore_code) WHERE citta_belfiore_code IS NOT NULL", "Another municipality has this Belfiore code."
    )

    @api.constrains("citta_istat_code", "citta_belfiore_code")
    def _check_citta_codes(self):
        for city in self:
            if city.citta_istat_code and not re.fullmatch(r"\d{6}", city.citta_istat_code):
                raise ValidationError(self.env._("An ISTAT code has six digits, for instance 015175."))
            if city.citta_belfiore_code and not re.fullmatch(r"[A-M]\d{3}", city.citta_belfiore_code):
                raise ValidationError(self.env._("A Belfiore code is a letter and three digits, for instance G686."))
