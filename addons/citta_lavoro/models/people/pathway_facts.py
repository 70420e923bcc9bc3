from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.age import age_class
from .pathway_case import OPERATOR

AGE_CLASSES = [
    ("under_18", "Under 18"), ("18_24", "18–24"), ("25_34", "25–34"), ("35_44", "35–44"), ("45_54", "45–54"), ("55_64", "55–64"),
    ("65_over", "65 and over"),
]
NOTED = {"path", "date_planned_end", "age_class"}


class PathwayFacts(models.AbstractModel):
    """The facts of a pathway's person, as its form shows them: age class, profile, languages, licences, declarations."""

    _name = "citta.pathway.facts"
    _description = "Facts of a pathway"

    age_class = fields.Selection(
        AGE_CLASSES, "Age at the start", compute="_compute_age_class", store=True, precompute=True, groups="base.group_user",
        help="Kept when the birth date is erased, so that figures stay.",
    )
    profile_ids = fields.One2many("citta.person.profile", "pathway_id", "Facts", groups=OPERATOR)
    language_ids = fields.One2many(
        "citta.person.skill", "pathway_id", "Languages", domain=[("skill_kind", "=", "language")], groups=OPERATOR
    )
    licence_ids = fields.One2many(
        "citta.person.skill", "pathway_id", "Driving licences", domain=[("skill_kind", "=", "driving")], groups=OPERATOR
    )
    trade_skill_ids = fields.One2many(
        "citta.person.skill", "pathway_id", "Other skills", domain=[("skill_kind", "not in", ("language", "driving"))], groups=OPERATOR
    )
    declaration_ids = fields.One2many("citta.status.declaration", "pathway_id", "Status declarations", groups=OPERATOR)

    @api.model_create_multi
    def create(self, vals_list):
        """What decisions, birth and term say is not said by hand."""
        plain = self._citta_only_defaults(self._fields.keys() - NOTED)
        return super(PathwayFacts, plain).create(self._citta_without_values(vals_list, NOTED)).with_env(self.env)

    def write(self, vals):
        """:raise UserError: somebody writes a path without a decision, a term without an extension, or another age"""
        if not self.env.su and NOTED & vals.keys():
            raise UserError(self.env._("The path comes from a decision on an assessment, the planned end from pauses and extensions: neither is written by hand."))
        return super().write(vals)

    @api.depends("partner_id.citta_birth_date", "date_start")
    def _compute_age_class(self):
        for pathway in self:
            # sudo: whoever may read the pathway may read the class of age, also out of the person's scope
            born = pathway.sudo().partner_id.citta_birth_date
            pathway.age_class = age_class(born, pathway.date_start) or pathway.age_class

    @api.model
    def _add_precomputed_values(self, vals_list):
        """The births of many persons are looked up at once."""
        # sudo: see _compute_age_class
        persons = self.env["res.partner"].sudo().browse({vals["partner_id"] for vals in vals_list if vals.get("partner_id")})
        persons.fetch(["citta_birth_date"])
        births = {person.id: person.citta_birth_date for person in persons}
        for vals in vals_list:
            vals["age_class"] = age_class(births.get(vals.get("partner_id")), fields.Date.to_date(vals.get("date_start")))
        super()._add_precomputed_values(vals_list)

    def action_download_europass(self):
        """Take the person's curriculum as a Europass file.

        :return: the file's address
        """
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/citta/curriculum/{self.id}/europass", "target": "download"}
