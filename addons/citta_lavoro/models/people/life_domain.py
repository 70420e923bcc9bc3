from odoo import api, fields, models

from .assessment_line import LEVELS
from .survey_survey import COMPASS

#: What the compass shows of a domain.
SHOWN = frozenset({"name", "question", "active"})


class LifeDomain(models.Model):
    """A domain of life that an assessment looks at: work, training, housing, money, …

    The compass asks about each active one: its question comes and goes with the domain, and is worded the same.
    """

    _name = "citta.life.domain"
    _description = "Domain of life"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    question = fields.Char(
        translate=True, help="What the person is asked, in plain words. Ask for the situation, never for health, justice or family matters."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another domain has this code already.")

    @api.model_create_multi
    def create(self, vals_list):
        """A new domain is asked about at once."""
        domains = super().create(vals_list)
        domains._sync_compass()
        return domains

    def write(self, vals):
        """The compass follows the wording; an archived domain is asked about no more."""
        result = super().write(vals)
        if SHOWN & vals.keys():
            self._sync_compass()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """As ``write``, for the dialogue of translations."""
        result = super().update_field_translations(field_name, translations, source_lang=source_lang)
        if field_name in SHOWN:
            self._sync_compass()
        return result

    # -- compass -------------------------------------------------------------

    @api.model
    def _sync_all(self):
        """Bring the whole compass in step, after an update that brought it or changed it."""
        self.search([("active", "in", (True, False))])._sync_compass()

    def _sync_compass(self):
        """Every active domain has its question and its place among what to work on, an archived one neither."""
        # sudo: the questions follow the domains, whoever may change those
        survey_sudo = self.env["survey.survey"].sudo().with_context(active_test=False)._get_citta_survey(COMPASS)
        if not survey_sudo:  # while the addon is being installed
            return
        for domain in self:
            domain._sync_choice(survey_sudo.question_ids.filtered(lambda one: one.citta_ask == "priority"))
            domain._sync_question(survey_sudo)

    def _sync_question(self, survey_sudo):
        """:param survey_sudo: the compass"""
        question = survey_sudo.question_ids.filtered(lambda one: one.citta_domain_id == self)
        if not self.active:
            question.with_context(citta_domain_gone=True).unlink()
            return
        if not question:
            asked = survey_sudo.question_ids.filtered("citta_domain_id")
            question = survey_sudo.question_ids.create({
                "survey_id": survey_sudo.id, "title": self.question or self.name, "citta_ask": "level", "citta_domain_id": self.id,
                "question_type": "simple_choice", "sequence": max(asked.mapped("sequence"), default=0),
                "suggested_answer_ids": [fields.Command.create({"value": label, "citta_value": code, "sequence": int(code)}) for code, label in LEVELS[1:]],
            })
            for answer in question.suggested_answer_ids:
                self._reword(answer, "value", lambda domain, code=answer.citta_value: domain._label_level(code))
        self._reword(question, "title", lambda domain: domain.question or domain.name)

    def _sync_choice(self, priority):
        """:param priority: the question about what to work on"""
        choice = priority.suggested_answer_ids.filtered(lambda one: one.citta_domain_id == self)
        if not self.active:
            choice.unlink()
        elif priority:
            last = max(priority.suggested_answer_ids.mapped("sequence"), default=0)
            choice = choice or choice.create({"question_id": priority.id, "value": self.name, "citta_domain_id": self.id, "sequence": last + 1})
            self._reword(choice, "value", lambda domain: domain.name)

    def _take_wording(self, question):
        """The question was reworded in the compass: here it reads the same.

        :param question: the domain's own
        """
        for lang, text in self._in_languages(question, "title"):
            domain = self._speak(lang)
            if text != (domain.question or domain.name):
                domain.question = text

    # -- tools ---------------------------------------------------------------

    def _reword(self, record, name, wording):
        """Put a text that follows the domain into a field, in every language in which it reads differently.

        :param wording: domain in some language → text
        """
        for lang, text in self._in_languages(record, name):
            if (wanted := wording(self._speak(lang))) != text:
                record.with_context(lang=lang)[name] = wanted

    def _in_languages(self, record, name):
        """A translated field in every language that is in use.

        :return: list of (language, text)
        """
        return [(code, record.with_context(lang=code)[name]) for code, _name in self.env["res.lang"].get_installed()]

    def _speak(self, lang):
        return self.with_context(lang=lang)

    def _label_level(self, code):
        return dict(self.env["citta.assessment.line"]._fields["level"]._description_selection(self.env))[code]
