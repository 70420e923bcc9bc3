from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import fiscal_code

SOURCES = [
    ("web", "Public form"),
    ("antenna", "Community antenna"),
    ("desk", "At the desk"),
    ("phone", "By phone"),
    ("event", "At an event"),
    ("import", "Imported list"),
]
PREFERRED_TIMES = [
    ("any", "Any time"),
    ("morning", "In the morning"),
    ("noon", "Around noon"),
    ("afternoon", "In the afternoon"),
    ("evening", "In the evening"),
]
TALKED_STAGES = ("crm_stage_intake_met", "crm_stage_intake_opened", "crm_stage_intake_closed")


class IntakeMixin(models.AbstractModel):
    """What a first contact holds beside name, e-mail and phone, and what an operator does with it."""

    _name = "citta.intake.mixin"
    _description = "First contact mixin"

    # arrival
    citta_source = fields.Selection(SOURCES, "Came through", index="btree_not_null")
    citta_date_received = fields.Datetime("Received on", default=fields.Datetime.now, copy=False)
    citta_preferred_time = fields.Selection(PREFERRED_TIMES, "Best time to call")

    # antenna
    citta_antenna_id = fields.Many2one("res.partner", "Antenna", index="btree_not_null", ondelete="restrict")
    citta_antenna_name = fields.Char("Antenna as written", help="Typed by the reporter when the body is not registered.")
    citta_reporter_name = fields.Char("Reported by")
    citta_reporter_contact = fields.Char("Reporter's contact")
    citta_reference = fields.Char("Report number", readonly=True, copy=False, index="btree_not_null")
    citta_token = fields.Char(readonly=True, copy=False, groups="base.group_system")

    # person
    citta_fiscal_code = fields.Char("Fiscal code", copy=False, index="btree_not_null")

    # first talk
    citta_date_contacted = fields.Datetime("First talk on", copy=False, tracking=True)
    citta_days_to_contact = fields.Float(
        "Days to first talk", compute="_compute_citta_days_to_contact", store=True, aggregator="avg", digits=(16, 1)
    )

    # consent
    citta_consent_ids = fields.One2many("citta.consent", "lead_id", "Consents")
    citta_has_consent = fields.Boolean("Consent in force", compute="_compute_citta_has_consent")
    citta_consent_proof = fields.Char("Consent kept at", copy=False, help="Where the signed paper is; makes a consent when set.")

    # doubts
    citta_doubt = fields.Boolean("To check", copy=False)
    citta_doubt_reason = fields.Text("What to check", copy=False)
    citta_import_id = fields.Many2one("citta.intake.import", "Imported with", readonly=True, copy=False, index="btree_not_null")

    @api.depends("citta_date_contacted", "citta_date_received")
    def _compute_citta_days_to_contact(self):
        for lead in self:
            received, talked = lead.citta_date_received, lead.citta_date_contacted
            # who was talked to before the contact was written down did not wait
            lead.citta_days_to_contact = max((talked - received).total_seconds(), 0) / 86400 if received and talked else False

    def _read_group_select(self, aggregate_spec, query):
        """The mean of the days is that of whom we have talked to: of the others there is none yet, and a nought would flatter it."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec == "citta_days_to_contact:avg":
            return SQL("%s FILTER (WHERE %s IS NOT NULL)", select, self._field_to_sql(self._table, "citta_date_contacted", query))
        return select

    @api.depends("citta_consent_ids.is_valid")
    def _compute_citta_has_consent(self):
        for lead in self:
            lead.citta_has_consent = any(lead.citta_consent_ids.mapped("is_valid"))

    @api.constrains("citta_fiscal_code")
    def _check_citta_fiscal_code(self):
        for lead in self:
            if lead.citta_fiscal_code and (message := self._fiscal_code_message(lead.citta_fiscal_code)):
                raise ValidationError(message)

    @api.constrains("citta_date_contacted")
    def _check_citta_date_contacted(self):
        now = fields.Datetime.now()
        if any(lead.citta_date_contacted and lead.citta_date_contacted > now for lead in self):
            raise ValidationError(self.env._("A talk is noted when it has taken place: for one to come, invite the person or plan an activity."))

    # -- create and write ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Complete first contacts: name, programme, country of the municipality, consent on paper."""
        team = self.env.ref("citta_lavoro.crm_team_intake", raise_if_not_found=False)
        default_team = self.env.context.get("default_team_id")
        vals_list = [dict(vals) for vals in vals_list]
        ours = [vals for vals in vals_list if team and vals.get("team_id", default_team) == team.id]
        self._prepare_intake(ours, team)
        leads = super().create(vals_list)
        if ours:
            leads.filtered("citta_consent_proof")._record_paper_consent()
        return leads

    def write(self, vals):
        """Note the day of the first talk when the stage says that it took place.

        :raise UserError: see ``_check_closing``
        """
        vals = self._clean_intake(vals)
        self._check_closing(vals)
        if vals.get("stage_id") and "citta_date_contacted" not in vals and self._is_talked_stage(vals["stage_id"]):
            waiting = self.filtered(lambda lead: lead.citta_pipeline == "intake" and not lead.citta_date_contacted)
            super(IntakeMixin, waiting).write({"citta_date_contacted": fields.Datetime.now()})
        result = super().write(vals)
        if vals.get("citta_consent_proof"):
            self._record_paper_consent()
        return result

    @api.model
    def _prepare_intake(self, vals_list, team):
        """Fill what the arrivals leave open; one look-up for all of them."""
        if not vals_list:
            return
        cities = self.env["res.city"].browse(filter(None, (vals.get("citta_city_id") for vals in vals_list)))
        territories = cities.citta_territory_id | self.env.user.citta_territory_ids
        running = self._get_running_programmes(territories)
        for vals in vals_list:
            vals.update(self._clean_intake(vals))
            vals.update(self._get_intake_defaults(vals, running))
            vals["team_id"] = team.id

    @api.model
    def _get_intake_defaults(self, vals, running):
        """Values of one arrival that nobody has set.

        :param vals: what is set
        :param running: territory → id of the programme that runs there
        """
        city = self.env["res.city"].browse(vals.get("citta_city_id") or False)
        by_hand = not self.env.su
        territory = city.citta_territory_id or (self.env.user.citta_territory_ids if by_hand else city.citta_territory_id)
        values = {
            "type": "lead",
            "name": vals.get("contact_name") or vals.get("name"),
            "contact_name": vals.get("contact_name") or vals.get("name"),
            "citta_source": "desk",
            "citta_programme_id": running.get(territory) if len(territory) == 1 else False,
            "country_id": city.country_id.id,
        }
        if by_hand and "citta_body_id" not in vals and vals.get("user_id", self.env.uid) == self.env.uid:
            values["citta_body_id"] = self.env.user.citta_body_ids[:1].id
        return {key: value for key, value in values.items() if value and not vals.get(key)}

    @api.model
    def _get_running_programmes(self, territories=None):
        """Programmes under way today.

        :param territories: only of these; None: of all
        :return: territory → id of its programme (the latest, if there are several)
        """
        today = fields.Date.context_today(self)
        domain = Domain("date_start", "<=", today) & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        if territories is not None:
            domain &= Domain("territory_id", "in", territories.ids)
        return {one.territory_id: one.id for one in self.env["citta.programme"].search(domain, order="date_start, id")}

    @api.model
    def _clean_intake(self, vals):
        if vals.get("citta_fiscal_code"):
            return {**vals, "citta_fiscal_code": fiscal_code.normal(vals["citta_fiscal_code"])}
        return vals

    @api.model
    def _is_talked_stage(self, stage_id):
        stages = (self.env.ref(f"citta_lavoro.{name}", raise_if_not_found=False) for name in TALKED_STAGES)
        return stage_id in [stage.id for stage in stages if stage]

    # -- actions -------------------------------------------------------------

    def action_intake_take(self):
        """Take first contacts on for the user's own body; they move to “To call”.

        :raise UserError: the user has no body, or another body has one of them already
        """
        body = self.env.user.citta_body_ids[:1]
        if not body:
            raise UserError(self.env._("You work for no body yet: ask the administrator to set it."))
        if self.filtered(lambda lead: lead.citta_body_id and lead.citta_body_id not in self.env.user.citta_body_ids):
            raise UserError(self.env._("Another body follows this contact already."))
        self.write({
            "user_id": self.env.uid,
            "citta_body_id": body.id,
            "stage_id": self.env.ref("citta_lavoro.crm_stage_intake_call").id,
        })
        return True

    def action_intake_met(self):
        """Note that the person was talked to; the day counts as the first talk, once."""
        self.write({"stage_id": self.env.ref("citta_lavoro.crm_stage_intake_met").id})
        return True

    def action_intake_close(self):
        """Close without a pathway.

        :raise UserError: nobody said why
        """
        self.write({"stage_id": self.env.ref("citta_lavoro.crm_stage_intake_closed").id})
        return True

    def action_intake_checked(self):
        """Note that what was doubtful has been looked at."""
        for lead in self.filtered("citta_doubt"):
            lead._message_log(body=Markup("%s %s") % (self.env._("Checked:"), lead.citta_doubt_reason or ""))
        self.write({"citta_doubt": False, "citta_doubt_reason": False, "citta_duplicate_doubt": False})
        return True

    def action_intake_voice_consent(self):
        """Record that the person said yes, by voice, to being called back; under the notice now in force."""
        self._record_consent("voice", self.env._("Noted by %(name)s", name=self.env.user.name))
        return True

    # -- business ------------------------------------------------------------

    def _check_closing(self, vals):
        """By the button and by dragging the card alike.

        :raise UserError: a contact would be closed without a pathway and nobody said why
        """
        closed = self.env.ref("citta_lavoro.crm_stage_intake_closed", raise_if_not_found=False)
        if self.env.su or not closed or vals.get("stage_id") != closed.id or vals.get("lost_reason_id"):
            return
        if self.filtered(lambda lead: lead.stage_id != closed and not ("lost_reason_id" not in vals and lead.lost_reason_id)):
            raise UserError(self.env._("Say first why no pathway is opened: choose a reason."))

    def _record_consent(self, channel, proof):
        """Write one consent to being called back for each contact that has none in force.

        :return: the consents
        """
        purpose = self.env.ref("citta_lavoro.purpose_callback")
        missing = self.filtered(lambda lead: not lead.citta_has_consent)
        return self.env["citta.consent"].create([
            {
                "purpose_id": purpose.id,
                "lead_id": lead.id,
                "territory_id": lead.citta_territory_id.id,
                "channel": channel,
                "proof": proof or lead.citta_consent_proof,
            }
            for lead in missing
        ])

    def _record_paper_consent(self):
        imported = self.filtered(lambda lead: lead.citta_source == "import")
        imported._record_consent("import", False)
        (self - imported)._record_consent("paper", False)

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_intake_action(self, *modes):
        """The action of the intake pipeline with some of its views, in this order."""
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.crm_lead_intake_action")
        views = [view for mode in modes for view in action["views"] if view[1] == mode]
        return {**action, "views": views, "view_mode": ",".join(modes)}

    def get_formview_id(self, access_uid=None):
        """A first contact opens in its own form from wherever it is linked, not in the sales form."""
        if len(self) == 1 and self.citta_pipeline == "intake":
            return self.env.ref("citta_lavoro.crm_lead_intake_view_form").id
        return super().get_formview_id(access_uid=access_uid)

    @api.model
    def _fiscal_code_message(self, code):
        """What is wrong with a fiscal code, in words; False for a right one."""
        code = fiscal_code.normal(code)
        messages = {
            "length": self.env._(
                "A fiscal code has 16 characters: “%(code)s” has %(count)s.", code=code, count=len(code)
            ),
            "checksum": self.env._("The fiscal code “%(code)s” has a slip: its last character does not fit the others.", code=code),
            "format": self.env._("“%(code)s” is no fiscal code: letters and digits are not in their places.", code=code),
        }
        return messages.get(fiscal_code.problem(code), False)
