from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .survey_survey import COMPASS

KEEP_DAYS = 30


class SurveyUserInput(models.Model):
    """The answers of a person to the compass: kept while they are being given, then part of the pathway and nowhere else."""

    _inherit = "survey.user_input"

    citta_pathway_id = fields.Many2one("citta.pathway", "Pathway", readonly=True, copy=False, index="btree_not_null", ondelete="cascade")

    _citta_one_open = models.UniqueIndex(
        "(citta_pathway_id) WHERE citta_pathway_id IS NOT NULL AND state != 'done'", "The person is answering these questions already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Answers to the compass are a person's own.

        Asked before anything is written: Odoo's pages swallow the refusal and go on.

        :raise UserError: they would be nobody's, or another person's
        """
        for vals in vals_list:
            pathway = self.env["citta.pathway"].browse(vals.get("citta_pathway_id"))
            survey = self.env["survey.survey"].browse(vals.get("survey_id") or self.env.context.get("default_survey_id"))
            expected = survey.survey_type == COMPASS and not vals.get("test_entry")
            if expected != bool(pathway) or (expected and vals.get("partner_id") != pathway.partner_id.id):
                raise UserError(self.env._("The compass is filled in by the person of a pathway, from the person's own pages."))
        return super().create(vals_list)

    # -- business ------------------------------------------------------------

    @api.model
    def _open_compass(self, pathway):
        """The questions for the person of this pathway, to go on with or to begin.

        :return: one set of answers under way; none if the compass is not in use
        """
        survey = self.env["survey.survey"]._get_citta_survey(COMPASS)
        current = pathway.compass_ids.filtered(lambda one: one.state != "done")
        fresh = current.filtered(lambda one: one.deadline and one.deadline > fields.Datetime.now())
        if fresh or not survey:
            return fresh
        current.unlink()
        compass = survey._create_answer(
            partner=pathway.partner_id, citta_pathway_id=pathway.id, deadline=fields.Datetime.now() + relativedelta(days=KEEP_DAYS),
        )
        # the pathway says who it is: name and address need not stand here a second time
        compass.write({"email": False, "nickname": False})
        compass._mark_in_progress()
        return compass

    def _mark_done(self):
        """What was answered becomes an assessment, once, and the answers go; sent again, nothing happens."""
        done = self.filtered(lambda one: one.citta_pathway_id and one.state == "done")
        result = super(SurveyUserInput, self - done)._mark_done()
        for compass in (self - done).filtered("citta_pathway_id"):
            compass._make_assessment()
        return result

    def _make_assessment(self):
        """Hand the answers over to the pathway; of two on one day the first stays, and nothing said is no assessment."""
        # sudo: the person has no right of its own on assessments, and the set of answers was found to be the person's
        self_sudo = self.sudo()
        pathway, today = self_sudo.citta_pathway_id, fields.Date.context_today(self)
        lines = self_sudo._read_compass()
        if any(line["level"] for line in lines) and not pathway._has_compass_on(today):
            assessment = pathway.assessment_ids.create({
                "pathway_id": pathway.id, "filled_by": "person", "date": today, "user_input_id": self.id,
                "line_ids": [Command.create(line) for line in lines],
            })
            assessment.action_confirm()
        self_sudo.user_input_line_ids.unlink()

    def _read_compass(self):
        """The answers by domain; what was not offered as an answer to its question is no answer.

        :return: values of assessment lines
        """
        chosen = self.user_input_line_ids.filtered(lambda line: line.suggested_answer_id.question_id == line.question_id)
        levels = {line.question_id.citta_domain_id: line.suggested_answer_id.citta_value for line in chosen if line.question_id.citta_domain_id}
        wanted = chosen.suggested_answer_id.citta_domain_id
        return [
            {"domain_id": domain.id, "level": levels.get(domain) or False, "is_priority": domain in wanted}
            for domain in self.env["citta.life.domain"].search([])
        ]

    # -- extension points of Odoo ---------------------------------------------

    def _notify_new_participation_subscribers(self):
        """Whoever follows the survey is not told that a person of a pathway has answered it."""
        return super(SurveyUserInput, self.filtered(lambda one: not one.citta_pathway_id))._notify_new_participation_subscribers()

    @api.autovacuum
    def _gc_citta_unfinished(self):
        """What was never finished is nobody's answer."""
        self.search([("citta_pathway_id", "!=", False), ("state", "!=", "done"), ("deadline", "<", fields.Datetime.now())]).unlink()
