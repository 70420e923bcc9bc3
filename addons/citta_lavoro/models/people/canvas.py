from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import canvas as tools
from .canvas_line import BLOCKS

GIVEN = {"version", "is_current", "pathway_id"}


class Canvas(models.Model):
    """The work-design canvas of a person: from talents and constraints to a re-designed profession and its next step.

    One version is current and open to changes; the older ones are frozen, so that the way can be looked back on.
    """

    _name = "citta.canvas"
    _description = "Work-design canvas"
    _inherit = ["citta.pathway.item"]
    _order = "pathway_id, version desc"
    _rec_name = "version"

    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    is_current = fields.Boolean("Current", required=True, readonly=True, default=True, copy=False)
    date = fields.Date("Begun on", required=True, default=fields.Date.context_today, copy=False)
    filled_by = fields.Selection(
        [("together", "Together"), ("person", "The person alone")], "Filled in", required=True, default="together",
        help="Who wrote last.",
    )
    line_ids = fields.One2many("citta.canvas.line", "canvas_id", "Entries", copy=True)
    talent_ids = fields.One2many("citta.canvas.line", "canvas_id", "Talents", domain=[("block", "=", "talent")])
    value_ids = fields.One2many("citta.canvas.line", "canvas_id", "Values", domain=[("block", "=", "value")])
    constraint_ids = fields.One2many("citta.canvas.line", "canvas_id", "Constraints", domain=[("block", "=", "constraint")])
    need_ids = fields.One2many("citta.canvas.line", "canvas_id", "What the territory needs", domain=[("block", "=", "need")])
    profession_ids = fields.One2many(
        "citta.canvas.line", "canvas_id", "The re-designed profession", domain=[("block", "=", "profession")]
    )
    experiment_ids = fields.One2many("citta.canvas.line", "canvas_id", "Experiments", domain=[("block", "=", "experiment")])
    next_step_ids = fields.One2many("citta.canvas.line", "canvas_id", "Next step", domain=[("block", "=", "next_step")])

    _current_uniq = models.UniqueIndex(
        "(pathway_id) WHERE is_current", "This pathway has a canvas already: make a new version of it."
    )
    _version_uniq = models.UniqueIndex("(pathway_id, version)", "This version of the canvas exists already.")

    @api.depends("partner_id", "version")
    def _compute_display_name(self):
        for canvas in self:
            canvas.display_name = self.env._(
                "Canvas of %(person)s, version %(version)s", person=canvas.partner_id.name, version=canvas.version
            ) if canvas.partner_id else False

    # -- create, write, delete -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A canvas is born as the first version; the later ones come from ``action_new_version``."""
        vals_list = self._citta_without_values(vals_list, GIVEN - {"pathway_id"})
        plain = self._citta_only_defaults(self._fields.keys() - {"version", "is_current"})
        return super(Canvas, plain).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Only the current version of an open pathway changes.

        :raise AccessError: version or pathway would be changed by hand
        :raise UserError: see ``_check_editable``
        """
        if not self.env.su:
            if GIVEN & vals.keys():
                raise AccessError(self.env._("The version and the pathway of a canvas are not changed by hand."))
            self._check_editable()
        return super().write(vals)

    # -- actions -------------------------------------------------------------

    def action_new_version(self):
        """Begin the next version with a copy of this one, which is frozen.

        :return: the new version's form
        :raise UserError: this is an old version, or the pathway is closed
        """
        self.ensure_one()
        return self.pathway_id._open_record(self._make_next())

    def action_compare(self):
        """Show this version beside another one.

        :return: the comparing window
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.canvas_compare_action")
        return {**action, "context": {"default_pathway_id": self.pathway_id.id, "default_newer_id": self.id}}

    # -- business ------------------------------------------------------------

    def _make_next(self):
        """The next version; this one is frozen.

        :return: the new canvas
        :raise UserError: this is an old version, or the pathway is closed
        """
        self.check_access("write")
        self._check_editable()
        # sudo: the number and what is current are given here only, after the checks
        frozen = self.sudo()
        frozen.is_current = False
        frozen.flush_recordset()
        return frozen.copy({"version": self.version + 1, "filled_by": self.filled_by}).with_env(self.env)

    def _save_form(self, blocks):
        """What the person wrote in the portal; entries that others added meanwhile stay.

        :param dict blocks: block → (ids that the form showed, the text that came back)
        :return: whether anything changed
        """
        self._check_editable()
        gone, new = self.env["citta.canvas.line"], []
        for block, (seen, text) in blocks.items():
            there = {line.id: line.text for line in self.line_ids if line.block == block}
            lost, added = tools.changes(there, seen, tools.lines_of(text))
            gone += gone.browse(lost)
            new += [{"canvas_id": self.id, "block": block, "text": one} for one in added]
        gone.unlink()
        self.env["citta.canvas.line"].create(new)
        if gone or new:
            self.filled_by = "person"
        return bool(gone or new)

    def _get_blocks(self):
        """The canvas as it is shown and printed.

        :return: list of dicts with ``code``, ``label`` and ``lines``
        """
        labels = dict(self.env["citta.canvas.line"]._fields["block"]._description_selection(self.env))
        return [
            {"code": code, "label": labels[code], "lines": self.line_ids.filtered(lambda line, code=code: line.block == code)}
            for code, _label in BLOCKS
        ]

    def _compare_with(self, older):
        """This version beside an older one, block by block.

        :param older: another version of the same canvas
        :return: list of dicts with ``label``, ``before`` and ``after``, pairs of text and whether only this side has it
        """
        rows = []
        for mine, theirs in zip(self._get_blocks(), older._get_blocks(), strict=True):
            before, after = tools.compared(theirs["lines"].mapped("text"), mine["lines"].mapped("text"))
            rows.append({"label": mine["label"], "before": before, "after": after})
        return rows

    def _check_editable(self):
        """:raise UserError: an old version, or the pathway is closed; data files may set a story up"""
        if self.env.su and self.env.context.get("install_mode"):
            return
        self._check_pathway_open()
        if any(not canvas.is_current for canvas in self):
            raise UserError(self.env._("Old versions of a canvas are frozen: work on the current one."))
