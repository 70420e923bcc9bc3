from odoo import fields, models

from .pathway_case import OPERATOR


class PathwayFacts(models.AbstractModel):
    """The facts of a pathway's person, as its form shows them: profile, languages, licences, declarations."""

    _name = "citta.pathway.facts"
    _description = "Facts of a pathway"

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

    def action_download_europass(self):
        """Take the person's curriculum as a Europass file.

        :return: the file's address
        """
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/citta/curriculum/{self.id}/europass", "target": "download"}
