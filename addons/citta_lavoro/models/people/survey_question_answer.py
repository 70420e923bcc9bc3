from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .assessment_line import LEVELS
from .follow_up import HELPFUL, SITUATIONS

#: What a question asks for → what its answers may count as.
VALUES = {
    "level": {code for code, _label in LEVELS[1:]}, "situation": {code for code, _label in SITUATIONS},
    "is_helpful": {code for code, _label in HELPFUL}, "wants_call": {"yes"},
}


class SurveyQuestionAnswer(models.Model):
    """An answer to choose whose meaning does not hang on its wording; one without a meaning counts as nothing said."""

    _inherit = "survey.question.answer"

    citta_value = fields.Char("Counts as", readonly=True, copy=False, help="The level of an assessment, or the value of the field that is asked for.")
    citta_domain_id = fields.Many2one("citta.life.domain", "Domain of life", readonly=True, copy=False, ondelete="cascade")

    _citta_value_uniq = models.UniqueIndex("(question_id, citta_value) WHERE citta_value IS NOT NULL", "This answer is there already.")
    _citta_domain_uniq = models.UniqueIndex("(question_id, citta_domain_id) WHERE citta_domain_id IS NOT NULL", "This domain of life is there already.")

    @api.constrains("question_id", "citta_value")
    def _check_citta_value(self):
        """:raise ValidationError: the field that is asked for has no such value"""
        for answer in self.filtered("citta_value"):
            if answer.citta_value not in VALUES.get(answer.question_id.citta_ask, ()):
                raise ValidationError(self.env._("The programme does not know what “%s” counts as.", answer.value))
