from odoo import api, models


class IrActionsActWindow(models.Model):
    """The buttons of a form that lead to what belongs to it."""

    _inherit = "ir.actions.act_window"

    @api.model
    def _citta_narrow(self, xml_id, domain, **context):
        """A window action of ours, narrowed to a few records.

        :param str xml_id: the action
        :param list domain: what it shows
        :param context: what new records begin with, instead of the action's own context
        :return: a window action
        """
        return {**self._for_xml_id(f"citta_lavoro.{xml_id}"), "domain": domain, "context": context}
