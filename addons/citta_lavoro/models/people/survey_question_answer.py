from odoo import fields, models


class SurveyQuestionAnswer(models.Model):
    """An answer to choose whose meaning does not hang on its wording; one without a meaning counts as nothing said."""

    _inherit = "survey.question.answer"

    citta_value = fields.Char("Counts as", readonly=True, copy=False, help="The level of an assessment, or the value of the field that is asked for.")
    citta_domain_id = fields.Many2one("citta.life.domain", "Domain of life", readonly=True, copy=False, ondelete="cascade")

    _citta_value_uniq = models.UniqueIndex("(question_id, citta_value) WHERE citta_value IS NOT NULL", "This answer is there already.")
    _citta_domain_uniq = models.UniqueIndex("(question_id, citta_domain_id) WHERE citta_domain_id IS NOT NULL", "This domain of life is there already.")
