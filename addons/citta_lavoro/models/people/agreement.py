from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..common.workflow_mixin import Transition
from .agreement_paper import HEADINGS

COORDINATOR = "citta_lavoro.group_citta_coordinator"
WORDS = {*HEADINGS, "did_date", "psp_date"}


class Agreement(models.Model):
    """The pathway agreement: what person and body promise each other, with the headings of a service pact.

    Made from the plan, proposed as a PDF that never changes again, signed by both with name, time, address and the
    fingerprint of that PDF. When the plan changes, a new version is made; it replaces the old one when both have signed.
    """

    _name = "citta.agreement"
    _description = "Pathway agreement"
    _inherit = ["citta.agreement.paper", "citta.workflow.mixin", "citta.pathway.item"]
    _order = "pathway_id, version desc"
    _rec_name = "version"

    _is_obligation = True
    _workflow_transitions = {
        "propose": Transition(("draft",), "proposed"),
        "sign": Transition(("proposed",), "signed"),
        "supersede": Transition(("signed",), "superseded"),
        "cancel": Transition(("draft", "proposed"), "cancelled"),
    }

    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    state = fields.Selection(
        [
            ("draft", "Being written"), ("proposed", "To sign"), ("signed", "In force"), ("superseded", "Replaced"),
            ("cancelled", "Cancelled"),
        ],
        required=True, default="draft", readonly=True, copy=False,
    )

    # the words of art. 20
    responsible_id = fields.Many2one("res.users", "Responsible person", ondelete="restrict", domain="[('share', '=', False)]")
    profile = fields.Text("Employability profile", help="Path, strengths and what is worked on. No health, justice or family matters.")
    frequency = fields.Selection(
        [("weekly", "Every week"), ("fortnightly", "Every two weeks"), ("monthly", "Every month"), ("quarterly", "Every three months")],
        "Ordinary contact",
    )
    proof = fields.Text("How the search is proved", default=lambda self: self._default_proof())
    willingness = fields.Text("Willingness", default=lambda self: self._default_willingness())
    did_date = fields.Date("DID of", help="Declaration of immediate availability, if the person made one.")
    psp_date = fields.Date("Public service pact of", help="The personalised pact with the employment centre, if there is one.")

    # signatures
    date_signed = fields.Datetime("In force since", readonly=True, copy=False)
    signature_ids = fields.One2many("citta.agreement.signature", "agreement_id", "Signatures", readonly=True)

    _version_uniq = models.UniqueIndex("(pathway_id, version)", "This version of the agreement exists already.")
    _one_open = models.UniqueIndex(
        "(pathway_id) WHERE state IN ('draft', 'proposed')", "A version of this agreement is being written or waits for signatures."
    )
    _one_in_force = models.UniqueIndex("(pathway_id) WHERE state = 'signed'", "One version of an agreement is in force at a time.")

    # -- defaults and computes ---------------------------------------------------

    @api.model
    def _default_proof(self):
        return self.env._("By telling the referent at every meeting what was done, and ticking it in the own area of the site.")

    @api.model
    def _default_willingness(self):
        return self.env._("To take part in the labs and training that were agreed, and to consider job offers that fit the profile.")

    @api.depends("partner_id", "version")
    def _compute_display_name(self):
        for agreement in self:
            agreement.display_name = self.env._(
                "Agreement of %(person)s, version %(version)s", person=agreement.partner_id.name, version=agreement.version
            ) if agreement.partner_id else False

    @api.constrains("responsible_id")
    def _check_responsible(self):
        if self.responsible_id.filtered("share"):
            raise ValidationError(self.env._("The responsible person works for one of the bodies: portal users cannot be it."))

    # -- create, write, delete -------------------------------------------------

    @api.model
    def default_get(self, fields):
        """What the pathway knows stands in the form before it is saved."""
        values = super().default_get(fields)
        words = self._prepare_words(values)
        return {**{name: words[name] for name in words.keys() & set(fields)}, **values}

    @api.model_create_multi
    def create(self, vals_list):
        """A version takes the next number and proposes the words that the pathway knows; the paper comes later, by itself."""
        vals_list = self._citta_only_values(vals_list, WORDS | {"pathway_id", "state"})
        return super(Agreement, self._citta_only_defaults(WORDS | {"pathway_id"})).create([
            {
                **vals, "version": self._get_next(vals),
                **{name: value for name, value in self._prepare_words(vals).items() if not vals.get(name)},
            }
            for vals in vals_list
        ]).with_env(self.env)

    def write(self, vals):
        """Words change while they are being written; the paper never.

        :raise AccessError: the paper or the version would be changed by hand
        :raise UserError: the words of a paper that was made would change
        """
        if {"pdf", "pdf_sha256"} & vals.keys() and any(agreement.pdf_sha256 for agreement in self):
            raise UserError(self.env._("The paper of an agreement never changes: make a new version."))
        if not self.env.su:
            if vals.keys() - WORDS - {"state"}:
                raise AccessError(self.env._("The paper, its signatures and its version are not changed by hand."))
            if vals.keys() & WORDS and any(agreement.state != "draft" for agreement in self):
                raise UserError(self.env._("This version was proposed: its words stay. Make a new version."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if not self.env.su and any(agreement.state != "draft" for agreement in self):
            raise UserError(self.env._("An agreement that was proposed is kept."))

    # -- actions -------------------------------------------------------------

    def action_propose(self):
        """Make the paper and put it up for signature, also in the person's own area."""
        return self._workflow_move("propose")

    def action_cancel(self):
        """Take an agreement back that is not in force."""
        return self._workflow_move("cancel")

    def action_sign(self):
        """Sign for the body.

        :raise AccessError: neither the responsible person nor a coordinator
        :raise UserError: see ``_sign``
        """
        self.pathway_id._check_follower()
        for agreement in self:
            agreement.check_access("write")
            if agreement.responsible_id != self.env.user and not self.env.user.has_group(COORDINATOR):
                raise AccessError(self.env._("%(person)s signs for the body, or a coordinator.", person=agreement.responsible_id.name))
            agreement._sign("body", self.env.user.name, agreement.pdf_sha256)
        return True

    def action_sign_here(self):
        """Let the person sign on this screen.

        :return: the dialogue
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.agreement_sign_action")
        return {**action, "context": {
            "default_agreement_id": self.id, "default_pdf_sha256": self.pdf_sha256, "default_name": self.partner_id.name,
        }}

    def action_new_version(self):
        """Write the next version from the plan of today; one that waits for signatures is taken back.

        :return: the new version's form
        :raise UserError: a version is being written already, or the pathway is closed
        """
        self.ensure_one()
        latest = self.pathway_id.agreement_ids.sorted("version")[-1:]
        if latest.state == "draft":
            raise UserError(self.env._("Version %(version)s is being written already.", version=latest.version))
        if latest.state == "proposed":
            latest._workflow_move("cancel", self.env._("Replaced by a new version before it was signed."))
        latest.flush_recordset()  # the index on open versions must see the old one's state
        words = {name: value for name, value in latest.copy_data()[0].items() if name in WORDS}
        return self.pathway_id._open_record(self.create({"pathway_id": self.pathway_id.id, **words}))

    # -- transitions ---------------------------------------------------------

    def _on_propose(self):
        """Freeze the paper.

        :raise UserError: a heading of the law is empty, or the plan is
        """
        self._check_pathway_open()
        self.pathway_id._check_follower()
        for agreement in self:
            agreement._check_complete()
            # sudo: the paper is made by this transition alone
            agreement.sudo()._freeze()

    def _on_sign(self):
        """Both have signed: from now on this version is in force.

        :raise UserError: a signature is missing
        """
        for agreement in self:
            if set(agreement.signature_ids.mapped("role")) != {"person", "body"}:
                raise UserError(self.env._("An agreement is in force when both have signed it."))
            # sudo: the date is written by this transition alone
            agreement.sudo().date_signed = fields.Datetime.now()

    def _on_supersede(self):
        """:raise UserError: no later version was signed by both"""
        for agreement in self:
            later = agreement.pathway_id.agreement_ids.filtered(lambda one, old=agreement: one.version > old.version)
            if not any(len(one.signature_ids) == 2 for one in later):
                raise UserError(self.env._("An agreement in force is replaced by a later version that both have signed."))

    # -- business ------------------------------------------------------------

    def _sign(self, role, name, sha256, image=None):
        """Add a signature to the very paper that was shown; the second one brings the agreement into force.

        :param str role: ``person`` or ``body``
        :param str name: as typed by who signs
        :param str sha256: fingerprint of the paper that was shown
        :param image: the drawn signature, base64, if there is one
        :raise UserError: an old version, signed already, another paper, or the plan has changed since
        """
        self.ensure_one()
        if obstacle := self._get_obstacle(role, (name or "").strip(), sha256):
            raise UserError(obstacle)
        # of two who sign in the same moment the later one is run again, and finds the first signature
        self.env.cr.execute(SQL("UPDATE citta_agreement SET write_date = write_date WHERE id = %s", self.id))
        # sudo: signatures are written by this method alone, after its checks
        agreement = self.sudo()
        agreement.env["citta.agreement.signature"]._add(agreement, role, name.strip(), image)
        if len(agreement.signature_ids) == 2:
            before = agreement.pathway_id.agreement_ids.filtered(lambda one: one.state == "signed")
            before._workflow_move("supersede")
            before.flush_recordset()
            agreement._workflow_move("sign")

    def _get_obstacle(self, role, name, sha256):
        """Why this signature cannot be taken; an empty string when it can."""
        signed = self.signature_ids.filtered(lambda one: one.role == role)
        is_old, is_open = self.state in ("superseded", "cancelled"), self.state == "proposed"
        is_closed, is_same = self.pathway_id.state == "closed", sha256 == self.pdf_sha256 and self._is_intact()
        checks = (
            (signed, self.env._("This version is signed already, by %(name)s.", name=signed[:1].name)),
            (is_old, self.env._("This is an old version: look for the new one among the documents.")),
            (not is_open, self.env._("This version is not up for signature.")),
            (is_closed, self.env._("The pathway is closed: nothing is signed any more.")),
            (not name, self.env._("Write your name: it is part of the signature.")),
            (not is_same, self.env._("The paper is not the one that was shown: load the page again.")),
            (self.is_outdated, self.env._("The plan has changed since this paper was made: a new version is needed.")),
        )
        return next((reason for obstacle, reason in checks if obstacle), "")

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_next(self, vals):
        # sudo: the number counts versions that the user may not see as well; the pathway is checked after creation
        versions = self.env["citta.pathway"].sudo().browse(vals.get("pathway_id")).agreement_ids.mapped("version")
        return max(versions, default=0) + 1

    @api.model
    def _prepare_words(self, vals):
        """What the pathway knows: who is responsible, in words the profile, what was declared; an operator completes it.

        :param dict vals: of the new agreement
        """
        pathway = self.env["citta.pathway"].browse(vals.get("pathway_id"))
        if not pathway or not pathway.has_access("read"):
            return {}
        declared = {one.kind: one.date_start for one in pathway.declaration_ids.sorted("date_start") if one.state == "running"}
        return {
            "responsible_id": (pathway.referent_id or self.env.user).id, "profile": pathway._describe_profile(),
            "did_date": declared.get("did", False), "psp_date": declared.get("psp", False),
        }
