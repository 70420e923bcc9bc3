from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.workflow_mixin import Transition
from .pathway_care import COORDINATOR


class Pathway(models.Model):
    """The case file: one person in one programme, from the first meeting to a coded outcome."""

    _name = "citta.pathway"
    _description = "Pathway"
    _inherit = [
        "citta.pathway.team", "citta.pathway.alarm", "citta.pathway.case", "citta.pathway.facts", "citta.pathway.care", "citta.pathway.term",
        "citta.pathway.voice", "citta.pathway.exit", "citta.pathway.staging", "citta.pathway.cohort", "citta.bulk.mixin", "citta.fixed.mixin", "citta.workflow.mixin", "citta.reach.mixin",
        "citta.internal.thread.mixin", "mail.activity.mixin",
    ]
    _order = "date_next_contact, id"
    _rec_name = "partner_id"

    _fixed_fields = frozenset({"partner_id", "programme_id", "territory_id", "lead_id"})
    _workflow_transitions = {
        "activate": Transition(("draft",), "active"),
        "suspend": Transition(("active",), "suspended"),
        "resume": Transition(("suspended",), "active"),
        "close": Transition(("draft", "active", "suspended"), "closed"),
        "reopen": Transition(("closed",), "active", COORDINATOR),
    }

    # who and where
    partner_id = fields.Many2one("res.partner", "Person", required=True, index=True, ondelete="restrict", tracking=True)
    programme_id = fields.Many2one(
        "citta.programme", "Programme", required=True, index=True, ondelete="restrict",
        default=lambda self: self.env["citta.programme"]._get_own(),
    )
    territory_id = fields.Many2one(related="programme_id.territory_id", store=True, precompute=True)
    body_id = fields.Many2one(
        "res.partner", "Followed by", required=True, index=True, ondelete="restrict", tracking=True,
        domain="[('citta_body_kind', '!=', False)]", default=lambda self: self._default_body_id(),
    )
    referent_id = fields.Many2one(
        "res.users", "Referent", index="btree_not_null", ondelete="restrict", tracking=True,
        default=lambda self: self.env.user, domain="[('share', '=', False)]",
    )
    lead_id = fields.Many2one(
        "crm.lead", "First contact", readonly=True, copy=False, index="btree_not_null", ondelete="set null", groups="base.group_user",
    )

    has_portal = fields.Boolean("Portal login", compute="_compute_has_portal", groups="base.group_user")

    # course
    state = fields.Selection(
        [("draft", "To start"), ("active", "Active"), ("suspended", "Suspended"), ("closed", "Closed")],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )
    date_start = fields.Date("Start", required=True, default=fields.Date.context_today)
    date_end = fields.Date("End", readonly=True, copy=False)
    date_next_contact = fields.Date("Next contact", tracking=True)
    date_last_contact = fields.Date("Last contact", copy=False)
    is_late = fields.Boolean("Contact overdue", compute="_compute_is_late")

    # plan
    goal_ids = fields.One2many("citta.goal", "pathway_id", "Goals")
    action_ids = fields.One2many("citta.action", "pathway_id", "Actions")
    note_ids = fields.One2many("citta.note", "pathway_id", "Notes", groups="citta_lavoro.group_citta_operator")
    open_action_count = fields.Integer("Open actions", compute="_compute_open_action_count")

    _one_open = models.UniqueIndex(
        "(partner_id, programme_id) WHERE state != 'closed'", "This person has an open pathway in this programme."
    )
    _one_per_lead = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL", "This first contact has become a pathway already."
    )
    _closed_with_outcome = models.Constraint(
        "CHECK ((state = 'closed') = (outcome IS NOT NULL) AND (state = 'closed') = (date_end IS NOT NULL))",
        "A pathway is closed with its outcome and its end, and an open one has neither.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A pathway cannot end before it starts."
    )
    # territory and stage have no index of their own: these two serve them
    _board_idx = models.Index("(territory_id, body_id, stage_id, date_next_contact, id)")
    _order_idx = models.Index("(date_next_contact, id)")

    # -- defaults ------------------------------------------------------------

    @api.model
    def _default_body_id(self):
        return self.env.user.citta_body_ids[:1]

    # -- compute -------------------------------------------------------------

    @api.depends("date_next_contact", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for pathway in self:
            due = pathway.date_next_contact
            pathway.is_late = bool(due and due < today and pathway.state != "closed")

    @api.depends("partner_id.user_ids.active")
    def _compute_has_portal(self):
        for pathway in self:
            # sudo: operators cannot read users, only whether there is a login
            pathway.has_portal = bool(pathway.sudo().partner_id.user_ids)

    @api.depends("action_ids.state")
    def _compute_open_action_count(self):
        counts = dict(self.env["citta.action"]._read_group(
            [("pathway_id", "in", self.ids), ("state", "=", "open")], ["pathway_id"], ["__count"]
        ))
        for pathway in self:
            pathway.open_action_count = counts.get(pathway._origin, 0)

    # -- constraints ---------------------------------------------------------

    @api.constrains("territory_id", "programme_id")
    def _check_territory(self):
        for pathway in self:
            if pathway.territory_id != pathway.programme_id.territory_id:
                raise ValidationError(self.env._("A pathway belongs to the territory of its programme."))

    @api.constrains("referent_id")
    def _check_referent(self):
        if self.referent_id.filtered("share"):
            raise ValidationError(self.env._("A referent works for one of the bodies: portal users cannot be it."))

    @api.constrains("date_last_contact")
    def _check_last_contact(self):
        today = fields.Date.context_today(self)
        if any(pathway.date_last_contact and pathway.date_last_contact > today for pathway in self):
            raise ValidationError(self.env._("A contact is noted when it has taken place; the next one has a field of its own."))

    # -- create, write, delete -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The person comes under the care of the body that opens the pathway.

        :raise AccessError: the person is out of the user's reach
        """
        self.env["res.partner"].browse({vals.get("partner_id") for vals in vals_list if vals.get("partner_id")}).check_access("read")
        pathways = super().create(self._add_first_stage(vals_list))
        pathways._take_person_on()
        return pathways

    @api.model
    def _add_precomputed_values(self, vals_list):
        """A record in memory for each of many would cost more than its row: what follows from the programme is looked up for all."""
        # sudo: as in the compute of a related field
        programmes = self.env["citta.programme"].sudo()
        territories = {one: programmes.browse(one).territory_id.id for one in {vals.get("programme_id") for vals in vals_list}}
        for vals in vals_list:
            vals["territory_id"] = territories[vals.get("programme_id")]
        super()._add_precomputed_values(vals_list)

    def write(self, vals):
        """Let the exit of a pathway follow its state, and the person follow who has the pathway.

        :raise UserError: the exit would be rewritten without closing or reopening
        """
        self._check_handover(vals)
        self._check_exit(vals)
        if vals.get("state"):
            vals = {**vals, **self._prepare_state_values(vals)}
        result = super().write(vals)
        if vals.get("state"):
            # an open pathway that follows in this transaction must find this one closed
            self.flush_recordset()
        if "body_id" in vals:
            self._take_person_on(moved=True)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if not self.env.su and any(pathway.state != "draft" for pathway in self):
            raise UserError(self.env._("A pathway that has started is closed, not deleted."))

    # -- actions -------------------------------------------------------------

    def action_activate(self):
        """Start the work with the person."""
        return self._workflow_move("activate")

    def action_suspend(self):
        """Pause the pathway: it stays open and keeps its plan."""
        return self._workflow_move("suspend")

    def action_resume(self):
        """Take a suspended pathway up again."""
        return self._workflow_move("resume")

    def action_reopen(self):
        """Open a closed pathway again: the outcome and the end are taken back. For coordinators."""
        return self._workflow_move("reopen")

    def action_close(self):
        """Ask for the outcome in the closing wizard.

        :return: the wizard's window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.pathway_close_action")
        action["context"] = {"default_pathway_id": self.id}
        return action

    def action_contacted(self):
        """Note that the person was met or heard today."""
        return self.write({"date_last_contact": fields.Date.context_today(self)})

    def action_open_person(self):
        """Show who the person is.

        :return: the person's form
        """
        return self._open_record(self.partner_id, "citta_lavoro.res_partner_person_view_form")

    def action_open_sensitive(self):
        """Show the special data of the person, or begin them; opening them is logged.

        :return: their form
        """
        found = self.env["citta.person.sensitive"].search([("partner_id", "=", self.partner_id.id)], limit=1)
        return {**self._open_record(found), "context": {"default_partner_id": self.partner_id.id}}

    def action_open_lead(self):
        """Show the first contact from which this pathway came.

        :return: the contact's form
        """
        return self._open_record(self.lead_id)

    def action_give_portal_access(self):
        """Invite the person to the portal by e-mail; who has a login keeps it.

        :raise UserError: see ``res.partner._citta_give_portal_access``
        """
        return self._each_person("_citta_give_portal_access")

    def action_revoke_portal_access(self):
        """Close the person's portal login; the pathway stays as it is."""
        return self._each_person("_citta_revoke_portal_access")

    # -- transitions ---------------------------------------------------------

    def _on_activate(self):
        """A person is known by the fiscal code, or by the reason for lacking one.

        :raise UserError: neither is written down
        """
        for pathway in self:
            if not (pathway.partner_id.citta_fiscal_code or pathway.partner_id.citta_no_fiscal_code_reason):
                raise UserError(self.env._(
                    "Write the fiscal code of %(person)s, or why there is none yet.", person=pathway.display_name
                ))

    def _note_withdrawal(self, consent):
        """Tell who follows the person that a consent is gone.

        :param consent: the consent that the person withdrew
        """
        for pathway in self.filtered(lambda one: one.state != "closed"):
            pathway._message_log(body=self.env._("Consent withdrawn by the person: %(purpose)s", purpose=consent.purpose_id.name))

    # -- tools ---------------------------------------------------------------

    def _each_person(self, method):
        self.check_access("write")
        self._check_follower()
        for person in self.partner_id:
            getattr(person, method)()
        return True

    def _open_record(self, record, view=None):
        view_id = self.env.ref(view).id if view else False
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "views": [(view_id, "form")]}
