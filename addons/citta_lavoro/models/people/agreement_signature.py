from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request


class AgreementSignature(models.Model):
    """One signature under one version of an agreement: who, when, from where, under which paper. Never changed."""

    _name = "citta.agreement.signature"
    _description = "Signature under an agreement"
    _inherit = ["citta.pathway.item"]
    _order = "id"

    agreement_id = fields.Many2one("citta.agreement", "Agreement", required=True, index=True, ondelete="cascade", readonly=True)
    # precomputed: the scope is derived from it while the record is made, and checked at once
    pathway_id = fields.Many2one(related="agreement_id.pathway_id", store=True, precompute=True)
    role = fields.Selection([("person", "The person"), ("body", "The body")], required=True, readonly=True)
    name = fields.Char("Signed as", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Login", required=True, readonly=True, ondelete="restrict", index=True)
    date = fields.Datetime("On", required=True, readonly=True, default=fields.Datetime.now)
    ip = fields.Char("From the address", readonly=True)
    pdf_sha256 = fields.Char("SHA-256 of the PDF", required=True, readonly=True)
    image = fields.Binary("Drawn", attachment=False, readonly=True)

    _role_uniq = models.UniqueIndex("(agreement_id, role)", "This version is signed already.")

    def write(self, vals):  # pylint: disable=method-required-super  # nothing is ever written
        """:raise UserError: always"""
        self.check_access("write")
        raise UserError(self.env._("A signature is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A signature is never deleted."))

    @api.model
    def _add(self, agreement, role, name, image):
        """Put a signature down as it was given.

        :param agreement: the version, checked before
        :param str role: for whom
        :param str name: as typed
        :param image: as drawn, or nothing
        """
        return self.create({
            "agreement_id": agreement.id, "role": role, "name": name, "user_id": self.env.uid, "image": image or False,
            "ip": request.httprequest.remote_addr if request else False, "pdf_sha256": agreement.pdf_sha256,
        })
