from odoo import models


class Partner(models.Model):
    """A person is found again by phone and e-mail: both are looked up when a first contact arrives."""

    _name = "res.partner"
    _inherit = ["citta.phone.key.mixin", "res.partner"]

    _citta_email_idx = models.Index("(email_normalized) WHERE citta_is_person IS TRUE")
