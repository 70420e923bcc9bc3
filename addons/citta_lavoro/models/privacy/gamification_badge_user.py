from odoo import models


class GamificationBadgeUser(models.Model):
    """Who has got a badge. Any colleague may make one, and would learn by its number whose contact or login it is."""

    _name = "gamification.badge.user"
    _inherit = ["citta.reach.mixin", "gamification.badge.user"]
