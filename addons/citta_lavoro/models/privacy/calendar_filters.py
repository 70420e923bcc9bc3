from odoo import models


class CalendarFilters(models.Model):
    """Whose calendar is shown beside the own one. Any colleague may make one, and would learn by its number whose contact or login it is."""

    _name = "calendar.filters"
    _inherit = ["citta.reach.mixin", "calendar.filters"]
