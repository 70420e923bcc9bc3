from odoo import api, fields, models

KINDS = [
    ("did", "DID (immediate availability for work)"),
    ("psp", "PSP (personalised service pact)"),
    ("naspi", "NASpI (unemployment benefit)"),
    ("adi", "ADI (inclusion allowance)"),
    ("sfl", "SFL (support for training and work)"),
]
#: Every kind as a number, for the range that the database compares; of a kind that is not here it is 0.
_KIND_NUMBER = f"strpos('{' '.join(code for code, _label in KINDS)}', kind)"


class StatusDeclaration(models.Model):
    """A standing that an office keeps of the person: declared when, until when. Over time there are several of a kind."""

    _name = "citta.status.declaration"
    _description = "Status declaration"
    _inherit = ["citta.pathway.item", "citta.fixed.mixin", "citta.label.mixin"]
    _order = "date_start desc, id desc"
    _rec_name = "kind"

    _fixed_fields = frozenset({"pathway_id"})

    kind = fields.Selection(KINDS, required=True)
    date_start = fields.Date("From", required=True)
    date_end = fields.Date("Until", help="The last day. Empty: no end is known.")
    number = fields.Char("Protocol number", size=64)
    authority = fields.Char("Office", size=128, help="Which job centre, INPS office, …")
    state = fields.Selection(
        [("coming", "To come"), ("running", "In force"), ("ended", "Ended")], "Status", compute="_compute_state",
    )

    _dates_in_order = models.Constraint("CHECK (date_end IS NULL OR date_end >= date_start)", "A declaration cannot end before it begins.")
    # ranges only, so that no extension of the database is needed
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(pathway_id, pathway_id, '[]') WITH =,"
        f" int4range({_KIND_NUMBER}, {_KIND_NUMBER}, '[]') WITH =, daterange(date_start, date_end, '[]') WITH &&)",
        "There is one of this kind in these days already: end that one first.",
    )
    _scope_idx = models.Index("(territory_id, body_id, date_end)")

    @api.depends("date_start", "date_end")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for item in self:
            coming = item.date_start and item.date_start > today
            ended = item.date_end and item.date_end < today
            item.state = "coming" if coming else "ended" if ended else "running"
