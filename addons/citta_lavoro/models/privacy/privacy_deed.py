from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .privacy_erasure import OFFICER

ROLES = [
    ("controller", "Controller of its own"), ("joint_controller", "Joint controller — art. 26"), ("processor", "Processor — art. 28"),
]
REMIND_DAYS = 60


class PrivacyDeed(models.Model):
    """Under which paper a partner body may work with the data of the programme's people, and for how long."""

    _name = "citta.privacy.deed"
    _description = "Privacy deed of a body"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_end desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Body", required=True, index=True, ondelete="restrict", tracking=True, domain="[('citta_body_kind', '!=', False)]"
    )
    role = fields.Selection(ROLES, required=True, default="joint_controller", tracking=True)
    programme_id = fields.Many2one(
        "citta.programme", "Programme", index="btree_not_null", ondelete="restrict", help="Empty: for all programmes."
    )
    purpose_ids = fields.Many2many("citta.privacy.purpose", "citta_privacy_deed_purpose_rel", "deed_id", "purpose_id", "Purposes")
    reference = fields.Char("Protocol number", tracking=True)
    date_start = fields.Date("In force from", required=True, default=fields.Date.context_today, tracking=True)
    date_end = fields.Date("Until", tracking=True, help="Empty: until it is ended.")
    document = fields.Binary("Signed document", attachment=True)
    document_name = fields.Char("File name")
    is_valid = fields.Boolean("In force", compute="_compute_is_valid", search="_search_is_valid")
    date_reminded = fields.Date(readonly=True, copy=False)

    _dates_in_order = models.Constraint("CHECK (date_end IS NULL OR date_end >= date_start)", "A deed cannot end before it starts.")
    _proven = models.Constraint("CHECK (reference IS NOT NULL OR document_name IS NOT NULL)", "A deed has its protocol number or its document.")

    @api.depends("date_start", "date_end")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for deed in self:
            deed.is_valid = bool(deed.date_start) and deed.date_start <= today and (not deed.date_end or deed.date_end >= today)

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = Domain("date_start", "<=", today) & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        return valid if True in value else ~valid

    # -- write ---------------------------------------------------------------

    def write(self, vals):
        """A deed with another end is reminded of anew; what there was to do about the end before is done."""
        renewed = self.filtered(lambda deed: "date_end" in vals and deed.date_end != fields.Date.to_date(vals["date_end"]))
        result = super().write(vals)
        if reminded := renewed.filtered("date_reminded"):
            reminded.date_reminded = False
            # sudo: the task may be another officer's
            reminded.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return result

    # -- business ------------------------------------------------------------

    @api.model
    def _covers(self, body, programme):
        """Whether a deed in force lets this body work with the people of this programme."""
        # sudo: everybody who hands a person over must be told, not only who may read deeds
        return bool(self.sudo().search_count([
            ("partner_id", "=", body.id), ("programme_id", "in", [programme.id, False]), ("is_valid", "=", True),
        ], limit=1))

    @api.model
    def _get_obstacle(self, body, programme):
        """Why this body may not get a person of this programme, as a sentence, or False."""
        if self._covers(body, programme):
            return False
        return self.env._(
            "“%(body)s” has no privacy deed in force for “%(programme)s”: the privacy officer has to record it first (Privacy › Deeds).",
            body=body.name, programme=programme.name,
        )

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_ending(self):
        """Put deeds that end soon among the officers' things to do, once."""
        today = fields.Date.context_today(self)
        ending = self.search([
            ("date_reminded", "=", False), ("date_end", ">=", today), ("date_end", "<=", today + relativedelta(days=REMIND_DAYS)),
        ])
        officers = self.env.ref(OFFICER).user_ids.filtered("active")
        for deed in ending:
            for officer in officers:
                deed.activity_schedule(
                    "mail.mail_activity_data_todo", date_deadline=deed.date_end, user_id=officer.id,
                    summary=self.env._("Renew the privacy deed of %s", deed.partner_id.name),
                )
        ending.date_reminded = today
        return ending
