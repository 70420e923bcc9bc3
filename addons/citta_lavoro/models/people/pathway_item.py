from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PathwayItem(models.AbstractModel):
    """A part of a pathway (goal, action, …): it carries the scope of the pathway, so that rules need no join."""

    _name = "citta.pathway.item"
    _description = "Part of a pathway"
    _inherit = ["citta.reach.mixin"]

    #: Whether the part stays as it was once its pathway is closed.
    _ends_with_pathway = False
    #: Whether somebody waits for the part: one that is made while its pathway is being closed is refused, not forgotten.
    _is_obligation = False

    pathway_id = fields.Many2one("citta.pathway", "Pathway", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="pathway_id.partner_id", string="Person", store=True, index=True)
    territory_id = fields.Many2one(related="pathway_id.territory_id", store=True, index=True)
    body_id = fields.Many2one(related="pathway_id.body_id", string="Followed by", store=True, index=True)

    @api.constrains("pathway_id", "partner_id", "territory_id", "body_id")
    def _check_scope(self):
        """The scope is the pathway's own, and is not forged."""
        for item in self:
            pathway = item.pathway_id
            if (item.partner_id, item.territory_id, item.body_id) != (
                pathway.partner_id, pathway.territory_id, pathway.body_id
            ):
                raise ValidationError(self.env._("The person, territory and body are those of the pathway."))

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever adds a part may write the pathway, which is open.

        :raise AccessError: the pathway is out of the user's reach
        """
        items = super().create(vals_list)
        items.pathway_id.check_access("write")
        items._check_pathway_open()
        if self._is_obligation:
            items.pathway_id._hold()
        return items

    def write(self, vals):
        """A part moves only to a pathway that the user may write.

        :raise AccessError: it is out of the user's reach
        :raise UserError: see ``_check_not_over``
        """
        self._check_not_over()
        result = super().write(vals)
        if "pathway_id" in vals:
            self.pathway_id.check_access("write")
            self._check_not_over()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_over(self):
        self._check_not_over()

    def _check_not_over(self):
        """:raise UserError: the part belongs to the plan of a pathway that is closed, and somebody would rewrite it"""
        if self.env.su or not self._ends_with_pathway:
            return
        if closed := self.pathway_id.filtered(lambda pathway: pathway.state == "closed"):
            raise UserError(self.env._(
                "The pathway of %(person)s is closed: its plan stays as it was. Reopen it to go on.", person=closed[0].display_name
            ))

    def _check_pathway_open(self):
        """:raise UserError: the pathway is closed"""
        closed = self.pathway_id.filtered(lambda pathway: pathway.state == "closed")
        if closed and not (self.env.su and self.env.context.get("install_mode")):
            raise UserError(self.env._(
                "The pathway of %(person)s is closed: nothing is added to it.", person=closed[0].display_name
            ))
