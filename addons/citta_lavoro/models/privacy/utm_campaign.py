from odoo import models


class UtmCampaign(models.Model):
    """Who answers for a campaign. Any colleague may make one, and would learn by its number whose contact or login it is."""

    _name = "utm.campaign"
    _inherit = ["citta.reach.mixin", "utm.campaign"]
