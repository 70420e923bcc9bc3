from odoo import api, fields, models


class EnrolmentBulk(models.TransientModel):
    """Many people enrolled in one lab or course: who is there already stays as is, who finds no place stands in line."""

    _name = "citta.enrolment.bulk"
    _description = "Enrolment of many"
    _inherit = ["citta.chosen.mixin", "citta.reach.mixin"]

    pathway_ids = fields.Many2many("citta.pathway", string="Pathways", default=lambda self: self._default_chosen("citta.pathway"))
    territory_id = fields.Many2one("citta.territory", compute="_compute_territory_id")
    event_id = fields.Many2one(
        "event.event", "Lab or course", required=True, ondelete="cascade",
        domain="[('citta_territory_id', '=', territory_id), ('citta_kind', 'in', ('lab', 'course', 'public')), ('date_end', '>=', 'now')]",
    )
    notice = fields.Char(compute="_compute_notice")

    @api.depends("pathway_ids")
    def _compute_territory_id(self):
        for wizard in self:
            wizard.territory_id = wizard.pathway_ids.territory_id[:1]

    @api.depends("event_id", "pathway_ids")
    def _compute_notice(self):
        for wizard in self:
            there = wizard.pathway_ids._origin._get_registration(wizard.event_id).citta_pathway_id if wizard.event_id else ()
            wizard.notice = self.env._("Registered there already: %(people)s.", people=", ".join(there.partner_id.mapped("name"))) if there else False

    def action_confirm(self):
        """Enrol all of them.

        :return: their registrations to the event
        :raise UserError: nobody is chosen, or somebody's pathway is closed
        """
        self.ensure_one()
        self._check_chosen(self.pathway_ids)
        self.pathway_ids._check_may_enrol()
        for pathway in self.pathway_ids:
            pathway._enrol_in_event(self.event_id)
        return self.env["ir.actions.act_window"]._citta_narrow(
            "event_registration_action", [("event_id", "=", self.event_id.id), ("citta_pathway_id", "in", self.pathway_ids.ids)], create=False
        )
