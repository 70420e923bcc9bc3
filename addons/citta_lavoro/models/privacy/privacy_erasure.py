from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.workflow_mixin import Transition

OFFICER = "citta_lavoro.group_citta_privacy_officer"
KINDS = [("retention", "Term of retention"), ("request", "Request of the person"), ("officer", "Decision of the privacy officer")]
#: What the erasure notes by itself.
NOTED = {"date_last", "date_noticed", "notice", "date_done", "date_kept_until", "summary", "kept_reason", "leftovers"}
WHOSE = {"kind", "partner_id", "lead_id", "programme_id"}


class PrivacyErasure(models.Model):
    """One person made anonymous: why, when announced, when done, what a law kept. Holds nothing of the person itself.

    It stays as the proof of the deed, and tells what has to be erased again after a backup was restored.
    """

    _name = "citta.privacy.erasure"
    _description = "Erasure of personal data"
    _inherit = ["citta.workflow.mixin", "mail.thread"]
    _order = "date_planned desc, id desc"
    _rec_name = "kind"

    _workflow_transitions = {
        "done": Transition(("planned", "limited"), "done", OFFICER),
        "limit": Transition(("planned",), "limited", OFFICER),
        "cancel": Transition(("planned",), "cancelled", OFFICER),
    }

    # who and why
    kind = fields.Selection(KINDS, "Because of", required=True, default="officer", readonly=True)
    partner_id = fields.Many2one("res.partner", "Person", index="btree_not_null", ondelete="set null")
    lead_id = fields.Many2one("crm.lead", "First contact", index="btree_not_null", ondelete="set null")
    programme_id = fields.Many2one("citta.programme", "Programme", ondelete="restrict", readonly=True)
    obstacles = fields.Text("In the way", compute="_compute_obstacles")

    # when
    state = fields.Selection(
        [("planned", "Announced"), ("limited", "Erased, papers kept"), ("done", "Erased"), ("cancelled", "Called off")],
        required=True, default="planned", readonly=True, copy=False, tracking=True,
    )
    date_last = fields.Date("Last sign of life", readonly=True)
    date_planned = fields.Date("Not before", required=True, default=fields.Date.context_today)
    date_noticed = fields.Date("Announced on", readonly=True, copy=False)
    notice = fields.Selection(
        [("mail", "By e-mail"), ("none", "No e-mail is known: tell the person otherwise")], "Notice", readonly=True, copy=False
    )
    date_done = fields.Datetime("Erased on", readonly=True, copy=False)
    date_kept_until = fields.Date("Papers kept until", readonly=True, copy=False)

    # what
    held = fields.Text("What is held", compute="_compute_held")
    summary = fields.Text("Records", readonly=True, copy=False)
    kept_reason = fields.Text("Kept because", readonly=True, copy=False)
    leftovers = fields.Text("To look at by hand", readonly=True, copy=False, help="Files of others that name the person.")

    _someone = models.Constraint(
        "CHECK (state NOT IN ('planned') OR partner_id IS NOT NULL OR lead_id IS NOT NULL)", "Say whose data are to be erased."
    )
    _done_with_date = models.Constraint(
        "CHECK ((state IN ('done', 'limited')) = (date_done IS NOT NULL))", "An erasure that was done has its date."
    )
    _one_partner = models.UniqueIndex(
        "(partner_id) WHERE state IN ('planned', 'limited')", "The erasure of this person is under way already."
    )
    _one_lead = models.UniqueIndex("(lead_id) WHERE state = 'planned'", "The erasure of this first contact is under way already.")

    @api.depends("partner_id", "lead_id", "state")
    def _compute_obstacles(self):
        for erasure in self:
            waiting = erasure.state == "planned" and (erasure.partner_id or erasure.lead_id)
            erasure.obstacles = "\n".join(erasure._get_obstacles()) if waiting else False

    @api.depends("partner_id", "lead_id", "state")
    def _compute_held(self):
        """Numbers only: what it is stays where it is."""
        registry = self.env["citta.privacy.registry"]
        for erasure in self:
            waiting = erasure.state in ("planned", "limited") and (erasure.partner_id or erasure.lead_id)
            found = registry._find(erasure.partner_id, erasure.lead_id) if waiting else {}
            erasure.held = self._describe({name: len(records) for name, records in found.items() if records})

    @api.depends("kind")
    def _compute_display_name(self):
        for erasure in self:
            erasure.display_name = self.env._("Erasure no. %s", erasure.id) if erasure.id else False

    # -- create, write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """What was erased, and when, is not said in advance."""
        plain = self._citta_only_defaults(self._fields.keys() - NOTED)
        return super(PrivacyErasure, plain).create(self._citta_without_values(vals_list, NOTED)).with_env(self.env)

    def write(self, vals):
        """The proof of the deed is written by the deed alone, and what was promised to the person is kept.

        :raise UserError: somebody writes it by hand, or brings an announced day forward
        """
        if self and not self.env.su:
            self.check_access("write")
            if (NOTED | WHOSE) & vals.keys():
                raise UserError(self.env._("Whose data were erased, when, and what was kept is noted by the erasure itself."))
            day = fields.Date.to_date(vals.get("date_planned"))
            if day and any(one.kind == "retention" and day < one.date_planned for one in self):
                raise UserError(self._say_announced())
        return super().write(vals)

    def _workflow_may(self, name):
        """Nothing is erased by a word: the officer's button erases, and then says so."""
        return super()._workflow_may(name) and (self.env.su or name == "cancel")

    # -- actions -------------------------------------------------------------

    def action_erase(self):
        """Erase now. For the privacy officer.

        :raise AccessError: somebody else asks for it
        :raise UserError: something stands in the way, it was done already, or the day that was announced has not come
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only the privacy officer erases a person."))
        if self.filtered(lambda one: one.state == "planned" and one.kind == "retention" and one.date_planned > fields.Date.context_today(self)):
            raise UserError(self._say_announced())
        for erasure in self:
            erasure._erase()
        return True

    def action_cancel(self):
        """Call an announced erasure off."""
        return self._workflow_move("cancel")

    # -- business ------------------------------------------------------------

    def _erase(self):
        """Do it, wholly or not at all; of two at once the later one finds it done.

        :raise UserError: something stands in the way
        """
        self.ensure_one()
        if obstacles := self._get_obstacles():
            raise UserError("\n".join(obstacles))
        partner, lead = self.partner_id, self.lead_id
        requests = self._get_open_requests()
        counts, kept, leftovers = self.env["citta.privacy.eraser"].erase(partner, lead)
        until = max((date for _records, _reason, date in kept if date), default=False)
        # sudo: the facts of an erasure are written by this method alone, after its checks
        self.sudo()._workflow_erased("limit" if until else "done", {
            "date_done": fields.Datetime.now(),
            "date_kept_until": until,
            "kept_reason": "\n".join(sorted({reason for _records, reason, _date in kept})) or False,
            "summary": self._describe(counts),
            "leftovers": "\n".join(leftovers) or False,
        })
        self._answer_requests(requests)
        # sudo: whoever may erase may have the files collected
        self.env.ref("base.autovacuum_job").sudo()._trigger()

    def _get_open_requests(self):
        """What the person still waits for, also under a first contact or contact that the erasure finds on its way."""
        found = self.env["citta.privacy.registry"]._find(self.partner_id, self.lead_id)
        # sudo: the erasure was allowed, and takes every request of the person along
        requests = found.get("citta.privacy.request", self.env["citta.privacy.request"]).sudo()
        return requests.filtered(lambda one: not one.date_answered)

    def _answer_requests(self, requests):
        """Whoever asked to be erased has the answer with that; other open requests of nobody are over.

        :param requests: see ``_get_open_requests``; taken before, as the erasure parts them from the person
        """
        asked = requests.filtered(lambda one: one.erasure_id == self and one.state == "verified")
        asked._workflow_move("answer")
        (requests - asked)._workflow_move("lapse")

    def _workflow_erased(self, name, facts):
        """Write the facts together with the move that they belong to; papers that came meanwhile only move the term."""
        if name == "limit" and self.state == "limited":
            return self.write(facts)
        moved = self.with_context(citta_workflow_transition=name, tracking_disable=True)
        return moved.write({**facts, "state": self._workflow_transitions[name].target})

    @api.model
    def _describe(self, counts):
        """Numbers of records by the names of their models."""
        names = self.env["citta.privacy.registry"]._name_models(counts)
        return "\n".join(f"{names[name]}: {count}" for name, count in counts.items())

    def _get_obstacles(self):
        registry = self.env["citta.privacy.registry"]
        return registry._get_obstacles(registry._find(self.partner_id, self.lead_id))

    @api.model
    @api.private
    def plan(self, values):
        """Announce erasures: one row each, and a letter to whoever has an e-mail.

        :param values: list of dictionaries, see ``citta.privacy.registry._get_idle``
        :return: the erasures
        """
        erasures = self.create([{
            "kind": "retention", "partner_id": one["partner_id"], "lead_id": one["lead_id"], "programme_id": one["programme_id"],
            "date_last": one["last"], "date_planned": one["until"],
        } for one in values])
        erasures._send_notice()
        return erasures

    def _send_notice(self):
        """Write to the person before the data go; once."""
        template = self.env.ref("citta_lavoro.mail_template_retention")
        for erasure in self.filtered(lambda one: not one.date_noticed):
            email = erasure._get_email()
            if email:
                template.send_mail(erasure.id, email_values={"email_to": email})
            # sudo: the notice is the announcement's own to write
            erasure.sudo().write({"date_noticed": fields.Date.context_today(self), "notice": "mail" if email else "none"})

    def _get_email(self):
        return self.partner_id.email or self.lead_id.email_from

    def _say_announced(self):
        return self.env._("The person was told from which day on: not before. Asked to by the person, call this one off and answer the request.")

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_retention(self):
        """Announce what is about to reach its term, call off what came to life again, erase what has reached it."""
        self._announce_idle(fields.Date.context_today(self))
        self._call_off_revived()
        todo = self._get_due()
        for number, erasure in enumerate(todo, 1):
            if not erasure._get_obstacles():
                erasure._erase()
            self.env["ir.cron"]._commit_progress(1, remaining=len(todo) - number)

    @api.model
    def _announce_idle(self, today):
        return self.plan(self.env["citta.privacy.registry"]._get_idle(today))

    @api.model
    def _call_off_revived(self):
        """Whoever came back after the announcement stays."""
        planned = self.search([("state", "=", "planned"), ("kind", "=", "retention")])
        idle = self.env["citta.privacy.registry"].with_context(citta_planned=True)._get_idle(fields.Date.context_today(self))
        persons, leads = {row["partner_id"] for row in idle}, {row["lead_id"] for row in idle}
        revived = planned.filtered(lambda one: one.partner_id.id not in persons and one.lead_id.id not in leads)
        # sudo: the cron acts by the rule of the term, for nobody in particular
        revived.sudo()._workflow_move("cancel", self.env._("There was a sign of life after the announcement."))
        return revived

    @api.model
    def _get_due(self):
        """Announced ones whose day has come, and papers whose term has ended."""
        today = fields.Date.context_today(self)
        return self.search([
            "|", "&", ("state", "=", "planned"), ("date_planned", "<=", today),
            "&", ("state", "=", "limited"), ("date_kept_until", "<", today),
        ], order="id")
