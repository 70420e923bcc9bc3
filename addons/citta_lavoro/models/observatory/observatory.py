from odoo import api, fields, models


class Observatory(models.Model):
    """The civic observatory on work of one municipality: who sits in it, for which mandate, what it found."""

    _name = "citta.observatory"
    _description = "Civic observatory"
    _inherit = ["mail.thread"]
    _order = "territory_id, name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    city_id = fields.Many2one("res.city", "Municipality", required=True, index=True, ondelete="restrict")
    territory_id = fields.Many2one(related="city_id.citta_territory_id", store=True, index=True)
    mandate = fields.Text(help="What the municipality asked of it, and by which deed.")
    date_start = fields.Date("Set up on")

    # members
    user_ids = fields.Many2many("res.users", "citta_observatory_users_rel", "observatory_id", "user_id", "Editors")
    partner_ids = fields.Many2many(
        "res.partner", "citta_observatory_partner_rel", "observatory_id", "partner_id", "Member bodies",
        domain="[('citta_body_kind', '!=', False)]",
    )

    # work
    need_ids = fields.One2many("citta.need", "observatory_id", "Needs")
    need_count = fields.Integer("Needs recorded", compute="_compute_counts")
    priority_count = fields.Integer("Priorities", compute="_compute_counts")
    meeting_ids = fields.One2many("event.event", "citta_observatory_id", "Meetings")
    meeting_count = fields.Integer("Meetings held or planned", compute="_compute_meeting_count")

    _city_uniq = models.UniqueIndex("(city_id)", "This municipality has its observatory already.")

    @api.depends("need_ids.state")
    def _compute_counts(self):
        counts = {
            (observatory, state): count
            for observatory, state, count in self.env["citta.need"]._read_group(
                [("observatory_id", "in", self.ids)], ["observatory_id", "state"], ["__count"]
            )
        }
        for observatory in self:
            own = {state: count for (found, state), count in counts.items() if found == observatory}
            observatory.need_count = sum(own.values())
            observatory.priority_count = own.get("priority", 0)

    @api.depends("meeting_ids")
    def _compute_meeting_count(self):
        counts = dict(self.env["event.event"]._read_group(
            [("citta_observatory_id", "in", self.ids)], ["citta_observatory_id"], ["__count"]
        ))
        for observatory in self:
            observatory.meeting_count = counts.get(observatory, 0)

    # -- actions -------------------------------------------------------------

    def action_open_needs(self):
        """Open the needs of this observatory; a new one belongs to it.

        :return: a window action
        """
        return self.env["ir.actions.act_window"]._citta_narrow("need_action", [("observatory_id", "=", self.id)], default_observatory_id=self.id)

    def action_open_meetings(self):
        """Open the meetings of this observatory; a new one belongs to it.

        :return: a window action
        """
        return self.env["ir.actions.act_window"]._citta_narrow(
            "event_event_meeting_action", [("citta_observatory_id", "=", self.id)],
            default_citta_kind="observatory", default_citta_observatory_id=self.id,
        )
