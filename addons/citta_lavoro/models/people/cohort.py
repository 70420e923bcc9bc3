from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

PLACES = "places"
AT_WORK = ("job", "self_employment")  # outcomes for the sake of which there is a programme


class Cohort(models.Model):
    """People who go through a programme together: when, led by whom, how many there is room for, and what became of them."""

    _name = "citta.cohort"
    _description = "Edition"
    _inherit = ["citta.claim.mixin", "citta.fixed.mixin"]
    _order = "date_start desc, name, id"

    _fixed_fields = frozenset({"programme_id"})

    name = fields.Char(required=True)
    programme_id = fields.Many2one(
        "citta.programme", "Programme", required=True, index=True, ondelete="restrict",
        default=lambda self: self.env["citta.programme"]._get_own(),
    )
    territory_id = fields.Many2one(related="programme_id.territory_id", store=True, precompute=True, index=True)
    body_id = fields.Many2one(
        "res.partner", "Run by", required=True, index=True, ondelete="restrict", domain="[('citta_body_kind', '!=', False)]",
        default=lambda self: self.env.user.citta_body_ids[:1],
    )
    user_id = fields.Many2one(
        "res.users", "Led by", index="btree_not_null", ondelete="restrict", domain="[('share', '=', False)]", default=lambda self: self.env.user,
    )
    date_start = fields.Date("From", required=True, default=fields.Date.context_today)
    date_end = fields.Date("Until")
    capacity = fields.Integer("Places", default=0, help="0: as many as come.")

    pathway_ids = fields.One2many("citta.pathway", "cohort_id", "People")
    taken = fields.Integer("People in it", compute="_compute_figures")
    open_count = fields.Integer("Under way", compute="_compute_figures")
    closed_count = fields.Integer("Concluded", compute="_compute_figures")
    work_count = fields.Integer("At work", compute="_compute_figures", help="Concluded with a job or an own activity.")

    _dates_in_order = models.Constraint("CHECK (date_end IS NULL OR date_end >= date_start)", "An edition cannot end before it starts.")
    _no_less_than_none = models.Constraint("CHECK (capacity >= 0)", "The number of places is 0 (as many as come) or more.")
    _name_once = models.UniqueIndex("(programme_id, lower(name))", "This programme has an edition of that name already.")

    @api.depends("pathway_ids.state", "pathway_ids.outcome")
    def _compute_figures(self):
        # sudo: how many they are counts for all bodies, not who
        pathways = self.env["citta.pathway"].sudo()
        counts = defaultdict(Counter)
        for cohort, outcome, count in pathways._read_group([("cohort_id", "in", self.ids)], ["cohort_id", "outcome"], ["__count"]):
            counts[cohort.id][outcome] = count
        for cohort in self:
            became = counts[cohort._origin.id]
            cohort.taken = became.total()
            cohort.open_count = became[False]
            cohort.closed_count = cohort.taken - cohort.open_count
            cohort.work_count = sum(became[outcome] for outcome in AT_WORK)

    # -- create, write ---------------------------------------------------------

    def write(self, vals):
        """:raise UserError: more people are in it than there would be places"""
        result = super().write(vals)
        if "capacity" in vals:
            for cohort in self:
                cohort._claim_resize(PLACES)
        return result

    def copy_data(self, default=None):
        """The next edition begins as a copy of this one: another name, for a programme has no two of one name, and nobody in it."""
        copies = super().copy_data(default)
        if "name" in (default or {}):
            return copies
        return [{**vals, "name": self.env._("%s (copy)", cohort.name)} for cohort, vals in zip(self, copies, strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        for cohort in self.filtered("taken") if not self.env.su else ():
            raise UserError(self.env._(
                "%(number)s people are in “%(cohort)s”: take out who is in it by mistake. With anybody in it an edition stays, for what became of them.",
                number=cohort.taken, cohort=cohort.name,
            ))

    def _get_claim_capacity(self, kind):
        return (self.capacity or None) if kind == PLACES else super()._get_claim_capacity(kind)

    # -- actions -------------------------------------------------------------

    def action_open_pathways(self):
        """Show the pathways of the edition, as many as the user may see.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._citta_narrow(
            "pathway_action", [("cohort_id", "=", self.id)], default_cohort_id=self.id, default_programme_id=self.programme_id.id
        )
        return {**action, "name": self.name, "display_name": self.name}

    def action_invite(self):
        """Invite all whose pathway is open: the dialogue names who cannot be reached.

        :return: the wizard's window action
        """
        return self._for_all("citta_lavoro.invitation_bulk_action")

    def action_deliver(self):
        """Enter one service for all whose pathway is open.

        :return: the wizard's window action
        """
        return self._for_all("citta_lavoro.delivery_bulk_action")

    # -- tools ---------------------------------------------------------------

    def _for_all(self, name):
        """A wizard for many, opened on the open pathways within the user's reach."""
        self.ensure_one()
        found = self.env["citta.pathway"].search([("cohort_id", "=", self.id), ("state", "!=", "closed")])
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        return {**action, "context": {"active_model": "citta.pathway", "active_ids": found.ids}}
