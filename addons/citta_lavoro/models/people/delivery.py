from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class Delivery(models.Model):
    """One service given to a person, in its unit: from a meeting, or entered by hand, for one or for many."""

    _name = "citta.delivery"
    _description = "Service delivered"
    _inherit = ["citta.pathway.item"]
    _order = "date desc, id desc"
    _rec_name = "type_id"

    date = fields.Date(required=True, default=fields.Date.context_today)
    type_id = fields.Many2one(
        "citta.delivery.type", "Service", required=True, index=True, ondelete="restrict", default=lambda self: self._default_type_id()
    )
    unit = fields.Selection(related="type_id.unit", store=True)
    quantity = fields.Float(required=True, default=1, digits=(6, 2))
    user_id = fields.Many2one(
        "res.users", "Given by", required=True, default=lambda self: self.env.user, ondelete="restrict", index=True,
        domain="[('share', '=', False)]",
    )
    note = fields.Char(help="What was done, in a few words. Never health, justice or family matters.")
    event_id = fields.Many2one("calendar.event", "Meeting", readonly=True, index="btree_not_null", ondelete="set null")
    internship_id = fields.Many2one("citta.internship", "Internship", readonly=True, index="btree_not_null", ondelete="set null")

    _quantity_positive = models.Constraint("CHECK (quantity > 0 AND quantity < 10000)", "A service has a quantity, below 10,000.")
    _event_uniq = models.UniqueIndex("(event_id) WHERE event_id IS NOT NULL", "This meeting is counted already.")
    _internship_uniq = models.UniqueIndex("(internship_id) WHERE internship_id IS NOT NULL", "This internship is counted already.")
    _scope_idx = models.Index("(territory_id, body_id, date, id)")

    @api.model
    def _default_type_id(self):
        return self.env["citta.delivery.type"].search([], limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        """The unit is the kind's own, whatever is sent.

        :raise UserError: somebody counts an internship by hand
        """
        for vals in vals_list:
            self._check_by_hand(vals)
        return super().create([{name: vals[name] for name in vals if name != "unit"} for vals in vals_list])

    def write(self, vals):
        """The unit is the kind's own, whatever is sent.

        :raise UserError: somebody counts an internship by hand, or changes what the internship has counted
        """
        self._check_by_hand(vals)
        self._check_source(vals)
        return super().write({name: vals[name] for name in vals if name != "unit"})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_from_internship(self):
        self._check_source({"internship_id"})

    def _check_source(self, names):
        """What a meeting or an internship has brought stays with it: a meeting could be counted twice, a firm's hours be others than signed.

        :param names: of the fields that change
        :raise UserError: it would not
        """
        if self.env.su:
            return
        if self.internship_id and set(names) - {"note"}:
            raise UserError(self.env._("This service comes from the presences of an internship: they were signed and stay."))
        if "event_id" in names and self.event_id:
            raise UserError(self.env._("This service was counted from a meeting and stays with it: delete it to count the meeting anew."))

    @api.model
    def _check_by_hand(self, vals):
        if not self.env.su and vals.get("internship_id"):
            raise UserError(self.env._("An internship is counted when it ends, by itself."))

    @api.constrains("user_id")
    def _check_user(self):
        if self.user_id.filtered("share"):
            raise ValidationError(self.env._("A service is given by somebody who works for one of the bodies: portal users cannot be it."))

    @api.constrains("event_id", "pathway_id")
    def _check_event(self):
        for delivery in self:
            # sudo: a colleague's meeting is private; only whose it is counts
            if delivery.event_id and delivery.event_id.sudo().citta_pathway_id != delivery.pathway_id:
                raise ValidationError(self.env._("This meeting was not with %(person)s.", person=delivery.partner_id.name))

    @api.constrains("date", "pathway_id")
    def _check_date(self):
        """A service lies in the past, not before the pathway, and not after its end: entered, changed or moved there."""
        today = fields.Date.context_today(self)
        for delivery in self:
            if delivery.date > today:
                raise ValidationError(self.env._("A service is counted when it has been given: not before its day."))
            if delivery.date < delivery.pathway_id.date_start:
                raise ValidationError(self.env._("This day is before the pathway of %(person)s began.", person=delivery.partner_id.name))
            end = delivery.pathway_id.date_end
            if end and delivery.date > end:
                raise ValidationError(self.env._("The pathway of %(person)s was closed before that day.", person=delivery.partner_id.name))

    def _check_pathway_open(self):
        """Services may be entered late, up to the day on which the pathway ended: see ``_check_date``."""
