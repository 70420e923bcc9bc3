import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import agreement as tools

#: What a paper must say (art. 20 D.Lgs 150/2015): field, in the order in which it is printed.
HEADINGS = ("responsible_id", "profile", "frequency", "proof", "willingness")


class AgreementPaper(models.AbstractModel):
    """The paper of an agreement: made from the plan, frozen as a PDF with its fingerprint, outdated when the plan changes."""

    _name = "citta.agreement.paper"
    _description = "Paper of an agreement"

    # in the row, not in the file store: an attachment could be changed by whoever may write the record
    pdf = fields.Binary("PDF", attachment=False, readonly=True, copy=False)
    pdf_name = fields.Char(compute="_compute_pdf_name")
    pdf_sha256 = fields.Char("SHA-256 of the PDF", readonly=True, copy=False)
    plan_digest = fields.Char("Fingerprint of the plan", readonly=True, copy=False)
    date_proposed = fields.Datetime("Proposed on", readonly=True, copy=False)
    is_outdated = fields.Boolean("Plan changed since", compute="_compute_is_outdated")

    # -- compute ---------------------------------------------------------------

    @api.depends("version")
    def _compute_pdf_name(self):
        for agreement in self:
            agreement.pdf_name = self.env._("agreement-%s.pdf", agreement.version)

    @api.depends(
        "state", "plan_digest", "pathway_id.goal_ids.name", "pathway_id.goal_ids.date_due", "pathway_id.goal_ids.state",
        "pathway_id.action_ids.name", "pathway_id.action_ids.owner", "pathway_id.action_ids.date_due", "pathway_id.action_ids.state",
    )
    def _compute_is_outdated(self):
        for agreement in self:
            agreement.is_outdated = agreement.state in ("proposed", "signed") and agreement.plan_digest != agreement._get_plan_digest()

    # -- business --------------------------------------------------------------

    def _is_intact(self):
        """Whether the paper still has the fingerprint that was kept."""
        return bool(self.pdf) and tools.paper_digest(self._get_paper()) == self.pdf_sha256

    def _get_paper(self):
        """The bytes of the PDF."""
        return base64.b64decode(self.with_context(bin_size=False).pdf)

    def _freeze(self):
        self.plan_digest = self._get_plan_digest()
        self.date_proposed = fields.Datetime.now()
        self.flush_recordset()
        # sudo: the paper names the body, the programme and who is responsible, whatever the user may read of them
        engine = self.env["ir.actions.report"].sudo().with_context(force_report_rendering=True)
        content, _kind = engine._render_qweb_pdf("citta_lavoro.agreement_report_action", self.ids)
        self.write({"pdf": base64.b64encode(content), "pdf_sha256": tools.paper_digest(content)})

    def _check_complete(self):
        missing = [self._fields[name]._description_string(self.env) for name in HEADINGS if not self[name]]
        if missing:
            raise UserError(self.env._("Still to write: %(list)s.", list=", ".join(missing)))
        if not self._get_actions():
            raise UserError(self.env._("The plan has no action: agree on what is to be done first."))

    # -- plan ------------------------------------------------------------------

    def _get_goals(self):
        """The goals that hold."""
        return self.pathway_id.goal_ids.filtered(lambda goal: goal.state != "dropped")

    def _get_actions(self, goal=None):
        """The actions that hold; those of one goal, where ``goal`` is given, an empty one for those without a goal."""
        actions = self.pathway_id.action_ids.filtered(lambda action: action.state != "dropped")
        return actions if goal is None else actions.filtered(lambda action: action.goal_id == goal)

    def _get_plan_digest(self):
        return tools.plan_digest(
            [(goal.name, goal.date_due) for goal in self._get_goals()],
            [(action.name, action.owner, action.date_due) for action in self._get_actions()],
        )
