from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .survey_survey import COMPASS, FOLLOW_UP, TYPES

#: What a question of the programme asks for → the survey in which it stands.
ASKED_IN = {
    "level": COMPASS, "priority": COMPASS, "situation": FOLLOW_UP, "is_helpful": FOLLOW_UP, "note": FOLLOW_UP, "wants_call": FOLLOW_UP,
}


class SurveyQuestion(models.Model):
    """A question whose answers the programme understands, whatever their wording: a link says what is asked, not the text."""

    _inherit = "survey.question"

    citta_ask = fields.Selection(
        [
            ("level", "How it goes"), ("priority", "What to work on"), ("situation", "Situation now"), ("is_helpful", "Did the pathway help?"),
            ("note", "Words of the person"), ("wants_call", "Wishes a call"),
        ],
        "Asks for", readonly=True, copy=False,
    )
    citta_domain_id = fields.Many2one("citta.life.domain", "Domain of life", readonly=True, copy=False, ondelete="cascade")

    _citta_domain_uniq = models.UniqueIndex("(citta_domain_id) WHERE citta_domain_id IS NOT NULL", "This domain of life has its question already.")
    _citta_ask_uniq = models.UniqueIndex("(citta_ask) WHERE citta_ask != 'level'", "This is asked already.")
    _citta_domain_asked = models.Constraint(
        "CHECK ((citta_ask IS NOT DISTINCT FROM 'level') = (citta_domain_id IS NOT NULL))", "How it goes is asked of a domain of life."
    )
    _citta_choices = models.Constraint(
        "CHECK (citta_ask IS NULL OR (comments_allowed IS NOT TRUE AND (citta_ask != 'situation' OR constr_mandatory IS TRUE)"
        " AND question_type = CASE citta_ask WHEN 'priority' THEN 'multiple_choice' WHEN 'wants_call' THEN 'multiple_choice'"
        " WHEN 'note' THEN 'text_box' ELSE 'simple_choice' END))",
        "The programme understands the answers to this question: it stays of its kind, without room for comments, and what must be said stays so.",
    )

    @api.constrains("survey_id", "citta_ask", "is_page")
    def _check_citta_survey(self):
        """:raise ValidationError: the answers would be lost, because nothing is made of them"""
        for question in self.filtered(lambda one: not one.is_page):
            kind = question.survey_id.survey_type
            if (kind in TYPES or question.citta_ask) and ASKED_IN.get(question.citta_ask) != kind:
                raise ValidationError(self.env._(
                    "What is answered here becomes part of the pathway, and the answer to another question would be lost. To ask about"
                    " something more in the compass, add a domain of life."
                ))

    def write(self, vals):
        """A question reworded here is reworded in its domain of life, too."""
        result = super().write(vals)
        if "title" in vals:
            self._reword_domains()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """As ``write``, for the dialogue of translations."""
        result = super().update_field_translations(field_name, translations, source_lang=source_lang)
        if field_name == "title":
            self._reword_domains()
        return result

    def _reword_domains(self):
        for question in self.filtered("citta_domain_id"):
            question.citta_domain_id._take_wording(question)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_citta(self):
        """:raise UserError: the programme asks this"""
        if not self.env.context.get("citta_domain_gone") and any(question.citta_ask for question in self):
            raise UserError(self.env._("The programme asks this question. In the compass it goes when its domain of life is archived."))
