"""Core's records that any colleague may make and that name a contact or a login: whose it is, would be learned by its number."""

from odoo import models


class CalendarFilters(models.Model):
    """Whose calendar is shown beside the own one."""

    _name = "calendar.filters"
    _inherit = ["citta.reach.mixin", "calendar.filters"]


class GamificationBadgeUser(models.Model):
    """Who has got a badge."""

    _name = "gamification.badge.user"
    _inherit = ["citta.reach.mixin", "gamification.badge.user"]


class GamificationBadgeUserWizard(models.TransientModel):
    """Who is to get a badge."""

    _name = "gamification.badge.user.wizard"
    _inherit = ["citta.reach.mixin", "gamification.badge.user.wizard"]


class MailActivitySchedule(models.TransientModel):
    """Who is given a task."""

    _name = "mail.activity.schedule"
    _inherit = ["citta.reach.mixin", "mail.activity.schedule"]


class MailComposeMessage(models.TransientModel):
    """In whose name, and to whom, is written."""

    _name = "mail.compose.message"
    _inherit = ["citta.reach.mixin", "mail.compose.message"]


class MailTemplate(models.Model):
    """Whose words a letter has."""

    _name = "mail.template"
    _inherit = ["citta.reach.mixin", "mail.template"]


class UtmCampaign(models.Model):
    """Who answers for a campaign."""

    _name = "utm.campaign"
    _inherit = ["citta.reach.mixin", "utm.campaign"]
