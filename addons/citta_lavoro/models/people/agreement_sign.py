from odoo import fields, models


class AgreementSign(models.TransientModel):
    """The person signs on the operator's screen, side by side: for whoever has no e-mail and so no login."""

    _name = "citta.agreement.sign"
    _description = "The person signs here"
    _inherit = ["citta.reach.mixin"]

    agreement_id = fields.Many2one("citta.agreement", "Agreement", required=True, readonly=True, ondelete="cascade")
    pdf_sha256 = fields.Char("SHA-256 of the PDF", required=True, readonly=True)
    # as the user, not as the system: the window is no way to a paper of another body
    pdf = fields.Binary("The paper", related="agreement_id.pdf", related_sudo=False)
    pdf_name = fields.Char(related="agreement_id.pdf_name")
    name = fields.Char("Full name", required=True, help="As the person writes it.")
    image = fields.Binary("Signature", attachment=False)

    def action_confirm(self):
        """Take the person's signature; the row shows that it was given at the operator's login.

        :return: the order to close the dialogue
        :raise UserError: see ``citta.agreement._sign``
        """
        self.ensure_one()
        self.agreement_id.check_access("write")
        self.agreement_id._sign("person", self.name, self.pdf_sha256, self.image)
        return {"type": "ir.actions.act_window_close"}
