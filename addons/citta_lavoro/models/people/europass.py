from odoo import api, fields, models

from ...tools import europass as tools


class Europass(models.AbstractModel):
    """The curriculum as a file that Europass and other services read: the same content as the printed one."""

    _name = "citta.europass"
    _description = "Europass curriculum"

    @api.model
    def _make(self, pathway):
        """The file of one person, in the person's language.

        :param pathway: whose curriculum; the caller has checked who asks for it
        :return: bytes of XML
        """
        pathway = pathway.with_context(lang=pathway.partner_id.lang or self.env.lang)
        return tools.build(self._get_curriculum(pathway), fields.Datetime.now())

    @api.model
    def _get_curriculum(self, pathway):
        """What is on the curriculum, sorted into the places that Europass has.

        :return: ``tools.europass.Curriculum``
        """
        person, shown = pathway.partner_id, pathway.experience_ids.filtered("on_cv")
        skills = pathway.skill_ids.filtered(lambda one: one.on_cv and not one.is_expired)
        kinds = {kind: skills.filtered(lambda one, kind=kind: one.skill_kind == kind) for kind in ("language", "digital", "driving", False)}
        native = kinds["language"].filtered("is_native")
        return tools.Curriculum(
            locale=(pathway.env.lang or "en")[:2], name=person.name, email=person.email, phone=person.phone, city=person.city,
            headline=pathway._get_cv()["headline"],
            work=[self._describe(one) for one in shown if one.kind != "training"],
            education=[self._describe(one) for one in shown if one.kind == "training"],
            mother_tongues=[(one.skill_id.citta_language_code, one.skill_id.name) for one in native],
            languages=[(one.skill_id.citta_language_code, one.skill_id.name, one.level_id.name) for one in kinds["language"] - native],
            trade=[self._name_skill(one) for one in kinds[False]],
            digital=[self._name_skill(one) for one in kinds["digital"]],
            licences=kinds["driving"].skill_id.mapped("name"),
        )

    @api.model
    def _describe(self, one):
        return tools.Experience(one.name, one.organisation, one.place, one.date_from, one.date_to, one.description)

    @api.model
    def _name_skill(self, one):
        return f"{one.skill_id.name} ({one.level_id.name})" if one.level_id else one.skill_id.name
