from werkzeug.exceptions import NotFound

from odoo import fields, http
from odoo.fields import Domain
from odoo.http import request

from .public_form import PublicForm

KINDS = {"laboratori": "lab", "corsi": "course", "eventi": "public"}
ONLINE = "online"
ANSWERS = ("posto", "attesa")
FORM = PublicForm("academy", {"name": 120, "email": 120, "phone": 30})


class AcademyEvent(http.Controller):
    """The Academy for everybody: what is on, and how to take part."""

    @http.route("/academy", type="http", auth="public", website=True, sitemap=True, readonly=True)
    def academy(self, tipo=None, **kwargs):
        """Upcoming labs, courses and public events, and the online courses.

        :param tipo: ``laboratori``, ``corsi``, ``online`` or ``eventi``; anything else shows all
        """
        chosen = tipo if tipo in (*KINDS, ONLINE) else None
        empty = request.env["event.event"]
        return request.render("citta_lavoro.academy_page", {
            "chosen": chosen,
            "events": empty if chosen == ONLINE else self._get_events(KINDS.get(chosen)),
            "channels": self._get_channels() if chosen in (None, ONLINE) else request.env["slide.channel"],
        })

    @http.route('/academy/<string:address>/iscrizione', type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def academy_register_page(self, address, **kwargs):
        """The form to take part in one event of the programme; elsewhere Odoo's own page is right."""
        event = self._get_event(address)
        if not event.citta_kind:
            return request.redirect(event.website_url)
        user = request.env.user
        known = {} if user._is_public() else {"name": user.name, "email": user.email, "phone": user.phone}
        return FORM.blank(**known).render("citta_lavoro.academy_register", event=event)

    @http.route('/academy/<string:address>/iscrizione', type="http", auth="public", website=True, methods=["POST"], sitemap=False)
    def academy_register(self, address, **post):
        """Register; who finds no place stands in line. Bad input gives the form back with all that was typed."""
        event = self._get_event(address)
        sent = FORM.read(post)
        if sent.answer:
            return request.redirect(sent.answer)
        self._check(sent, event)
        if sent.errors:
            return sent.render("citta_lavoro.academy_register", event=event)
        sent.claim()
        registration = self._find_registration(sent, event) or self._create_registration(sent, event)
        answer = "attesa" if registration.citta_waiting else "posto"
        return sent.finish(f"/academy/{event.id}/iscrizione/{answer}")

    @http.route('/academy/<string:address>/iscrizione/<string:answer>', type="http", auth="public", website=True, methods=["GET"], sitemap=False, readonly=True)
    def academy_answer(self, address, answer, **kwargs):
        """Say whether there was a place or a line. The address tells nothing about the person."""
        event = self._get_event(address)
        if answer not in ANSWERS:
            raise NotFound()
        return request.render("citta_lavoro.academy_answer", {"event": event, "waiting": answer == "attesa"})

    # -- tools ---------------------------------------------------------------

    def _get_event(self, address):
        """The event named by a number or by a title that ends in one.

        Odoo's own converter makes an empty record of event 0, on which every later step fails.

        :raise NotFound: there is none, or this visitor may not see it
        """
        event_id = request.env["ir.http"]._unslug(address)[1]
        event = request.env["event.event"].browse(event_id or []).exists() if (event_id or 0) < 2**31 else None
        if not event or not event.has_access("read"):
            raise NotFound()
        return event

    def _get_events(self, kind):
        """Published events of the programme that are not over, of one kind or of all."""
        domain = Domain("citta_kind", "=", kind) if kind else Domain("citta_kind", "in", list(KINDS.values()))
        domain &= Domain("website_published", "=", True) & Domain("date_end", ">=", fields.Datetime.now())
        domain &= Domain("website_visibility", "=", "public") & Domain("kanban_state", "!=", "cancel")
        # sudo: a logged-in operator's rule shows only the own territories; published events are for everybody
        return request.env["event.event"].sudo().search(domain & Domain(request.website.website_domain()), order="date_begin, id", limit=60)

    def _get_channels(self):
        """Published online courses of the programme that this visitor may see."""
        domain = Domain("citta_territory_id", "!=", False) & Domain("website_published", "=", True)
        return request.env["slide.channel"].search(domain & Domain(request.website.website_domain()), order="name, id", limit=60)

    def _check(self, sent, event):
        """Messages about the fields, and about an event that takes nobody any more."""
        sent.require("name", request.env._("Please write your name and surname."))
        sent.require("email", request.env._("Please write an e-mail address: we confirm your place there."))
        sent.check_email()
        if not event.citta_kind or not event.event_registrations_open:
            sent.error("form", request.env._("Registrations to this event are closed."))

    def _find_registration(self, sent, event):
        """The same person's live registration to the same event, so that two sendings take one place."""
        # sudo: visitors may not read registrations; only whether this very person stands there is used
        return request.env["event.registration"].sudo().search([
            ("event_id", "=", event.id), ("state", "!=", "cancel"),
            ("email", "=ilike", sent.values["email"].replace("\\", "").replace("%", "").replace("_", "\\_")),
            ("name", "=ilike", sent.values["name"].replace("\\", "").replace("%", "").replace("_", "\\_")),
        ], limit=1)

    def _create_registration(self, sent, event):
        """Register what the form says, in the name of the logged-in user if there is one."""
        user = request.env.user
        # sudo: visitors may not write registrations; this form was checked field by field
        return request.env["event.registration"].sudo().create({
            "event_id": event.id,
            "partner_id": False if user._is_public() else user.partner_id.id,
            "name": sent.values["name"],
            "email": sent.values["email"],
            "phone": sent.values["phone"],
        })
