from werkzeug.exceptions import NotFound

from odoo import fields, http
from odoo.http import request

from ..models.people.experience import KINDS
from .people_case import CasePortal

PAGE = "/my/percorso/curriculum"
LENGTHS = {"name": 200, "organisation": 200, "place": 100, "description": 2000}


class CurriculumPortal(CasePortal):
    """Skills, experience and CV: the person adds own ones and changes only those."""

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_curriculum(self, notice="", tipo="", **kwargs):
        """What the person did and can do.

        :param notice: what was just done: ``saved``, ``gone`` or ``there``
        :param tipo: the kind of skills to choose from
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            return request.redirect("/my/percorso")
        # sudo: the list of skills is for everybody who chooses from it; languages and licences have a page of their own
        kinds = request.env["hr.skill.type"].sudo().search([("citta_kind", "not in", ("language", "driving"))])
        return request.render("citta_lavoro.curriculum_portal_page", {
            "page_name": "citta_case_curriculum", "pathway": pathway_sudo, "is_open": pathway_sudo.state != "closed",
            "kinds": kinds, "chosen": kinds.filtered(lambda one: str(one.id) == tipo), "notice": notice,
        })

    @http.route(f"{PAGE}/pdf", type="http", auth="user", website=True, methods=["GET"])
    def my_curriculum_pdf(self, **kwargs):
        """The curriculum on paper."""
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            raise NotFound()
        return self._print_mine("citta_lavoro.curriculum_report_action", pathway_sudo, "curriculum.pdf")

    @http.route(f"{PAGE}/esperienza/<int:experience_id>", type="http", auth="user", website=True, methods=["GET"])
    def my_experience(self, experience_id, **kwargs):
        """The form of one experience.

        :param experience_id: 0 for a new one; only what the person entered is found
        """
        self._get_open_case()
        experience_sudo = self._get_my_entry("citta.experience", experience_id)
        values = experience_sudo.read([*LENGTHS, "kind", "date_from", "date_to", "on_cv"])[0] if experience_sudo else {"on_cv": True}
        return self._render_experience(experience_id, values)

    @http.route(f"{PAGE}/esperienza/<int:experience_id>", type="http", auth="user", website=True, methods=["POST"])
    def my_experience_save(self, experience_id, **post):
        """Keep one experience; what cannot be kept comes back with a word.

        :param experience_id: 0 for a new one; only what the person entered is found
        """
        pathway_sudo = self._get_open_case()
        experience_sudo = self._get_my_entry("citta.experience", experience_id)
        values, error = self._read_experience(post)
        if error:
            return self._render_experience(experience_id, {**post, "on_cv": values["on_cv"]}, error)
        if experience_sudo:
            experience_sudo.write(values)
        elif not self._find_double(pathway_sudo, values):
            experience_sudo.create({**values, "pathway_id": pathway_sudo.id, "filled_by": "person"})
        return request.redirect(f"{PAGE}?notice=saved", code=303)

    @http.route(f"{PAGE}/esperienza/<int:experience_id>/togli", type="http", auth="user", website=True, methods=["POST"])
    def my_experience_remove(self, experience_id, **post):
        """Take an own experience away.

        :param experience_id: only what the person entered is found
        """
        self._get_open_case()
        self._get_my_entry("citta.experience", experience_id or -1).unlink()
        return request.redirect(f"{PAGE}?notice=gone", code=303)

    @http.route(f"{PAGE}/competenza", type="http", auth="user", website=True, methods=["POST"])
    def my_skill_add(self, skill_id="", level_id="", **post):
        """Add a skill from the list, as told by the person; one that stands there stays as it is.

        :param skill_id: of ``hr.skill``
        :param level_id: one of the levels of its kind
        """
        pathway_sudo = self._get_open_case()
        # sudo: the list of skills is for everybody who chooses from it
        skill = request.env["hr.skill"].sudo().search([("id", "=", _number(skill_id))])
        if not skill:
            raise NotFound()
        if skill in pathway_sudo.skill_ids.skill_id:
            return request.redirect(f"{PAGE}?notice=there", code=303)
        level = self._get_level(skill, level_id)
        self._tell_skills(pathway_sudo, skill, level_id=level.id, level_before_id=level.id)
        return request.redirect(f"{PAGE}?notice=saved#competenze", code=303)

    @http.route(f"{PAGE}/competenza/<int:entry_id>/togli", type="http", auth="user", website=True, methods=["POST"])
    def my_skill_remove(self, entry_id, **post):
        """Take away a skill that the person entered and nobody has seen proved.

        :param entry_id: any other is not found
        """
        self._get_told_skill(entry_id).unlink()
        return request.redirect(f"{PAGE}?notice=gone#competenze", code=303)

    # -- tools ---------------------------------------------------------------

    def _get_open_case(self):
        """:raise NotFound: there is no open pathway to write into"""
        pathway_sudo = self._get_my_case()
        if not pathway_sudo or pathway_sudo.state == "closed":
            raise NotFound()
        return pathway_sudo

    def _get_my_entry(self, model, entry_id):
        """What the person entered alone in the pathway in hand; 0 is none yet.

        :raise NotFound: there is no such own one
        """
        domain = [("id", "=", entry_id), ("filled_by", "=", "person"), ("pathway_id", "=", self._get_my_case().id)]
        found = self._get_my_records(model, domain)
        if entry_id and not found:
            raise NotFound()
        return found

    def _get_told_skill(self, entry_id):
        """A skill that the person entered into the open pathway and nobody has seen proved.

        :raise NotFound: there is no such own one
        """
        self._get_open_case()
        entry_sudo = self._get_my_entry("citta.person.skill", entry_id or -1)
        if entry_sudo.evidence != "told":
            raise NotFound()
        return entry_sudo

    def _get_level(self, skill, level_id):
        """The chosen one of the levels of a skill, or none."""
        return skill.skill_type_id.skill_level_ids.filtered(lambda one: one.id == _number(level_id))

    def _tell_skills(self, pathway_sudo, skills, **values):
        """Enter skills as told by the person."""
        pathway_sudo.skill_ids.create([
            {"pathway_id": pathway_sudo.id, "skill_id": skill.id, "filled_by": "person", **values} for skill in skills
        ])

    def _read_experience(self, post):
        """The values of the form, and what is wrong with them, in words.

        :return: dictionary, text
        """
        values = {name: (post.get(name) or "").strip()[:length] or False for name, length in LENGTHS.items()}
        values.update(kind=post.get("kind"), on_cv=bool(post.get("on_cv")))
        try:
            values.update({name: fields.Date.to_date(post.get(name) or False) or False for name in ("date_from", "date_to")})
        except ValueError:
            return values, request.env._("Write the dates as day, month and year.")
        if not values["name"] or values["kind"] not in dict(KINDS):
            return values, request.env._("Say what you did, and choose what it was.")
        if values["date_from"] and values["date_to"] and values["date_to"] < values["date_from"]:
            return values, request.env._("It cannot end before it begins: check the dates.")
        return values, ""

    def _find_double(self, pathway_sudo, values):
        """The same sent twice is one."""
        return pathway_sudo.experience_ids.filtered(
            lambda one: one.filled_by == "person" and all(one[name] == value for name, value in values.items())
        )

    def _render_experience(self, experience_id, values, error=""):
        kinds = dict(request.env["citta.experience"]._fields["kind"]._description_selection(request.env))
        return request.render("citta_lavoro.experience_portal_form", {
            "page_name": "citta_case_curriculum", "experience_id": experience_id, "values": values, "kinds": kinds, "error": error,
        })


def _number(text):
    """A number out of a form, 0 if it is none.

    >>> _number("12"), _number("x"), _number(None)
    (12, 0, 0)
    """
    return int(text) if (text or "").isascii() and (text or "").isdigit() and len(text) < 10 else 0
