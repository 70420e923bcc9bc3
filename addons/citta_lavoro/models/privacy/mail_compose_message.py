from odoo import models


class MailComposeMessage(models.TransientModel):
    """In whose name, and to whom, is written. Any colleague may make one, and would learn by its number whose contact or login it is."""

    _name = "mail.compose.message"
    _inherit = ["citta.reach.mixin", "mail.compose.message"]
