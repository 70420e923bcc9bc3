from odoo import api, fields, models

WEEKDAYS = [
    ("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday"), ("5", "Friday"), ("6", "Saturday"), ("7", "Sunday"),
]
PARTS = [("morning", "Morning"), ("afternoon", "Afternoon"), ("evening", "Evening")]


class TimeSlot(models.Model):
    """One part of one day of the week: what somebody is free in, and what work asks for. Twenty-one of them, fixed."""

    _name = "citta.time.slot"
    _description = "Part of the week"
    _order = "sequence, id"
    _rec_name = "weekday"

    sequence = fields.Integer(required=True)
    weekday = fields.Selection(WEEKDAYS, "Day", required=True)
    part = fields.Selection(PARTS, "Part of the day", required=True)

    _slot_uniq = models.UniqueIndex("(weekday, part)", "This part of the week is there already.")

    @api.depends("weekday", "part")
    @api.depends_context("lang")
    def _compute_display_name(self):
        days, parts = self._get_labels()
        for slot in self:
            slot.display_name = f"{days.get(slot.weekday, '')} {parts.get(slot.part, '').lower()}"

    @api.model
    def _get_labels(self):
        """Days and parts in the user's language.

        :return: (code → day, code → part), in their order
        """
        return tuple(dict(self._fields[name]._description_selection(self.env)) for name in ("weekday", "part"))
