import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.agreement import paper_digest

#: What the individual project must say: field, in the order in which it is printed.
HEADINGS = ("host_tutor", "objectives", "tasks", "schedule")


class InternshipProject(models.AbstractModel):
    """The individual project of an internship: what is learned and done, frozen as a PDF when it is agreed."""

    _name = "citta.internship.project"
    _description = "Individual project of an internship"

    objectives = fields.Text(help="What the person is to learn.")
    tasks = fields.Text(help="What the person does in the firm.")
    schedule = fields.Text("Days and hours", help="For instance: Monday to Friday, 8 to 14.")
    skill_ids = fields.One2many("citta.internship.skill", "internship_id", "Competences")
    pdf = fields.Binary("Project (PDF)", attachment=False, readonly=True, copy=False)
    pdf_name = fields.Char(compute="_compute_pdf_name")
    pdf_sha256 = fields.Char("SHA-256 of the project", readonly=True, copy=False)
    date_agreed = fields.Date("Agreed on", readonly=True, copy=False)

    @api.depends("date_start")
    def _compute_pdf_name(self):
        for internship in self:
            internship.pdf_name = self.env._("internship-%s.pdf", internship.date_start)

    def action_agree(self):
        """Freeze the individual project as a PDF.

        :raise UserError: a heading is empty, or the allowance is less than the minimum
        """
        return self._workflow_move("agree")

    def _on_agree(self):
        """Freeze the project.

        :raise UserError: see ``action_agree``
        """
        self._check_pathway_open()
        for internship in self:
            internship._check_complete()
            internship._check_allowance()
            # sudo: the paper is made by this transition alone
            internship.sudo()._freeze()

    def _freeze(self):
        self.date_agreed = fields.Date.context_today(self)
        self.flush_recordset()
        # sudo: the paper names firm, body and tutors, whatever the user may read of them
        engine = self.env["ir.actions.report"].sudo().with_context(force_report_rendering=True)
        content, _kind = engine._render_qweb_pdf("citta_lavoro.internship_report_action", self.ids)
        self.write({"pdf": base64.b64encode(content), "pdf_sha256": paper_digest(content)})

    def _get_paper(self):
        """The bytes of the project."""
        return base64.b64decode(self.with_context(bin_size=False).pdf)

    def _check_complete(self):
        self._check_filled((*HEADINGS, *(["longer_paper"] if self.longer_allowed else [])))
        if not self.skill_ids:
            raise UserError(self.env._("Name at least one competence that is to be learned."))

    def _check_filled(self, names):
        missing = [self._fields[name]._description_string(self.env) for name in names if not self[name]]
        if missing:
            raise UserError(self.env._("Still to write: %(list)s.", list=", ".join(missing)))

    def _check_allowance(self):
        programme = self.pathway_id.programme_id
        least = programme.internship_allowance_meals if self.has_meals else programme.internship_allowance
        if self.kind == "internship" and self.allowance < least and not self.exemption:
            raise UserError(self.env._(
                "The allowance is at least %s a month in this programme; write which rule allows less.", self.currency_id.format(least)
            ))
