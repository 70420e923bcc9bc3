from odoo import api, fields, models

from ..common.workflow_mixin import Transition

SIDES = [
    ("worker", "Workers"),
    ("firm", "Firms"),
    ("process", "Meeting of supply and demand"),
]
URGENCIES = [("0", "Normal"), ("1", "Important"), ("2", "Urgent"), ("3", "Very urgent")]
PUBLIC_STATES = ("validated", "priority", "answered")


class Need(models.Model):
    """A need of the territory that an observatory found: of workers, of firms, or of how the two meet.

    Everything the programme does leads back to one of these: challenges, courses and opportunities say which
    need they answer.
    """

    _name = "citta.need"
    _description = "Need"
    _inherit = ["mail.thread", "mail.activity.mixin", "citta.workflow.mixin"]
    _order = "urgency desc, date desc, id desc"

    _workflow_transitions = {
        "validate": Transition(("recorded",), "validated"),
        "prioritise": Transition(("validated",), "priority"),
        "answer": Transition(("validated", "priority"), "answered"),
        "drop": Transition(("recorded", "validated", "priority"), "dropped"),
        "reopen": Transition(("answered", "dropped"), "recorded"),
    }

    # what
    name = fields.Char("Title", required=True, tracking=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [
            ("recorded", "Recorded"),
            ("validated", "Validated"),
            ("priority", "Priority"),
            ("answered", "Answered"),
            ("dropped", "Dropped"),
        ],
        required=True, default="recorded", readonly=True, copy=False, tracking=True, index=True,
        group_expand=True,
    )
    side = fields.Selection(SIDES, "Side of the market", required=True, default="worker", index=True)
    description = fields.Text(help="No names and nothing that would point at one person.")
    sector = fields.Char(help="Economic sector, in the words of who reported it.")
    occupation = fields.Char(help="Trade or occupation, in the words of who reported it.")
    color = fields.Integer()

    # where
    observatory_id = fields.Many2one("citta.observatory", "Observatory", required=True, index=True, ondelete="restrict")
    city_id = fields.Many2one(related="observatory_id.city_id", store=True, index=True)
    territory_id = fields.Many2one(related="observatory_id.territory_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Recorded by", default=lambda self: self.env.user, ondelete="restrict")
    date = fields.Date("Recorded on", required=True, default=fields.Date.context_today)

    # how much
    affected_count = fields.Integer("People or firms affected", tracking=True)
    urgency = fields.Selection(URGENCIES, required=True, default="0", tracking=True)
    evidence = fields.Text(help="What shows it: figures, interviews, reports.")
    source = fields.Char(help="Where the evidence comes from.")

    # afterwards
    canvas_line_ids = fields.One2many("citta.canvas.line", "need_id", "In canvases", groups="citta_lavoro.group_citta_operator")
    canvas_count = fields.Integer("Canvases", compute="_compute_canvas_count", groups="citta_lavoro.group_citta_operator")
    is_public = fields.Boolean("Published", help="Shown on the public page once the need is validated.", tracking=True)
    outcome = fields.Text("Answer or reason", help="What answered the need, or why it was dropped.")

    _affected_positive = models.Constraint("CHECK (affected_count >= 0)", "Nobody is less than nobody: check the number.")
    _dropped_with_reason = models.Constraint(
        "CHECK (state != 'dropped' OR outcome IS NOT NULL)", "Write why the need is dropped before dropping it."
    )
    _public_idx = models.Index("(territory_id, city_id) WHERE is_public IS TRUE")

    @api.depends("name", "city_id")
    @api.depends_context("citta_need_with_city")
    def _compute_display_name(self):
        """The title; with the municipality where needs of several stand side by side."""
        for need in self:
            with_city = self.env.context.get("citta_need_with_city") and need.city_id
            need.display_name = f"{need.city_id.name}: {need.name}" if with_city else need.name

    @api.depends("canvas_line_ids")
    @api.depends_context("uid")
    def _compute_canvas_count(self):
        """Current canvases within reach of who looks."""
        counts = dict(self.env["citta.canvas.line"]._read_group(
            [("need_id", "in", self.ids), ("canvas_id.is_current", "=", True)], ["need_id"], ["canvas_id:count_distinct"]
        ))
        for need in self:
            need.canvas_count = counts.get(need._origin, 0)

    # -- actions -------------------------------------------------------------

    def action_validate(self):
        """The observatory confirms that the need is real (recorded → validated)."""
        return self._workflow_move("validate")

    def action_prioritise(self):
        """The observatory chooses it as a priority: it may become a challenge, a course, a call."""
        return self._workflow_move("prioritise")

    def action_answer(self):
        """Something answered the need (validated or priority → answered)."""
        return self._workflow_move("answer")

    def action_drop(self):
        """Give the need up; the reason stands in ``outcome``, else the database refuses."""
        return self._workflow_move("drop")

    def action_reopen(self):
        """Take an answered or dropped need up again, from the start."""
        return self._workflow_move("reopen")

    def action_open_canvases(self):
        """Show the current canvases that build on this need, within reach of who looks.

        :return: a window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.canvas_action")
        return {**action, "domain": [("line_ids.need_id", "in", self.ids)]}

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_public_domain(self):
        """What the public may read: published by its observatory, and confirmed."""
        return fields.Domain("is_public", "=", True) & fields.Domain("state", "in", PUBLIC_STATES)

    @api.model
    def _get_open_domain(self, territory):
        """What waits for an answer in a territory."""
        return fields.Domain("territory_id", "=", territory.id) & fields.Domain("state", "in", ("validated", "priority"))
