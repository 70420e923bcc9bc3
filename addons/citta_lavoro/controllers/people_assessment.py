from psycopg2.errors import UniqueViolation

from odoo import fields, http
from odoo.fields import Command
from odoo.http import request

from ..models.people.assessment_line import LEVELS
from .people_case import CasePortal

PAGE = "/my/percorso/bussola"


class AssessmentPortal(CasePortal):
    """The compass: the person says how things are in each domain of life, alone, and sees how far the way has led."""

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_compass(self, notice="", **kwargs):
        """The questions, and the distance travelled between the person's own answers.

        :param notice: what was just done: ``saved``, ``today`` (once a day) or ``empty``
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            return request.redirect("/my/percorso")
        distance = pathway_sudo._get_distance("person")
        return request.render("citta_lavoro.assessment_portal_page", {
            "page_name": "citta_case_compass",
            # sudo: the questions are for everybody who is asked them
            "domains": request.env["citta.life.domain"].sudo().search([]),
            "distance": bool(distance),
            **distance,
            "answers": request.env["citta.assessment.line"]._fields["level"]._description_selection(request.env)[1:],
            "is_open": pathway_sudo.state != "closed",
            "notice": notice,
            "lang": request.env.lang,
        })

    @http.route(PAGE, type="http", auth="user", website=True, methods=["POST"])
    def my_compass_save(self, **post):
        """Keep the answers as a confirmed assessment; sent twice on one day, the first one stays.

        :param post: ``level_<domain>`` from 1 to 5 and ``priority_<domain>``
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo or pathway_sudo.state == "closed":
            return request.redirect(PAGE, code=303)
        lines = self._read_answers(post)
        if not any(line["level"] for line in lines):
            return request.redirect(f"{PAGE}?notice=empty", code=303)
        today = fields.Date.context_today(pathway_sudo)
        if pathway_sudo.assessment_ids.filtered(lambda one: one.filled_by == "person" and one.date == today):
            return request.redirect(f"{PAGE}?notice=today", code=303)
        try:
            with request.env.cr.savepoint():
                # sudo: the pathway is the person's own; portal users have no right of their own on assessments
                assessment_sudo = request.env["citta.assessment"].sudo().create({
                    "pathway_id": pathway_sudo.id, "filled_by": "person", "date": today,
                    "line_ids": [Command.create(line) for line in lines],
                })
                assessment_sudo.action_confirm()
        except UniqueViolation:  # sent twice in the same moment
            return request.redirect(f"{PAGE}?notice=today", code=303)
        return request.redirect(f"{PAGE}?notice=saved", code=303)

    def _read_answers(self, post):
        """The answers of the form; what is no level is no answer.

        :return: values of assessment lines
        """
        # sudo: the questions are for everybody who is asked them
        domains = request.env["citta.life.domain"].sudo().search([])
        known = {code for code, _label in LEVELS[1:]}
        return [
            {
                "domain_id": domain.id,
                "level": level if (level := post.get(f"level_{domain.id}")) in known else False,
                "is_priority": bool(post.get(f"priority_{domain.id}")),
            }
            for domain in domains
        ]
