from odoo import api, fields, models

#: The languages that Odoo brings, by their code; two of its names are no code of Europass.
LANGUAGES = {
    "french": "fr", "spanish": "es", "english": "en", "german": "de", "filipino": "fil", "arabic": "ar", "bengali": "bn",
    "mandarin_chinese": "zh", "hindi": "hi", "russian": "ru", "portuguese": "pt", "indonesian": "id", "urdu": "ur", "japanese": "ja",
    "punjabi": "pa", "javanese": "jv", "telugu": "te", "turkish": "tr", "korean": "ko", "marathi": "mr",
}
SCHEMES = ("esco", "cp2021", "isco08")


class HrSkill(models.Model):
    """The official code of a skill: said once, every person's entry takes it from here. Not every skill has one."""

    _inherit = "hr.skill"

    citta_classification_id = fields.Many2one(
        "citta.classification", "Official code", domain=[("scheme", "in", SCHEMES)], ondelete="restrict", index="btree_not_null",
        help="ESCO, CP2021 or ISCO-08, where one is known. Languages and many digital skills have none.",
    )
    citta_language_code = fields.Char("Language code", size=3, help="ISO 639, for exports: it, en, …")
    citta_kind = fields.Selection(related="skill_type_id.citta_kind", string="On the curriculum as")

    @api.constrains("citta_classification_id")
    def _check_citta_classification(self):
        self.citta_classification_id._check_scheme(SCHEMES)

    @api.model
    def _citta_know_languages(self):
        """Say which of Odoo's own skills are languages; what was changed since stays."""
        kind = self.env.ref("hr_skills.hr_skill_type_lang", raise_if_not_found=False)
        if kind and not kind.citta_kind:
            kind.citta_kind = "language"
        for name, code in LANGUAGES.items():
            skill = self.env.ref(f"hr_skills.hr_skill_{name}", raise_if_not_found=False)
            if skill and not skill.citta_language_code:
                skill.citta_language_code = code
        self._citta_mend_french()

    @api.model
    def _citta_mend_french(self):
        """In Odoo's Italian, whoever speaks French speaks “Francia”."""
        french = self.env.ref("hr_skills.hr_skill_french", raise_if_not_found=False)
        spoken = "it_IT" in dict(self.env["res.lang"].get_installed())
        if french and spoken and french.with_context(lang="it_IT").name == "Francia":
            french.with_context(lang="it_IT").name = "Francese"
