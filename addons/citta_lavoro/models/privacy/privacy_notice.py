from odoo import api, fields, models


class PrivacyNotice(models.Model):
    """The words of one version of a notice in one language, as somebody said yes to them. Written by the consents, changed by nobody."""

    _name = "citta.privacy.notice"
    _description = "Notice as it was shown"
    _order = "id desc"
    _rec_name = "version"

    purpose_id = fields.Many2one("citta.privacy.purpose", "Purpose", required=True, readonly=True, index=True, ondelete="restrict")
    version = fields.Char("Notice version", required=True, readonly=True)
    lang = fields.Char("Language", required=True, readonly=True)
    text = fields.Html(required=True, readonly=True, sanitize=False, help="Copied from the notice, which is clean already.")

    @api.model
    def _keep(self, purpose, lang):
        """The words now in force.

        :param purpose: one purpose
        :param str lang: the language in which they are shown
        :return: their row, found or made; none where the purpose has no words
        """
        purpose = purpose.with_context(lang=lang)
        text, key = purpose.notice, {"purpose_id": purpose.id, "version": purpose.notice_version, "lang": lang}
        # sudo: no group may write these rows, the consent alone does
        notices_sudo = self.sudo()
        if not text:
            return notices_sudo.browse()
        there = notices_sudo.search([(name, "=", value) for name, value in key.items()])
        return there.filtered(lambda one: one.text == text)[:1] or notices_sudo.create({**key, "text": text})
