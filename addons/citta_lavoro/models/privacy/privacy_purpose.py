from odoo import fields, models
from odoo.exceptions import UserError

LEGAL_BASES = [
    ("consent", "Consent — art. 6(1)(a)"),
    ("contract", "Contract — art. 6(1)(b)"),
    ("legal_obligation", "Legal obligation — art. 6(1)(c)"),
    ("public_interest", "Public interest — art. 6(1)(e)"),
    ("legitimate_interest", "Legitimate interest — art. 6(1)(f)"),
]


class PrivacyPurpose(models.Model):
    """Why data are held (GDPR art. 5(1)(b)), on which legal basis (art. 6), under which version of the notice."""

    _name = "citta.privacy.purpose"
    _description = "Purpose of processing"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    legal_basis = fields.Selection(LEGAL_BASES, "Legal basis", required=True)
    notice_version = fields.Char("Notice version", required=True, default="1.0")
    notice = fields.Html(translate=True, help="The text shown to the person.")
    validity_months = fields.Integer("Valid for (months)", help="0: until withdrawn.")

    _validity_positive = models.Constraint("CHECK (validity_months >= 0)", "A consent holds for some months, or, with 0, until it is withdrawn.")
    _code_uniq = models.UniqueIndex("(code)", "Another purpose has this code already.")

    def write(self, vals):
        """A notice under which somebody said yes has another version when its words or its legal basis change.

        :raise UserError: the version stays the same
        """
        if not self.env.su and {"notice", "legal_basis"} & vals.keys():
            self._check_new_version(vals.get("notice_version"))
        if {"notice", "notice_version"} & vals.keys():
            self._keep_words()
        return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=""):
        """What was agreed to stays as it was shown, also when a language is worded anew."""
        if field_name == "notice":
            self._keep_words()
        return super().update_field_translations(field_name, translations, source_lang)

    def _keep_words(self):
        """Before the notice changes: what was agreed to under the present one, before words were kept, keeps them."""
        for purpose in self:
            # sudo: every consent counts, also out of the user's scope
            self.env["citta.consent"].sudo().search([
                ("purpose_id", "=", purpose.id), ("notice_version", "=", purpose.notice_version), ("notice_id", "=", False),
            ])._keep_notice()

    def _check_new_version(self, version):
        for purpose in self:
            # sudo: every consent counts, also out of the user's scope
            given = self.env["citta.consent"].sudo().search_count(
                [("purpose_id", "=", purpose.id), ("notice_version", "=", version or purpose.notice_version)], limit=1
            )
            if given:
                raise UserError(self.env._(
                    "Somebody said yes under version %(version)s of this notice: give the new words another version.",
                    version=version or purpose.notice_version,
                ))
