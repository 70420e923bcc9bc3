from odoo import fields, models
from odoo.exceptions import AccessError, UserError

COORDINATOR = "citta_lavoro.group_citta_coordinator"


class PathwayCare(models.AbstractModel):
    """In whose care a pathway's person is: the body that follows it, and its passage to another one."""

    _name = "citta.pathway.care"
    _description = "Care of a pathway"
    _inherit = ["citta.pathway.exit"]

    handover_ids = fields.One2many("citta.handover", "pathway_id", "Hand-overs", groups="base.group_user")

    def action_hand_over(self):
        """Propose the person to another body; what is under way is shown.

        :return: the hand-over's form
        """
        self.ensure_one()
        current = self.handover_ids.filtered(lambda one: one.state in ("draft", "proposed"))[:1]
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.handover_action")
        return {**action, "views": [(False, "form")], "res_id": current.id, "context": {"default_pathway_id": self.id}}

    # -- hooks ---------------------------------------------------------------

    def _get_open_obligations(self):
        """A hand-over under way is an answer that somebody waits for."""
        waiting = self.handover_ids.filtered(lambda one: one.state == "proposed")
        return [*super()._get_open_obligations(), *(self.env._("Hand-over to %s", one.to_body_id.name) for one in waiting)]

    def _drop_obligations(self, reason):
        """With the pathway's end its hand-overs are withdrawn."""
        super()._drop_obligations(reason)
        self._withdraw_handovers(reason)

    # -- tools ---------------------------------------------------------------

    def _withdraw_handovers(self, reason):
        """Take back what is not answered yet."""
        # sudo: whoever may close the pathway or move the person may take proposals back, also those of the body before
        self.sudo().handover_ids.filtered(lambda one: one.state in ("draft", "proposed"))._workflow_move("withdraw", reason)

    def _check_handover(self, vals):
        """Also where a mistake is corrected nobody gets a person without a deed.

        :raise AccessError: an operator would hand the person to another body
        :raise UserError: the other body has no privacy deed in force
        """
        handed = self.filtered(lambda pathway: pathway.body_id.id != vals["body_id"]) if "body_id" in vals and not self.env.su else ()
        if handed and not self.env.user.has_group(COORDINATOR):
            raise AccessError(self.env._("Only a coordinator hands a person to another body."))
        for programme in handed and handed.programme_id:
            if obstacle := self.env["citta.privacy.deed"]._get_obstacle(self.env["res.partner"].browse(vals["body_id"]), programme):
                raise UserError(obstacle)

    def _take_person_on(self, moved=False):
        """Put each person under the care of the body and territory of the pathway.

        :param bool moved: the pathway changed hands, and the person with it
        """
        for (body, territory), pathways in self.grouped(lambda one: (one.body_id, one.territory_id)).items():
            pathways.partner_id._citta_take_on(body, territory, moved=moved)
