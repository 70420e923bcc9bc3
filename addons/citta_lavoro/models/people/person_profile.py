from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import availability

CARE = [
    ("none", "None"),
    ("school", "Free in school hours only"),
    ("fixed", "Taken at fixed hours"),
    ("nights", "Not free at night and at weekends"),
    ("sudden", "May be called away at short notice"),
]
#: What the person changes alone in the portal, and what the date of the availability is about.
AVAILABILITY = (
    "slot_ids", "available_nights", "hours_week", "date_available", "care_constraint", "travel_minutes",
    "travel_public", "travel_bicycle", "travel_moped", "travel_car",
)
MEANS = ("travel_public", "travel_bicycle", "travel_moped", "travel_car")
PAPER = frozenset({"isee_band_id", "isee_date_end"})
STAMPS = frozenset({"isee_date_start", "isee_seen_by_id", "isee_seen_on", "availability_by", "availability_date"})


class PersonProfile(models.Model):
    """Facts about a person that matching and planning need: household, availability, ISEE. One row per pathway.

    Counts and choices, no names of others and no free text, so that nothing special slips in. Languages and licences are
    skills, with evidence and validity like every other.
    """

    _name = "citta.person.profile"
    _description = "Facts about a person"
    _inherit = ["citta.pathway.item", "citta.fixed.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    _fixed_fields = frozenset({"pathway_id"})

    # household
    household_size = fields.Integer("People in the household", help="With the person. 0: not known.")
    minor_count = fields.Integer("Of them under 18")
    dependant_count = fields.Integer("People who depend on the person", help="Supported or cared for, also elsewhere. A number, no names.")

    # availability
    slot_ids = fields.Many2many("citta.time.slot", "citta_person_profile_slot_rel", "profile_id", "slot_id", "Free in")
    availability_summary = fields.Char("Free", compute="_compute_availability_summary")
    available_nights = fields.Boolean("Also at night")
    hours_week = fields.Integer("Hours a week", help="At most. 0: not known.")
    date_available = fields.Date("Available from")
    care_constraint = fields.Selection(CARE, "Care duties", help="What they mean for the hours of work; never for whom, nor why.")
    travel_minutes = fields.Integer("Way to work, minutes", help="At most, one way. 0: not known.")
    travel_public = fields.Boolean("Bus and train")
    travel_bicycle = fields.Boolean("Bicycle")
    travel_moped = fields.Boolean("Moped or motorbike")
    travel_car = fields.Boolean("Car", help="One that is there when it is needed; the licence is another thing.")
    travel_summary = fields.Char("Comes by", compute="_compute_travel_summary")
    availability_by = fields.Selection([("operator", "The operator"), ("person", "The person")], "Availability entered by", readonly=True, copy=False)
    availability_date = fields.Date("Availability told on", readonly=True, copy=False)

    # ISEE
    isee_band_id = fields.Many2one("citta.isee.band", "ISEE band", ondelete="restrict", index="btree_not_null", help="The band, never the amount.")
    isee_date_end = fields.Date("ISEE valid until")
    isee_date_start = fields.Date("ISEE entered on", readonly=True, copy=False)
    isee_seen_by_id = fields.Many2one("res.users", "Paper seen by", readonly=True, copy=False, ondelete="restrict")
    isee_seen_on = fields.Date("Paper seen on", readonly=True, copy=False)
    isee_state = fields.Selection(
        [("none", "Not known"), ("told", "Told, paper not seen"), ("seen", "Paper seen"), ("expired", "Expired")],
        "ISEE", compute="_compute_isee_state",
    )
    isee_past_ids = fields.One2many("citta.isee.past", "profile_id", "Earlier ISEE", readonly=True, copy=False)

    _pathway_uniq = models.UniqueIndex("(pathway_id)", "The facts of this pathway have their record already: change that one.")
    _household_counts = models.Constraint(
        "CHECK (household_size BETWEEN 0 AND 30 AND minor_count BETWEEN 0 AND 30 AND dependant_count BETWEEN 0 AND 30"
        " AND (household_size = 0 OR minor_count <= household_size))",
        "Count the household again: there cannot be more minors than people, nor fewer than none.",
    )
    _hours_possible = models.Constraint(
        "CHECK (hours_week BETWEEN 0 AND 60 AND travel_minutes BETWEEN 0 AND 240)", "At most 60 hours a week and 240 minutes on the way."
    )
    _isee_with_end = models.Constraint("CHECK ((isee_band_id IS NULL) = (isee_date_end IS NULL))", "An ISEE band has a day until which it is valid.")
    _isee_seen = models.Constraint(
        "CHECK ((isee_seen_by_id IS NULL) = (isee_seen_on IS NULL) AND (isee_seen_on IS NULL OR isee_band_id IS NOT NULL))",
        "Who saw the paper and when stand together, and only where there is a band.",
    )
    _isee_end_idx = models.Index("(isee_date_end) WHERE isee_date_end IS NOT NULL")

    # -- compute -------------------------------------------------------------

    @api.depends("slot_ids", "available_nights")
    @api.depends_context("lang")
    def _compute_availability_summary(self):
        days, parts = self.env["citta.time.slot"]._get_labels()
        short = {code: label[:3] for code, label in days.items()} | {"all": self.env._("Every day")}
        lower = {code: label.lower() for code, label in parts.items()} | {"all": self.env._("all day")}
        for profile in self:
            text = availability.summary([(slot.weekday, slot.part) for slot in profile.slot_ids], short, lower)
            night = self.env._("also at night") if profile.available_nights else ""
            profile.availability_summary = "; ".join(filter(None, (text, night)))

    @api.depends(*MEANS)
    @api.depends_context("lang")
    def _compute_travel_summary(self):
        for profile in self:
            profile.travel_summary = ", ".join(self._fields[name]._description_string(self.env) for name in MEANS if profile[name])

    @api.depends("isee_band_id", "isee_date_end", "isee_seen_on")
    def _compute_isee_state(self):
        today = fields.Date.context_today(self)
        for profile in self:
            known = "seen" if profile.isee_seen_on else "told"
            expired = profile.isee_date_end and profile.isee_date_end < today
            profile.isee_state = ("expired" if expired else known) if profile.isee_band_id else "none"

    # -- actions -------------------------------------------------------------

    def action_isee_seen(self):
        """Note that the paper was seen, by whom and when; another band or term takes the note away.

        :raise AccessError: the facts are out of the user's reach
        :raise UserError: there is no band yet, or the pathway is closed
        """
        self.check_access("write")
        self._check_pathway_open()
        if self.filtered(lambda profile: not profile.isee_band_id):
            raise UserError(self.env._("Choose the band and until when it is valid: then say that you saw the paper."))
        # sudo: the note is nobody's to write, it is made here only
        self.sudo().write({"isee_seen_by_id": self.env.uid, "isee_seen_on": fields.Date.context_today(self)})

    # -- CRUD ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Notes of who said or saw what are made here, whatever is sent."""
        plain = self._citta_only_defaults(self._fields.keys() - STAMPS)
        unstamped = self._citta_without_values(vals_list, STAMPS)
        stamped = [self._stamp(vals, PAPER & given.keys()) for vals, given in zip(unstamped, vals_list, strict=True)]
        return super(PersonProfile, plain).create(stamped).with_env(self.env)

    def write(self, vals):
        """Of another ISEE the paper was not seen yet, and the one before is kept.

        :raise UserError: somebody forges who said or saw what
        """
        if not self.env.su and STAMPS & vals.keys():
            raise UserError(self.env._("Who saw the paper, and who told what, is noted by itself."))
        other = self.filtered(lambda profile: profile._is_other_paper(vals))
        other._keep_isee()
        result = super(PersonProfile, self - other).write(self._stamp(vals))
        return super(PersonProfile, other).write(self._stamp(vals, other_paper=True)) and result

    def _is_other_paper(self, vals):
        """Whether these values name another band or term than the one that stands here."""
        band, term = vals.get("isee_band_id", self.isee_band_id.id), vals.get("isee_date_end", self.isee_date_end)
        return (band or False, fields.Date.to_date(term) or False) != (self.isee_band_id.id, self.isee_date_end)

    def _keep_isee(self):
        """Keep what another ISEE takes the place of; a slip that is mended on the same day, before anybody saw the paper, is none."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        # sudo: what was is nobody's to write, it is noted here only
        self.env["citta.isee.past"].sudo().create([
            {
                "profile_id": profile.id, "band_id": profile.isee_band_id.id, "date_start": profile.isee_date_start,
                "date_end": profile.isee_date_end, "seen_by_id": profile.isee_seen_by_id.id, "seen_on": profile.isee_seen_on,
            }
            for profile in self if profile.isee_band_id and (profile.isee_seen_on or profile.isee_date_start != today)
        ])

    @api.model
    def _stamp(self, vals, other_paper=False):
        """Values with their notes: when the availability was told, and that another paper was not seen yet."""
        stamped = dict(vals)
        if set(AVAILABILITY) & vals.keys():
            stamped.setdefault("availability_by", "operator")
            stamped.setdefault("availability_date", fields.Date.context_today(self))
        if other_paper:
            stamped.setdefault("isee_seen_by_id", False)
            stamped.setdefault("isee_seen_on", False)
            stamped.setdefault("isee_date_start", vals.get("isee_band_id", True) and fields.Date.context_today(self))
        return stamped
