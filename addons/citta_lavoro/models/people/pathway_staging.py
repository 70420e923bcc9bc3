from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PathwayStaging(models.AbstractModel):
    """In which column of the board a pathway stands: one of its programme's, and the exit only once it is closed."""

    _name = "citta.pathway.staging"
    _description = "Stage of a pathway"

    stage_id = fields.Many2one(
        "citta.pathway.stage", "Stage", ondelete="restrict", copy=False, tracking=True,
        default=lambda self: self._default_stage_id(), group_expand="_group_expand_stage_id",
        domain="['|', ('is_for_all', '=', True), ('programme_ids', 'in', programme_id)]",
    )

    @api.model
    def _default_stage_id(self):
        given = self.env.context.get("default_programme_id")
        return self._get_first_stage(self.env["citta.programme"].browse(given) if given else self.env["citta.programme"]._get_own())

    @api.model
    def _get_first_stage(self, programmes):
        """Where a pathway of this programme begins; for pathways of several, a stage for all."""
        stages = self.env["citta.pathway.stage"]
        fitting = stages._get_domain_for(programmes if len(programmes) == 1 else programmes.browse())
        return stages.search(fitting & Domain("is_exit", "=", False), limit=1)

    @api.model
    def _group_expand_stage_id(self, stages, domain):
        """Every column is shown, also an empty one: of the programmes that the board is narrowed to, else of the user's own."""
        asked = [one for one in Domain(domain).iter_conditions() if one.field_expr == "programme_id" and one.operator in ("=", "in")]
        if not asked and not self.env.user.citta_territory_ids:
            return stages.search([])  # pylint: disable=no-search-all  # a handful of stages
        fitting = Domain("is_for_all", "=", True) | Domain("id", "in", stages.ids)
        for one in asked:
            fitting |= Domain("programme_ids", "any", [("id", one.operator, one.value)])
        if not asked:
            fitting |= Domain("programme_ids.territory_id", "in", self.env.user.citta_territory_ids.ids)
        return stages.search(fitting)

    # -- checks --------------------------------------------------------------

    @api.constrains("stage_id", "state")
    def _check_exit_stage(self):
        for pathway in self:
            if pathway.stage_id and pathway.stage_id.is_exit != (pathway.state == "closed"):
                raise ValidationError(self.env._("The exit column is for closed pathways: close this one, the column follows."))

    @api.constrains("stage_id", "programme_id")
    def _check_stage_programme(self):
        for pathway in self:
            if pathway.stage_id and not pathway.stage_id._is_for(pathway.programme_id):
                raise ValidationError(self.env._(
                    "“%(stage)s” is no stage of the programme “%(programme)s”.", stage=pathway.stage_id.name, programme=pathway.programme_id.name
                ))

    @api.onchange("programme_id")
    def _onchange_programme_id(self):
        """A new pathway begins in the first stage of its programme, or in the column where it was added."""
        chosen = "default_stage_id" in self.env.context and self.stage_id._is_for(self.programme_id)
        if not self._origin and not chosen:
            self.stage_id = self._get_first_stage(self.programme_id)

    # -- create --------------------------------------------------------------

    @api.model
    def _add_first_stage(self, vals_list):
        """Each begins in the first stage of its programme; looked up once for a programme."""
        programmes, first = self.env["citta.programme"], {}
        if "default_stage_id" in self.env.context:
            return vals_list
        for vals in vals_list:
            given = vals.get("programme_id")
            if given and "stage_id" not in vals and given not in first:
                first[given] = self._get_first_stage(programmes.browse(given)).id
        return [
            {**vals, "stage_id": first[vals["programme_id"]]} if vals.get("programme_id") in first and "stage_id" not in vals else vals
            for vals in vals_list
        ]
