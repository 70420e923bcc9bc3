from werkzeug.exceptions import NotFound

from odoo import fields, http
from odoo.http import request

from ..models.people.intake_mixin import PREFERRED_TIMES
from ..models.people.person_profile import CARE, MEANS
from ..models.people.res_partner import CHANNELS
from .people_curriculum import CurriculumPortal, _number

PAGE = "/my/percorso/su-di-me"
LIMITS = {"hours_week": 60, "travel_minutes": 240}


class FactsPortal(CurriculumPortal):
    """What we know about the person: all of it is shown; availability, languages, licences and how to be reached are the person's to change."""

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_facts(self, notice="", **kwargs):
        """The facts; read only when the pathway is closed.

        :param notice: what was just done: ``saved``, ``gone`` or ``there``
        """
        pathway_sudo = self._get_my_case()
        if not pathway_sudo:
            return request.redirect("/my/percorso")
        return self._render_facts(pathway_sudo, notice=notice)

    @http.route(f"{PAGE}/disponibilita", type="http", auth="user", website=True, methods=["POST"])
    def my_availability_save(self, **post):
        """Keep when and how the person can work; what cannot be kept comes back with a word. ISEE and household are not taken from here."""
        pathway_sudo = self._get_open_case()
        values, error = self._read_availability(post)
        if error:
            sent = {name: post.get(name) for name in (*LIMITS, "date_available")}
            return self._render_facts(pathway_sudo, error=error, form={**values, **sent})
        told = {**values, "availability_by": "person", "availability_date": fields.Date.context_today(pathway_sudo)}
        if pathway_sudo.profile_ids:
            pathway_sudo.profile_ids.write(told)
        else:
            pathway_sudo._begin_alone("citta.person.profile", told)
        return request.redirect(f"{PAGE}?notice=saved", code=303)

    @http.route(f"{PAGE}/contatti", type="http", auth="user", website=True, methods=["POST"])
    def my_contact_save(self, channel="", time="", **post):
        """Keep how the person is best reached; what is no choice counts as none."""
        pathway_sudo = self._get_open_case()
        pathway_sudo.partner_id.write({
            "citta_contact_channel": channel if channel in dict(CHANNELS) else False,
            "citta_contact_time": time if time in dict(PREFERRED_TIMES) else False,
        })
        return request.redirect(f"{PAGE}?notice=saved#contatti", code=303)

    @http.route(f"{PAGE}/lingua", type="http", auth="user", website=True, methods=["POST"])
    def my_language_add(self, skill_id="", level_id="", **post):
        """Add a language from the list, as told by the person; one that stands there stays as it is.

        :param skill_id: a language of ``hr.skill``; anything else is not found
        :param level_id: one of the levels, or ``native``
        """
        pathway_sudo = self._get_open_case()
        language = self._get_skill_choices("language").filtered(lambda one: one.id == _number(skill_id))
        if not language:
            raise NotFound()
        if language in pathway_sudo.skill_ids.skill_id:
            return request.redirect(f"{PAGE}?notice=there#lingue", code=303)
        self._tell_skills(pathway_sudo, language, level_id=self._get_level(language, level_id).id, is_native=level_id == "native")
        return request.redirect(f"{PAGE}?notice=saved#lingue", code=303)

    @http.route(f"{PAGE}/lingua/<int:entry_id>/togli", type="http", auth="user", website=True, methods=["POST"])
    def my_language_remove(self, entry_id, **post):
        """Take away a language that the person entered and nobody has seen proved.

        :param entry_id: any other is not found
        """
        entry_sudo = self._get_told_skill(entry_id)
        if entry_sudo.skill_kind != "language":
            raise NotFound()
        entry_sudo.unlink()
        return request.redirect(f"{PAGE}?notice=gone#lingue", code=303)

    @http.route(f"{PAGE}/patenti", type="http", auth="user", website=True, methods=["POST"])
    def my_licences_save(self, **post):
        """Keep the ticked categories; what an operator entered or saw proved stays, whatever is sent."""
        pathway_sudo = self._get_open_case()
        ticked = self._get_skill_choices("driving").filtered(lambda one: post.get(f"licence_{one.id}"))
        held = pathway_sudo.licence_ids
        self._get_own_told(held).filtered(lambda one: one.skill_id not in ticked).unlink()
        self._tell_skills(pathway_sudo, ticked - held.exists().skill_id)
        return request.redirect(f"{PAGE}?notice=saved#patenti", code=303)

    # -- tools ---------------------------------------------------------------

    def _get_skill_choices(self, kind):
        # sudo: the list of skills is for everybody who chooses from it
        return request.env["hr.skill"].sudo().search([("skill_type_id.citta_kind", "=", kind)])

    def _get_own_told(self, skills_sudo):
        """What the person entered alone and nobody has seen proved."""
        return skills_sudo.filtered(lambda one: one.filled_by == "person" and one.evidence == "told")

    def _read_availability(self, post):
        """The values of the form, and what is wrong with them, in words.

        :return: dictionary, text
        """
        # sudo: the parts of the week are the same for everybody
        slots = request.env["citta.time.slot"].sudo().search([]).filtered(lambda one: post.get(f"slot_{one.id}"))
        values = {"slot_ids": [fields.Command.set(slots.ids)]} | {name: bool(post.get(name)) for name in (*MEANS, "available_nights")}
        care = post.get("care_constraint")
        values["care_constraint"] = care if care in dict(CARE) else False
        for name, most in LIMITS.items():
            text = (post.get(name) or "").strip()
            values[name] = _number(text)
            if text and not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= most):
                return values, request.env._("Write hours a week up to 60 and minutes up to 240, as plain numbers.")
        try:
            values["date_available"] = fields.Date.to_date(post.get("date_available") or False) or False
        except ValueError:
            return values, request.env._("Write the dates as day, month and year.")
        return values, ""

    def _get_availability_form(self, profile_sudo, form):
        """What the form shows: what was sent, where it could not be kept, else what is known."""
        if form is not None:
            return {**form, "slots": set(form["slot_ids"][0][2])}
        names = (*LIMITS, *MEANS, "date_available", "available_nights", "care_constraint")
        known = {name: profile_sudo[name] for name in names}
        return {**known, "slots": set(profile_sudo.slot_ids.ids)}

    def _render_facts(self, pathway_sudo, notice="", error="", form=None):
        profile_sudo, partner_sudo = pathway_sudo.profile_ids, pathway_sudo.partner_id
        # sudo: the parts of the week are the same for everybody
        slots = request.env["citta.time.slot"].sudo().search([])
        days, parts = slots._get_labels()
        languages = self._get_skill_choices("language")
        return request.render("citta_lavoro.facts_portal_page", {
            "page_name": "citta_case_facts", "pathway": pathway_sudo, "profile": profile_sudo, "person": partner_sudo,
            "is_open": pathway_sudo.state != "closed", "notice": notice, "error": error, "form": self._get_availability_form(profile_sudo, form),
            "days": days, "parts": parts, "slots": {(slot.weekday, slot.part): slot for slot in slots},
            "care": self._get_choice_labels(profile_sudo, "care_constraint"),
            "means": [(name, profile_sudo._fields[name]._description_string(request.env)) for name in MEANS],
            "channels": self._get_choice_labels(partner_sudo, "citta_contact_channel"),
            "times": self._get_choice_labels(partner_sudo, "citta_contact_time"),
            "languages": languages - pathway_sudo.language_ids.skill_id,
            "levels": languages.skill_type_id.skill_level_ids.sorted("level_progress"),
            "licences": self._get_skill_choices("driving"), "held": pathway_sudo.licence_ids.skill_id,
            "own": self._get_own_told(pathway_sudo.language_ids | pathway_sudo.licence_ids),
        })

    def _get_choice_labels(self, records, name):
        return records._fields[name]._description_selection(request.env)
