from odoo import api, fields, models


class Commitment(models.Model):
    """What a member promised to the network, in quantity, and how much of it was kept."""

    _name = "citta.commitment"
    _description = "Commitment of a member"
    _order = "member_id, id"

    name = fields.Char("What is promised", required=True)
    member_id = fields.Many2one("citta.member", "Member", required=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one(related="member_id.territory_id", store=True, index=True)
    unit = fields.Selection(
        [
            ("hours", "Hours of experts"),
            ("places", "Places for training or internships"),
            ("jobs", "Jobs"),
            ("interviews", "Interviews"),
            ("challenges", "Challenges"),
            ("rooms", "Days of rooms or equipment"),
            ("other", "Other"),
        ],
        required=True, default="hours",
    )
    quantity_promised = fields.Float("Promised", required=True, default=1.0, digits=(16, 1))
    quantity_fulfilled = fields.Float("Kept", digits=(16, 1))
    progress = fields.Float("Progress (%)", compute="_compute_progress", digits=(16, 0))
    date_deadline = fields.Date("By")
    note = fields.Text()

    _promised_positive = models.Constraint("CHECK (quantity_promised > 0)", "A commitment promises something.")
    _fulfilled_positive = models.Constraint("CHECK (quantity_fulfilled >= 0)", "What was kept cannot be negative.")

    @api.depends("quantity_promised", "quantity_fulfilled")
    def _compute_progress(self):
        for commitment in self:
            promised = commitment.quantity_promised
            commitment.progress = 100.0 * commitment.quantity_fulfilled / promised if promised else 0.0
