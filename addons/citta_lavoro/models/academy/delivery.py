from odoo import api, fields, models
from odoo.exceptions import UserError


class Delivery(models.Model):
    """A service given in a lab or course: the presence makes it, changes it and takes it back."""

    _inherit = "citta.delivery"

    attendance_id = fields.Many2one("citta.attendance", "Presence", readonly=True, copy=False, index="btree_not_null", ondelete="cascade")
    session_id = fields.Many2one(related="attendance_id.session_id", string="Lab or course", help="It follows the presence that was taken there.")

    _attendance_uniq = models.UniqueIndex("(attendance_id) WHERE attendance_id IS NOT NULL", "This presence is counted already.")

    @api.model_create_multi
    def create(self, vals_list):
        """A presence is counted by itself, also where a client says it as a default."""
        return super(Delivery, self._citta_only_defaults(self._fields.keys() - {"attendance_id"})).create(vals_list).with_env(self.env)

    def write(self, vals):
        """:raise UserError: it follows a presence"""
        self._check_no_presence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_from_presence(self):
        self._check_no_presence()

    def _check_no_presence(self):
        # sudo: whether there is a presence is asked before anything else is told
        if not self.env.su and any(self.sudo().mapped("attendance_id")):
            raise UserError(self.env._("This service comes from a presence in a lab or course: correct the presence, the service follows."))

    @api.model
    def _check_by_hand(self, vals):
        super()._check_by_hand(vals)
        if not self.env.su and vals.get("attendance_id"):
            raise UserError(self.env._("A presence in a lab or course is counted by itself."))
