"""Forms that anybody may fill: bounded in size, speed and number, and never losing what was typed.

A controller keeps one :class:`PublicForm` for each form and goes through these steps::

    FORM = PublicForm("talk", {"name": 80, "message": 1000})

    def page(self):                                  # GET
        return request.render(TEMPLATE, FORM.blank().context())

    def send(self, **post):                          # POST
        sent = FORM.read(post)
        if sent.answer:                              # this very form was sent before
            return request.redirect(sent.answer)
        ... sent.require("name", message), sent.check_email(), sent.error("phone", message) ...
        if sent.errors:
            return sent.render(TEMPLATE, **more)     # everything typed, a message per field
        sent.claim()
        ... create ..., sent.record_consent(lead)
        return sent.finish("/thanks")                # post, redirect, get

The template calls ``citta_lavoro.public_form_guard`` inside its form tag, ``citta_lavoro.public_form_summary`` above it and
``citta_lavoro.public_form_error`` below each field.
"""
import secrets
import time

from odoo import fields
from odoo.http import request
from odoo.tools import email_normalize

from ..tools.form_guard import clean, make_stamp, read_stamp

HONEYPOT = "citta_extra"
OLDEST = 24 * 3600
ECHO = 4  # how many times its limit a too long text is given back to be shortened


class PublicForm:
    """One public form.

    :param str code: its stable name, part of the stamp and of the counting
    :param dict lengths: field name → longest text that is taken
    """

    def __init__(self, code, lengths):
        self.code = code
        self.lengths = lengths

    def blank(self, **values):
        """The form as first shown, with values set in advance."""
        return Sending(self, values)

    def read(self, post):  # pylint: disable=method-required-super  # this is no model
        """The form as sent: cleaned, and with the errors that need no knowledge of its meaning."""
        sent = Sending(self, {name: clean(post.get(name))[:limit * ECHO] for name, limit in self.lengths.items()})
        sent.check_lengths()
        sent.check_guard(post)
        return sent


class Sending:
    """What a visitor typed, with the messages about it."""

    def __init__(self, form, values):
        self.form = form
        self.values = values
        self.errors = {}
        self.key = None
        self.answer = False
        self.status = 200

    # -- checks --------------------------------------------------------------

    def error(self, field, message):
        """Put a message on a field; the first one stays. Field ``form`` stands for the whole form."""
        self.errors.setdefault(field, message)

    def require(self, field, message):
        """Put the message on the field if it is empty."""
        if not self.values.get(field):
            self.error(field, message)

    def check_email(self):
        """Put a message on an e-mail address that is no address; an empty one is left to :meth:`require`."""
        if self.values["email"] and not self.get_email():
            self.error("email", request.env._("This does not look like an e-mail address. For instance: name@example.org."))

    def check_lengths(self):
        """Refuse texts that are longer than the field takes."""
        for name, limit in self.form.lengths.items():
            if len(self.values[name]) > limit:
                self.error(name, request.env._("At most %(limit)s characters, please.", limit=limit))

    def check_guard(self, post):
        """Stamp, speed, trap field and number of sendings, in this order."""
        attempts = self._attempts()
        stamp = read_stamp(attempts._secret(), self.form.code, clean(post.get("citta_stamp")))
        age = time.time() - stamp[0] if stamp else 0
        if not stamp or age > OLDEST:
            self.error("form", request.env._("This page had been open for too long. Nothing is lost: please send it again."))
            return
        self.key = f"{self.form.code}.{stamp[1]}"
        self.answer = attempts._answer_of(self.key)
        if self.answer:
            return
        if age < attempts._parameter("min_seconds", 2):
            self.error("form", request.env._("That was very quick. Please check what you wrote and send it again."))
        if post.get(HONEYPOT):
            self.error("form", request.env._("We took this for an automatic message. If you are a person, please send it again."))
        if not attempts._allow(self.form.code, request.httprequest.remote_addr):
            self.status = 429
            self.error("form", request.env._(
                "Too many messages have come from this connection in a short time. Nothing is lost: please try again in an hour,"
                " or call us."
            ))

    # -- values --------------------------------------------------------------

    def get_email(self):
        """The address in one spelling, or False; an address without a dot in its domain reaches nobody outside."""
        email = email_normalize(self.values["email"])
        name, _at, domain = (email or "").partition("@")
        return email if name and "." in domain else False

    def proof(self):
        """Where and when this was sent, as the proof of a consent."""
        return f"{request.httprequest.path} {fields.Datetime.now()} UTC {self.key}"

    def record_consent(self, lead_sudo, channel="web"):
        """Keep the yes to being called back, with this sending as its proof.

        :param lead_sudo: the first contact, request or idea that this sending has made
        :param str channel: how the yes came, as consents name it
        """
        lead_sudo._record_consent(channel, self.proof())

    # -- answers -------------------------------------------------------------

    def context(self, **more):
        """What the templates need: ``values``, ``errors`` and a fresh stamp."""
        now, nonce = int(time.time()), secrets.token_hex(16)
        stamp = make_stamp(self._attempts()._secret(), self.form.code, now, nonce)
        first = {next(iter(self.errors)): "autofocus"} if self.errors else {}
        return {
            "values": self.values, "errors": self.errors, "citta_focus": first, "citta_stamp": stamp, "honeypot": HONEYPOT, **more,
        }

    def render(self, template, **more):
        """The form again, with everything typed and its messages; 429 when the source sends too much, else 422 on errors."""
        response = request.render(template, self.context(**more))
        response.status_code = self.status if self.status != 200 else (422 if self.errors else 200)
        if self.status == 429:
            response.headers["Retry-After"] = "3600"
        return response

    def claim(self):
        """Take this sending's key as the last step before its effects; a rival sending is run again and finds the answer."""
        self._attempts()._claim_key(self.form.code, self.key)

    def finish(self, url):
        """Remember the page to which the visitor goes, and send the browser there."""
        self._attempts()._set_answer(self.key, url)
        return request.redirect(url, code=303)

    def _attempts(self):
        # sudo: visitors have no right on the log of sendings; only this class writes it for them
        return request.env["citta.form.attempt"].sudo()
