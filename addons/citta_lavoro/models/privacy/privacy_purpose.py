from odoo import fields, models

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

    _code_uniq = models.UniqueIndex("(code)", "Another purpose has this code already.")
