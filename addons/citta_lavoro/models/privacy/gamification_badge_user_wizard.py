from odoo import models


class GamificationBadgeUserWizard(models.TransientModel):
    """Who is to get a badge. Any colleague may make one, and would learn by its number whose contact or login it is."""

    _name = "gamification.badge.user.wizard"
    _inherit = ["citta.reach.mixin", "gamification.badge.user.wizard"]
