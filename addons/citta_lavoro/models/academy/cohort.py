from odoo import models


class Cohort(models.Model):
    """An edition goes to labs and courses together."""

    _inherit = "citta.cohort"

    def action_enrol(self):
        """Enrol all whose pathway is open in one lab or course.

        :return: the wizard's window action
        """
        return self._for_all("citta_lavoro.enrolment_bulk_action")
