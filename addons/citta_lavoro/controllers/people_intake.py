"""The two public doors: a citizen asks to be called, an antenna reports a person who agrees."""
import secrets

from odoo import http
from odoo.http import request
from odoo.tools import plaintext2html

from ..models.people.intake_mixin import PREFERRED_TIMES
from ..tools.contact import phone_key, phone_text
from .public_form import PublicForm

PERSON = {"name": 120, "city": 12, "phone": 40, "email": 120, "consent": 4, "notice_version": 24}
TALK = PublicForm("talk", {**PERSON, "preferred_time": 12, "message": 1000})
REPORT = PublicForm("report", {
    **PERSON, "antenna": 12, "antenna_name": 120, "reporter_name": 120, "reporter_contact": 120, "reason": 1000,
})
TALK_PAGE, REPORT_PAGE = "citta_lavoro.intake_talk", "citta_lavoro.intake_report"


class PeopleIntake(http.Controller):
    # -- pages ---------------------------------------------------------------

    @http.route("/parliamo-di-lavoro", type="http", auth="public", website=True, methods=["GET"], sitemap=True)
    def talk(self, **_query):
        """The form “Parliamo di lavoro”, empty."""
        return TALK.blank(preferred_time="any").render(TALK_PAGE, **self._talk_choices())

    @http.route("/parliamo-di-lavoro", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def talk_send(self, **post):
        """Make a first contact of a citizen who wants to be called.

        :return: a redirection to the thank-you page; the form again with its messages when something is not right;
            the same thank-you page, and no second contact, when the same form comes twice
        """
        sent = TALK.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        self._check_person(sent)
        if not sent.values["consent"]:
            sent.error("consent", request.env._("We may call you only if you say so: please tick this box."))
        if sent.errors:
            return sent.render(TALK_PAGE, **self._talk_choices())
        sent.claim()
        self._create_lead(sent, "web", {
            "citta_preferred_time": sent.values["preferred_time"] if sent.values["preferred_time"] in dict(PREFERRED_TIMES) else "any",
            "description": plaintext2html(sent.values["message"]) if sent.values["message"] else False,
        })
        return sent.finish("/parliamo-di-lavoro/grazie")

    @http.route("/parliamo-di-lavoro/grazie", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def talk_thanks(self, **_query):
        """Say that the message has arrived and what comes next; shows nothing of what was written."""
        return request.render("citta_lavoro.intake_talk_thanks")

    @http.route("/segnala", type="http", auth="public", website=True, methods=["GET"], sitemap=True)
    def report(self, **_query):
        """The antennas' form, empty."""
        return REPORT.blank().render(REPORT_PAGE, **self._report_choices())

    @http.route("/segnala", type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def report_send(self, **post):
        """Make a first contact of a person whom an antenna reports with that person's consent.

        :return: a redirection to the report's own page; the form again with its messages when something is not right
        """
        sent = REPORT.read(post)
        if sent.answer:
            return request.redirect(sent.answer, code=303)
        self._check_reporter(sent)
        self._check_person(sent)
        if sent.errors:
            return sent.render(REPORT_PAGE, **self._report_choices())
        sent.claim()
        token = secrets.token_urlsafe(24)
        self._create_lead(sent, "antenna", {
            **self._prepare_report(sent),
            "citta_token": token,
            # sudo: visitors may not draw numbers; the report needs its own
            "citta_reference": request.env["ir.sequence"].sudo().next_by_code("citta.intake.reference"),
        })
        return sent.finish(f"/segnala/{token}")

    @http.route("/segnala/<string:token>", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def report_status(self, token, **_query):
        """Tell the antenna whether its report was taken up, and nothing else.

        :param token: the report's unguessable name
        """
        # sudo: the antenna has no account; whoever holds the token may know received or taken up, nothing of the person
        lead = request.env["crm.lead"].sudo().with_context(active_test=False).search([("citta_token", "=", token)], limit=1)
        response = request.render("citta_lavoro.intake_report_status", {
            "reference": lead.citta_reference,
            "taken_up": bool(lead.citta_body_id),
        })
        response.status_code = 200 if lead else 404
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    # -- checks --------------------------------------------------------------

    def _check_person(self, sent):
        """Name, municipality, a way to be reached, and the notice that was read."""
        env, values = request.env, sent.values
        sent.require("name", env._("Please write name and surname."))
        if values["city"] not in [str(city.id) for city in self._get_cities()]:
            sent.error("city", env._("Please choose the municipality from the list."))
        if values["phone"] and not phone_key(values["phone"]):
            sent.error("phone", env._("This does not look like a telephone number. For instance: 333 1234567."))
        sent.check_email()
        if not values["phone"] and not values["email"]:
            sent.error("phone", env._("Please leave a telephone number or an e-mail address: one is enough."))
        if values["notice_version"] != self._get_purpose().notice_version:
            sent.error("consent", env._("The notice has changed in the meantime: please read it again and send."))
            values["notice_version"] = values["consent"] = ""

    def _check_reporter(self, sent):
        """Who reports, for which antenna, and that the person knows."""
        env, values = request.env, sent.values
        sent.require("reporter_name", env._("Please write your name."))
        sent.require("reporter_contact", env._("Please leave your telephone number or e-mail address."))
        if values["antenna"] and values["antenna"] not in [str(body.id) for body in self._get_antennas()]:
            sent.error("antenna", env._("Please choose the body from the list, or write its name below."))
        if not values["antenna"] and not values["antenna_name"]:
            sent.error("antenna_name", env._("Please choose your body, or write its name."))
        if not values["consent"]:
            sent.error("consent", env._("We may call the person only if the person knows and agrees: please tick this box."))

    # -- effects -------------------------------------------------------------

    def _create_lead(self, sent, source, values):
        """One first contact, free to take, with the consent that was given.

        :param sent: the checked form
        :param str source: ``web`` or ``antenna``
        :param dict values: what is particular to the form
        """
        # sudo: visitors have no right on first contacts; every value was checked above and goes one way in
        lead_sudo = request.env["crm.lead"].sudo().with_context(mail_create_nosubscribe=True).create({
            "team_id": request.env.ref("citta_lavoro.crm_team_intake").id,
            "contact_name": " ".join(sent.values["name"].split()),
            "citta_city_id": int(sent.values["city"]),
            "phone": phone_text(sent.values["phone"]) or False,
            "email_from": sent.get_email(),
            "citta_source": source,
            "user_id": False,
            "citta_body_id": False,
            **values,
        })
        sent.record_consent(lead_sudo, source)

    def _prepare_report(self, sent):
        """The reporter's part of a first contact."""
        values = sent.values
        return {
            "citta_antenna_id": int(values["antenna"]) if values["antenna"] else False,
            "citta_antenna_name": values["antenna_name"] or False,
            "citta_reporter_name": values["reporter_name"],
            "citta_reporter_contact": values["reporter_contact"],
            "description": plaintext2html(values["reason"]) if values["reason"] else False,
        }

    # -- choices -------------------------------------------------------------

    def _talk_choices(self):
        # the labels are translated where the field describes itself
        times = request.env["crm.lead"]._fields["citta_preferred_time"]._description_selection(request.env)
        return {"cities": self._get_cities(), "times": times, "purpose": self._get_purpose()}

    def _report_choices(self):
        return {"cities": self._get_cities(), "antennas": self._get_antennas(), "purpose": self._get_purpose()}

    def _get_cities(self):
        """Municipalities where a programme runs today."""
        # sudo: visitors may not read programmes; only names of municipalities come out
        territories = request.env["crm.lead"].sudo()._get_running_programmes()
        # sudo: as above
        cities = request.env["res.city"].sudo()
        return cities.search([("citta_territory_id", "in", [one.id for one in territories])], order="name")

    def _get_antennas(self):
        """Registered antennas of the territories where a programme runs."""
        # sudo: visitors may not read contacts; only names of bodies come out
        bodies = request.env["res.partner"].sudo()
        return bodies.search([("citta_body_kind", "=", "antenna"), ("city_id", "in", self._get_cities().ids)], order="name")

    def _get_purpose(self):
        # sudo: visitors may not read purposes; the notice is what they must read
        return request.env.ref("citta_lavoro.purpose_callback").sudo()
