from odoo import models


class MailActivitySchedule(models.TransientModel):
    """Who is given a task. Any colleague may make one, and would learn by its number whose contact or login it is."""

    _name = "mail.activity.schedule"
    _inherit = ["citta.reach.mixin", "mail.activity.schedule"]
