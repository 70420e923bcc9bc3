from odoo import fields, models
from odoo.exceptions import UserError


class DeliveryBulk(models.TransientModel):
    """The same service for many people at once."""

    _name = "citta.delivery.bulk"
    _description = "Services for many"
    _inherit = ["citta.chosen.mixin", "citta.reach.mixin"]

    pathway_ids = fields.Many2many("citta.pathway", string="Pathways", default=lambda self: self._default_chosen("citta.pathway"))
    date = fields.Date(required=True, default=fields.Date.context_today)
    type_id = fields.Many2one("citta.delivery.type", "Service", required=True, ondelete="cascade")
    quantity = fields.Float(required=True, default=1, digits=(6, 2))
    note = fields.Char()

    def action_confirm(self):
        """Enter one service for each pathway.

        :return: the services that were entered
        :raise UserError: nobody is chosen, or the same service is entered for one of them on that day
        """
        self.ensure_one()
        self._check_chosen(self.pathway_ids)
        self._check_not_there()
        deliveries = self.env["citta.delivery"].create([
            {"pathway_id": pathway.id, "date": self.date, "type_id": self.type_id.id, "quantity": self.quantity, "note": self.note}
            for pathway in self.pathway_ids
        ])
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.delivery_action")
        return {**action, "domain": [("id", "in", deliveries.ids)]}

    def _check_not_there(self):
        there = self.env["citta.delivery"].search([
            ("pathway_id", "in", self.pathway_ids.ids), ("date", "=", self.date), ("type_id", "=", self.type_id.id),
        ])
        if there:
            raise UserError(self.env._(
                "This service is entered for that day already: %(people)s.", people=", ".join(there.partner_id.mapped("name"))
            ))
