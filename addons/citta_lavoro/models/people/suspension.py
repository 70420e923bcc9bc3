from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

REASONS = [
    ("health", "Needs a break"), ("family", "Care and family"), ("work", "Temporary work"), ("away", "Away for a time"),
    ("training", "Training elsewhere"), ("wish", "Wish of the person"), ("unreachable", "Not reachable"), ("other", "Other"),
]
#: What is said when it is decided; all else is noted by itself.
GIVEN = {"pathway_id", "kind", "reason", "note", "date_start", "date_planned"}


class Suspension(models.Model):
    """A pause or a prolongation of a pathway: why, from when to when, within the limits of the programme."""

    _name = "citta.suspension"
    _description = "Pause or extension of a pathway"
    _inherit = ["citta.pathway.item", "citta.label.mixin"]
    _order = "date_start desc, id desc"
    _rec_name = "kind"

    kind = fields.Selection([("suspension", "Pause"), ("extension", "Extension")], required=True, default="suspension")
    reason = fields.Selection(REASONS, required=True, help="A reason in general terms; nothing about health or family in detail.")
    note = fields.Char()
    date_start = fields.Date("From", required=True, default=fields.Date.context_today)
    date_planned = fields.Date("Planned until", required=True)
    date_end = fields.Date("Until", readonly=True, copy=False, help="The day on which the pathway was taken up again.")
    user_id = fields.Many2one("res.users", "Decided by", readonly=True, default=lambda self: self.env.user, ondelete="restrict")

    _dates_in_order = models.Constraint("CHECK (date_planned >= date_start)", "It cannot end before it starts.")
    _end_in_order = models.Constraint("CHECK (date_end >= date_start)", "It cannot end before it starts.")
    _one_open = models.UniqueIndex(
        "(pathway_id) WHERE kind = 'suspension' AND date_end IS NULL", "This pathway is paused already."
    )

    @api.constrains("kind", "date_start", "date_planned", "pathway_id")
    def _check_limits(self):
        """The programme sets how long all pauses and all extensions may be together: what is decided, not how late a pause is ended.

        :raise ValidationError: longer
        """
        for item in self:
            item._check_days() if item.kind == "suspension" else item._check_months()

    def _check_days(self):
        limit = self.pathway_id.programme_id.suspension_days
        days = sum(one._get_days() for one in self.pathway_id.suspension_ids if one.kind == "suspension")
        if days > limit:
            raise ValidationError(self.env._(
                "A pathway of this programme is paused for at most %(limit)s days in all; this would make %(days)s.", limit=limit, days=days
            ))

    def _check_months(self):
        pathway = self.pathway_id
        latest = pathway._get_term() + relativedelta(months=pathway.programme_id.extension_months)
        if self.date_planned > latest:
            raise ValidationError(self.env._(
                "A pathway of this programme is extended by at most %(months)s months in all: until %(date)s.",
                months=pathway.programme_id.extension_months, date=format_date(self.env, latest),
            ))

    def _get_days(self):
        return ((self.date_end or self.date_planned) - self.date_start).days

    @api.model_create_multi
    def create(self, vals_list):
        """Who decides is who enters it, the end is written when it has come, and the pathway follows.

        :raise AccessError: another body follows the person
        :raise UserError: see ``_begin``
        """
        items = super(Suspension, self._citta_only_defaults(GIVEN)).create(self._citta_only_values(vals_list, GIVEN)).with_env(self.env)
        items.pathway_id._check_follower()
        if not (self.env.su and self.env.context.get("install_mode")):
            for item in items:
                item._begin()
        return items

    def write(self, vals):
        """A decision stays as it was taken; only its end is written, by the pathway.

        :raise UserError: somebody rewrites it
        """
        if not self.env.su and vals.keys() - {"note"}:
            raise UserError(self.env._("A pause or an extension is not rewritten."))
        return super().write(vals)

    def _begin(self):
        """A pause stops the pathway, an extension is noted in its history; a pause that was over before it was entered is only kept.

        :raise UserError: a pause has not begun, or the pathway is not active
        """
        today, pathway = fields.Date.context_today(self), self.pathway_id
        label = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        if self.kind == "extension":
            pathway._extend(self, label)
        elif self.date_start > today:
            raise UserError(self.env._("A pause begins today or has begun: enter it on the day on which it begins."))
        elif self.date_planned < today:
            # sudo: a decision is nobody's to rewrite; here only its end is noted
            self.sudo().date_end = self.date_planned
            # a pause that follows in this transaction must find this one ended
            self.flush_recordset(["date_end"])
        elif pathway.state != "suspended":
            pathway._workflow_move("suspend", label)
