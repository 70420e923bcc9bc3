from odoo import models


class MailTemplate(models.Model):
    """Whose words a letter has. Any colleague may make one, and would learn by its number whose contact or login it is."""

    _name = "mail.template"
    _inherit = ["citta.reach.mixin", "mail.template"]
