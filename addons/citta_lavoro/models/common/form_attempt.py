from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.form_guard import keyed_hash, network_of

KEPT_HOURS = 48  # longer than any form stays valid, so that no key is forgotten while it could come again


class FormAttempt(models.Model):
    """One sending of a public form: counted per source to limit spam, and keyed so that it has its effect once.

    The source is a keyed hash of the network address, thrown away after two days: no address is stored.
    """

    _name = "citta.form.attempt"
    _description = "Sending of a public form"
    _order = "id desc"
    _rec_name = "form"
    _log_access = False

    form = fields.Char(required=True, readonly=True)
    source = fields.Char(readonly=True, help="Keyed hash of the sender's network address.")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    key = fields.Char(readonly=True, help="The form's own stamp: the same one sent again changes nothing.")
    result = fields.Char(readonly=True, help="Page to which the sender was led.")

    _source_idx = models.Index("(form, source, date)")
    _key_uniq = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This form was sent already.")

    # -- business ------------------------------------------------------------

    @api.model
    def _allow(self, form, address):
        """Count one sending of ``form`` from ``address``.

        :return: False, and nothing counted, when the source has used up its share of the hour
        """
        source = keyed_hash(self._secret(), form, network_of(address))
        since = fields.Datetime.now() - timedelta(minutes=self._parameter("window_minutes", 60))
        used = self.search_count([("form", "=", form), ("source", "=", source), ("date", ">", since), ("key", "=", False)])
        if used >= self._parameter("limit", 30):
            return False
        self.create({"form": form, "source": source})
        return True

    @api.model
    def _claim_key(self, form, key):
        """Take the form's key: of two sendings at the same moment one waits, is run again, and then finds the answer.

        :return: True for the first sending
        """
        self.flush_model()
        self.env.cr.execute(SQL(
            "INSERT INTO citta_form_attempt (form, key, date) VALUES (%s, %s, now() at time zone 'UTC')"
            " ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING RETURNING id", form, key,
        ))
        return bool(self.env.cr.fetchone())

    @api.model
    def _answer_of(self, key):
        """The page to which the sender of this key was led, or False."""
        return bool(key) and self.search([("key", "=", key)], limit=1).result

    @api.model
    def _set_answer(self, key, url):
        """Remember the page for a second sending of the same key."""
        self.search([("key", "=", key)], limit=1).result = url

    # -- crons ---------------------------------------------------------------

    @api.autovacuum
    def _gc_attempts(self):
        """Throw away what is older than any form can be."""
        self.search([("date", "<", fields.Datetime.now() - timedelta(hours=KEPT_HOURS))], limit=10000).unlink()

    # -- tools ---------------------------------------------------------------

    @api.model
    def _secret(self):
        # sudo: the visitor of a public form may not read parameters; the secret only signs
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    @api.model
    def _parameter(self, name, default):
        """A whole number from the system parameter ``citta.form.<name>``, or the default."""
        # sudo: the limits of public forms hold for visitors, who may not read parameters
        value = self.env["ir.config_parameter"].sudo().get_param(f"citta.form.{name}")
        return int(value) if str(value or "").isdecimal() else default
