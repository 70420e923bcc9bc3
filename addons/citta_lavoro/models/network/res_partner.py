from odoo import fields, models


class ResPartner(models.Model):
    """Which bodies may lawfully mediate jobs (D.Lgs 276/2003 art. 4–6), and under which authorisation."""

    _inherit = "res.partner"

    citta_is_entitled = fields.Boolean(
        "Entitled to job intermediation", help="Authorised or accredited under D.Lgs 276/2003, art. 4 to 6."
    )
    citta_entitled_reference = fields.Char(
        "Authorisation", help="Register and number of the authorisation or accreditation."
    )
    citta_member_ids = fields.One2many("citta.member", "partner_id", "Adhesions to the network")
