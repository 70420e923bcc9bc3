from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class Note(models.Model):
    """A confidential note on a pathway: for the case team, for the own body, for coordinators, or for the author alone."""

    _name = "citta.note"
    _description = "Confidential note"
    _inherit = ["citta.pathway.item", "citta.label.mixin"]
    _order = "create_date desc, id desc"
    _rec_name = "visibility"

    author_id = fields.Many2one(
        "res.users", "Author", required=True, readonly=True, default=lambda self: self.env.user, ondelete="restrict",
        index=True,
    )
    author_body_id = fields.Many2one(
        "res.partner", "Body of the author", readonly=True, ondelete="restrict", index="btree_not_null",
        help="Stays when the person is handed to another body: the note stays with those for whom it was written.",
    )
    visibility = fields.Selection(
        [("team", "Case team and coordinators"), ("body", "Own body"), ("coordinator", "Coordinators and me"), ("author", "Only me")],
        "For", required=True, default="body",
    )
    text = fields.Text(required=True)

    @api.constrains("text")
    def _check_text(self):
        if any(not note.text.strip() for note in self):
            raise ValidationError(self.env._("Write something first."))

    @api.model_create_multi
    def create(self, vals_list):
        """A note is its writer's, in the name of the writer's body."""
        # an author of its own, so that no default of a call stands for it; what was handed over stays as it is
        vals_list = [{"author_id": self.env.uid, **vals} for vals in vals_list]
        for vals in vals_list:
            self._check_author(vals)
            vals["author_body_id"] = self._get_author_body(vals).id
        return super().create(vals_list)

    def write(self, vals):
        """Only the author changes a note.

        :raise AccessError: somebody else writes, or the note would change its author
        """
        if not self.env.su and self.filtered(lambda note: note.author_id != self.env.user):
            raise AccessError(self.env._("Only its author changes a note."))
        self._check_author(vals)
        if not self.env.su and {"author_body_id", "pathway_id"} & vals.keys():
            raise AccessError(self.env._("A note stays where it was written."))
        return super().write(vals)

    def _check_pathway_open(self):
        """Notes are also written after the end of a pathway."""

    def _check_author(self, vals):
        if not self.env.su and vals.get("author_id", self.env.uid) != self.env.uid:
            raise AccessError(self.env._("Nobody writes a note in another name."))

    @api.model
    def _get_author_body(self, vals):
        """The body that follows the person, if the author works for it, else the author's own."""
        author = self.env["res.users"].browse(vals.get("author_id") or self.env.uid)
        # sudo: only the body of the pathway is compared; the pathway itself is checked after creation
        followed_by = self.env["citta.pathway"].sudo().browse(vals.get("pathway_id")).body_id
        return followed_by if followed_by in author.citta_body_ids else author.citta_body_ids[:1]
