from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

PORTION = 500
#: Date that has come → the task that it sets, the fields that settle it, and how many days after it the task is set.
ALARMS = {
    "date_next_contact": ("citta_lavoro.mail_activity_type_contact", {"date_next_contact", "date_last_contact"}, 1),
    "date_review": ("citta_lavoro.mail_activity_type_review", {"date_review"}, 0),
}


class PathwayAlarm(models.AbstractModel):
    """Alarms of a pathway: a contact that is overdue, and the day on which the plan is gone through with the person."""

    _name = "citta.pathway.alarm"
    _description = "Alarms of a pathway"

    date_review = fields.Date("Next review", copy=False, groups="base.group_user", help="When the plan is gone through with the person; empty: never.")
    is_review_due = fields.Boolean("Review due", compute="_compute_is_review_due", groups="base.group_user")

    @api.depends("date_review", "state")
    def _compute_is_review_due(self):
        today = fields.Date.context_today(self)
        for pathway in self:
            pathway.is_review_due = bool(pathway.date_review and pathway.date_review <= today and pathway.state == "active")

    def write(self, vals):
        """The first review is set when the work begins; what is settled alarms no more."""
        result = super().write(vals)
        if vals.get("state") == "active" and not vals.get("date_review"):
            for pathway in self.filtered(lambda one: not one.date_review):
                pathway.date_review = pathway._get_next_review()
        for kind, settling, _days in ALARMS.values():
            if settling & vals.keys():
                # sudo: the task may be a colleague's
                self.sudo().activity_unlink([kind])
        return result

    def action_reviewed(self):
        """Note that the plan was gone through with the person today; the next review follows after the programme's term."""
        for pathway in self:
            following = pathway._get_next_review()
            pathway.write({"date_review": following, "date_last_contact": fields.Date.context_today(self)})
            pathway._message_log(body=self.env._(
                "The plan was gone through with the person. Next review: %s", format_date(self.env, following) if following else self.env._("none"),
            ))
        return True

    def _get_next_review(self):
        """The day of the next review after today; False where the programme has none."""
        months = self.programme_id.review_months
        return fields.Date.context_today(self) + relativedelta(months=months) if months else False

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_alarms(self):
        """Put overdue contacts and due reviews on the list of who follows the person, once each."""
        for name in ALARMS:
            last = self.browse()
            while last := self._raise_alarms(name, last):
                self.env["ir.cron"]._commit_progress(PORTION)

    @api.model
    def _raise_alarms(self, name, after=None):
        """Set the tasks of one kind for the next portion of pathways.

        :param str name: a key of ``ALARMS``
        :param after: the pathway with which the portion before ended
        :return: the last one of this portion, none when all are through
        """
        kind, _settling, days = ALARMS[name]
        due = fields.Date.context_today(self) - relativedelta(days=days)
        domain = Domain("state", "=", "active") & Domain(name, "<=", due) & Domain("id", ">", after.id if after else 0)
        asked = Domain("activity_ids", "not any", [("activity_type_id", "=", self.env.ref(kind).id)])
        found = self.search(domain & asked, limit=PORTION, order="id")
        # on the list and not in the mailbox: a letter for each would be noise
        for pathway in found.with_context(mail_activity_quick_update=True):
            if answers := pathway._get_keeper():
                pathway.activity_schedule(kind, user_id=answers.id)
        return found[-1:]
