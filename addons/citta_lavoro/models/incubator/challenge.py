from odoo import api, fields, models
from odoo.fields import Domain

from ..common.workflow_mixin import Transition

EDITORS = "citta_lavoro.group_citta_observatory_editor,citta_lavoro.group_citta_coordinator"


class Challenge(models.Model):
    """A problem of the territory, set by a firm or body, that ideas may answer."""

    _name = "citta.challenge"
    _description = "Challenge"
    _inherit = ["mail.thread", "citta.workflow.mixin"]
    _order = "date_end desc, id desc"

    _workflow_transitions = {
        "publish": Transition(("draft",), "published", EDITORS),
        "close": Transition(("published",), "closed", EDITORS),
        "reopen": Transition(("closed",), "published", EDITORS),
    }

    # what
    name = fields.Char("Title", required=True, size=120, tracking=True)
    problem = fields.Text(required=True, help="What is wrong or missing, as those affected would say it.")
    affected = fields.Char("Who is affected", size=200)
    expected = fields.Text("What is expected", help="What an answer should achieve, and what the proposer offers for it.")

    # whose and where
    proposer_id = fields.Many2one(
        "res.partner", "Set by", index="btree_not_null", ondelete="restrict", domain="[('citta_body_kind', '!=', False)]"
    )
    need_id = fields.Many2one("citta.need", "Need", index="btree_not_null", ondelete="restrict")
    programme_id = fields.Many2one(
        "citta.programme", "Programme", required=True, index=True, ondelete="restrict", default=lambda self: self.env["citta.programme"]._get_own(),
    )
    territory_id = fields.Many2one(related="programme_id.territory_id", string="Territory", store=True, index=True)

    # when
    date_start = fields.Date("Open from", default=fields.Date.context_today)
    date_end = fields.Date("Open until")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("closed", "Closed")],
        default="draft", required=True, index=True, tracking=True, copy=False, group_expand=True,
    )

    # answers
    idea_ids = fields.One2many("crm.lead", "citta_challenge_id", "Ideas")
    idea_count = fields.Integer(compute="_compute_idea_count")

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A challenge cannot end before it opens.",
    )
    _one_per_need = models.UniqueIndex(
        "(need_id) WHERE need_id IS NOT NULL AND state != 'closed'", "This need has an open challenge already."
    )

    def _compute_idea_count(self):
        counts = {}
        if self.env["crm.lead"].has_access("read"):
            counts = dict(self.env["crm.lead"]._read_group(
                [("citta_challenge_id", "in", self.ids)], ["citta_challenge_id"], ["__count"]
            ))
        for challenge in self:
            challenge.idea_count = counts.get(challenge, 0)

    # -- transitions ---------------------------------------------------------

    def action_publish(self):
        """Show the challenge on the public page and take ideas for it."""
        return self._workflow_move("publish")

    def action_close(self):
        """Take no more ideas for it."""
        return self._workflow_move("close")

    def action_reopen(self):
        """Take ideas again."""
        return self._workflow_move("reopen")

    # -- actions -------------------------------------------------------------

    def action_open_ideas(self):
        """Open the ideas that answer the challenge."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.crm_lead_incubator_action")
        action["domain"] = [("citta_challenge_id", "=", self.id)]
        return action

    # -- business ------------------------------------------------------------

    @api.model
    def _get_public_domain(self):
        """Domain of what the public may see: published, and open or over."""
        today = fields.Date.context_today(self)
        begun = Domain("date_start", "=", False) | Domain("date_start", "<=", today)
        return Domain("state", "=", "published") & begun

    def _is_open(self):
        """Whether ideas are taken today."""
        self.ensure_one()
        in_time = not self.date_end or self.date_end >= fields.Date.context_today(self)
        return self.state == "published" and in_time
