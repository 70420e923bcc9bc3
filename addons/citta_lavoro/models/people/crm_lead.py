from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """A lead of the programme: it belongs to a pipeline, a territory and a body. Other leads stay as core has them."""

    _name = "crm.lead"
    # ours first: they complete what core then does
    _inherit = ["citta.reach.mixin", "citta.intake.import.mixin", "citta.intake.mixin", "citta.duplicate.mixin", "citta.phone.key.mixin", "citta.invitee.mixin", "crm.lead"]

    citta_pipeline = fields.Selection(
        related="team_id.citta_pipeline", string="Programme pipeline", store=True, index="btree_not_null"
    )
    user_id = fields.Many2one(string="Operator")
    citta_programme_id = fields.Many2one("citta.programme", "Programme", index="btree_not_null", ondelete="restrict")
    citta_territory_id = fields.Many2one(
        "citta.territory", "Territory", compute="_compute_citta_territory_id", store=True, readonly=False,
        index="btree_not_null", ondelete="restrict",
    )
    citta_city_id = fields.Many2one("res.city", "Municipality", index="btree_not_null", ondelete="restrict")
    citta_body_id = fields.Many2one(
        "res.partner", "Followed by", index="btree_not_null", ondelete="restrict",
        help="The partner body in charge; empty: whoever of the territory takes it up first.",
    )

    _citta_token_uniq = models.UniqueIndex("(citta_token) WHERE citta_token IS NOT NULL", "This report exists already.")

    @api.depends("citta_city_id", "citta_programme_id")
    def _compute_citta_territory_id(self):
        for lead in self:
            city_territory = lead.citta_city_id.citta_territory_id
            lead.citta_territory_id = (
                city_territory or lead.citta_programme_id.territory_id or lead.citta_territory_id
            )

    def write(self, vals):
        """A first contact stays among the first contacts, out of sight of whoever sells, and goes to no body without a deed.

        :raise UserError: it would go elsewhere, or a measure would be written by hand
        """
        if vals.get("citta_body_id") and not self.env.su:
            self._check_deed(self.env["res.partner"].browse(vals["citta_body_id"]))
        if not self.env.su and {"team_id", "citta_pipeline", "citta_days_to_contact"} & vals.keys():
            self._check_stays(vals)
        return super().write(vals)

    def _check_deed(self, body):
        """:raise UserError: the contact is given to another body, which has no privacy deed in force"""
        if body in self.env.user.citta_body_ids:
            return
        for lead in self.filtered(lambda one: one.citta_pipeline == "intake" and one.citta_body_id != body):
            territory = lead.citta_territory_id
            programme = lead.citta_programme_id or lead.citta_programme_id.browse(self._get_running_programmes(territory).get(territory))
            if programme and (obstacle := self.env["citta.privacy.deed"]._get_obstacle(body, programme)):
                raise UserError(obstacle)

    def _check_stays(self, vals):
        if self.env.user.has_group("citta_lavoro.group_citta_administrator"):
            return
        self.check_access("write")
        # sudo: which pipeline a team is, is no secret
        team = self.env["crm.team"].sudo().browse(vals.get("team_id"))
        elsewhere = "citta_pipeline" in vals or ("team_id" in vals and team.citta_pipeline != "intake")
        if "citta_days_to_contact" in vals or (elsewhere and "intake" in self.mapped("citta_pipeline")):
            raise UserError(self.env._("A first contact stays among the first contacts; its days are counted by themselves."))

    @api.depends("user_id", "type")
    def _compute_team_id(self):
        """A lead of the programme stays in its pipeline whoever takes it: core would move it to that user's own team."""
        super(CrmLead, self.filtered(lambda lead: not lead.team_id.citta_pipeline))._compute_team_id()

    @api.depends("stage_id", "team_id")
    def _compute_probabilities(self):
        """No statistical forecast about the programme's leads: it would be profiling of persons (GDPR art. 22)."""
        ours = self.filtered(lambda lead: lead.team_id.citta_pipeline)
        for lead in ours:
            lead.probability = lead.automated_probability = 100.0 if lead.stage_id.is_won else 0.0
        if others := self - ours:
            super(CrmLead, others)._compute_probabilities()

    def _creation_subtype(self):
        """The history of a lead of the programme begins with its own words, not with those of a sale."""
        return self.env["mail.message.subtype"] if self.team_id.citta_pipeline else super()._creation_subtype()

    def _creation_message(self):
        """What the history of a first contact begins with."""
        if self.team_id.citta_pipeline == "intake":
            return self.env._("First contact received")
        return super()._creation_message()

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        """Nor do they teach the forecast of the ordinary leads."""
        others = self.filtered(lambda lead: not lead.team_id.citta_pipeline)
        return super(CrmLead, others)._pls_increment_frequencies(from_state=from_state, to_state=to_state)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """A pipeline of the programme shows its own stages only, not core's common ones."""
        team = self.env["crm.team"].browse(self.env.context.get("default_team_id")) or stages.team_ids
        ours = bool(team) and all(one.citta_pipeline for one in team) and all(stage.team_ids for stage in stages)
        if not ours:
            return super()._read_group_stage_ids(stages, domain)
        # sudo: as core does, so that the columns do not depend on who looks
        return stages.browse(stages.sudo()._search([("team_ids", "in", team.ids)], order=stages._order))

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Find a stage; for a pipeline of the programme among its own ones."""
        team = self.env["crm.team"].browse(team_id) if team_id else self.team_id
        if team.filtered("citta_pipeline"):
            domain = [*(domain or []), ("team_ids", "in", team.ids)]
        return super()._stage_find(team_id=team_id, domain=domain, order=order, limit=limit)

    def website_form_input_filter(self, request, values):
        """Keep the website's general form builder out of our pipelines: they have forms that ask for consent."""
        # sudo: the visitor may not read teams; only which pipeline it is comes out
        team = self.env["crm.team"].sudo().browse(int(values.get("team_id") or 0))
        if team.exists().citta_pipeline:
            values.pop("team_id")
        return super().website_form_input_filter(request, values)
