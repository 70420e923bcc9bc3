from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .follow_up import OPEN_STATES
from .survey_survey import COMPASS, FOLLOW_UP

KEEP_DAYS = 30
NOTE_LENGTH = 1000
#: Survey of the programme → the field that says whose answers they are.
OWNERS = {COMPASS: "citta_pathway_id", FOLLOW_UP: "citta_follow_up_id"}


class SurveyUserInput(models.Model):
    """The answers of a person to the programme's own questions: kept while they are being given, then part of the pathway and nowhere else."""

    _inherit = "survey.user_input"

    citta_pathway_id = fields.Many2one("citta.pathway", "Pathway", readonly=True, copy=False, index="btree_not_null", ondelete="cascade")
    citta_follow_up_id = fields.Many2one(
        "citta.follow.up", "Follow-up after the exit", readonly=True, copy=False, index="btree_not_null", ondelete="cascade"
    )

    _citta_one_open = models.UniqueIndex(
        "(citta_pathway_id) WHERE citta_pathway_id IS NOT NULL AND state != 'done'", "The person is answering these questions already."
    )
    _citta_one_open_after = models.UniqueIndex(
        "(citta_follow_up_id) WHERE citta_follow_up_id IS NOT NULL AND state != 'done'", "The person is answering these questions already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Answers to the programme's questions are a person's own.

        Asked before anything is written: Odoo's pages swallow the refusal and go on.

        :raise UserError: they would be nobody's, or another person's
        """
        for vals in vals_list:
            self._check_citta_owner(vals)
        return super().create(vals_list)

    @api.model
    def _check_citta_owner(self, vals):
        """:raise UserError: see ``create``"""
        survey = self.env["survey.survey"].browse(vals.get("survey_id") or self.env.context.get("default_survey_id"))
        wanted = {OWNERS[survey.survey_type]} if survey.survey_type in OWNERS and not vals.get("test_entry") else set()
        given = {name for name in OWNERS.values() if vals.get(name)}
        person = self.env["citta.pathway"].browse(vals.get("citta_pathway_id")).partner_id
        if given != wanted or (person and vals.get("partner_id") != person.id):
            raise UserError(self.env._("These questions are answered by the person of a pathway, from the person's own pages."))

    # -- business ------------------------------------------------------------

    @api.model
    def _open_citta(self, kind, owner, **values):
        """The questions for this person, to go on with or to begin.

        :param str kind: ``citta_compass`` or ``citta_follow_up``
        :param owner: the pathway or follow-up that is asked about
        :param values: more arguments of Odoo's ``_create_answer``
        :return: one set of answers under way; none if the survey is not in use
        """
        survey, now = self.env["survey.survey"]._get_citta_survey(kind), fields.Datetime.now()
        current = self.search([(OWNERS[kind], "=", owner.id), ("state", "!=", "done")])
        fresh = current.filtered(lambda one: one.deadline and one.deadline > now)
        if fresh or not survey:
            return fresh
        current.unlink()
        answers = survey._create_answer(**{OWNERS[kind]: owner.id}, deadline=now + relativedelta(days=KEEP_DAYS), **values)
        # the pathway says who it is: name and address need not stand here a second time
        answers.write({"email": False, "nickname": False})
        answers._mark_in_progress()
        return answers

    def _mark_done(self):
        """What was answered goes over to the pathway, once, and is kept here no longer; sent again, nothing happens."""
        done = self.filtered(lambda one: one.state == "done" and one._get_citta_kind())
        result = super(SurveyUserInput, self - done)._mark_done()
        for answers in self - done:
            answers._hand_over()
        return result

    def _hand_over(self):
        # sudo: the person has no right of its own on the pathway, and the answers were found to be the person's
        self_sudo = self.sudo()
        if not (kind := self_sudo._get_citta_kind()):
            return
        if kind == COMPASS:
            self_sudo._make_assessment()
        else:
            self_sudo.citta_follow_up_id._take_answer(self_sudo._read_follow_up())
        self_sudo.user_input_line_ids.unlink()

    def _make_assessment(self):
        """Of two assessments on one day the first stays, and nothing said is no assessment."""
        pathway, today = self.citta_pathway_id, fields.Date.context_today(self)
        lines = self._read_compass()
        if any(line["level"] for line in lines) and not pathway._has_compass_on(today):
            assessment = pathway.assessment_ids.create({
                "pathway_id": pathway.id, "filled_by": "person", "date": today, "user_input_id": self.id,
                "line_ids": [Command.create(line) for line in lines],
            })
            assessment.action_confirm()

    def _read_compass(self):
        """The answers by domain.

        :return: values of assessment lines
        """
        chosen = self._get_chosen()
        levels = {line.question_id.citta_domain_id: line.suggested_answer_id.citta_value for line in chosen if line.question_id.citta_domain_id}
        wanted = chosen.suggested_answer_id.citta_domain_id
        return [
            {"domain_id": domain.id, "level": levels.get(domain) or False, "is_priority": domain in wanted}
            for domain in self.env["citta.life.domain"].search([])
        ]

    def _read_follow_up(self):
        """The answers by field of ``citta.follow.up``.

        :return: dictionary
        """
        chosen = {line.question_id.citta_ask: line.suggested_answer_id.citta_value for line in self._get_chosen()}
        words = self.user_input_line_ids.filtered(lambda line: line.question_id.citta_ask == "note").mapped("value_text_box")
        return {
            "situation": chosen.get("situation") or False, "is_helpful": chosen.get("is_helpful") or False,
            "wants_call": bool(chosen.get("wants_call")), "note": ("".join(filter(None, words)).strip() or "")[:NOTE_LENGTH] or False,
        }

    def _get_chosen(self):
        """The answers that were chosen; what was not offered as an answer to its question is no answer."""
        return self.user_input_line_ids.filtered(lambda line: line.suggested_answer_id.question_id == line.question_id)

    def _get_citta_kind(self):
        """Which of the programme's surveys a person is answering here.

        :return: a key of ``OWNERS``, or None for other surveys and for trial runs
        """
        return next((kind for kind, name in OWNERS.items() if self[name]), None)

    # -- extension points of Odoo ---------------------------------------------

    def _notify_new_participation_subscribers(self):
        """Whoever follows the survey is not told that a person of a pathway has answered it."""
        return super(SurveyUserInput, self.filtered(lambda one: not one._get_citta_kind()))._notify_new_participation_subscribers()

    def _save_lines(self, question, answer, comment=None, overwrite_existing=True):
        """A page that came back with a message is sent again: what was kept of it the first time does not stand in the way."""
        return super()._save_lines(question, answer, comment, overwrite_existing=overwrite_existing or bool(self._get_citta_kind()))

    def _is_citta_over(self):
        """Whether nobody waits for these answers any more."""
        return bool(self.citta_follow_up_id) and self.state != "done" and self.citta_follow_up_id.state not in OPEN_STATES

    @api.autovacuum
    def _gc_citta_unfinished(self):
        """What was never finished is nobody's answer."""
        owned = Domain.OR([Domain(name, "!=", False) for name in OWNERS.values()])
        self.search(owned & Domain("state", "!=", "done") & Domain("deadline", "<", fields.Datetime.now())).unlink()
