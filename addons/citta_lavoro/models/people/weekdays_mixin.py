from odoo import fields, models

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WeekdaysMixin(models.AbstractModel):
    """Days of the week to tick in a dialogue; the five of work at first."""

    _name = "citta.weekdays.mixin"
    _description = "Weekdays mixin"

    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()

    def _get_weekdays(self):
        """The ticked ones.

        :return: set of numbers, Monday 0
        """
        return {number for number, name in enumerate(WEEKDAYS) if self[name]}
