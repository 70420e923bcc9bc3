from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from .invitee_mixin import OPEN_STATES


class Lead(models.Model):
    """From first contact to pathway: the lead keeps its history, the person and the case begin."""

    _inherit = "crm.lead"

    citta_pathway_ids = fields.One2many("citta.pathway", "lead_id", "Pathway", groups="base.group_user")
    citta_invitation_ids = fields.One2many(
        "citta.invitation", "lead_id", "Invitations", groups="citta_lavoro.group_citta_operator"
    )
    citta_import_line_ids = fields.One2many("citta.intake.import.line", "lead_id", "Rows of imported lists", groups="base.group_system")
    citta_pathway_count = fields.Integer(
        "Pathways", compute="_compute_citta_pathway_count", compute_sudo=False, groups="base.group_user"
    )

    @api.depends("citta_pathway_ids")
    def _compute_citta_pathway_count(self):
        counts = dict(self.env["citta.pathway"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.citta_pathway_count = counts.get(lead._origin, 0)

    @api.constrains("stage_id")
    def _check_pathway_stage(self):
        """The column says that there is a pathway, so there must be one; demo and data files may tell a story."""
        opened = self._get_pathway_stage()
        if self.env.context.get("install_mode") or not opened:
            return
        for lead in self:
            if lead.stage_id == opened and not lead.citta_pathway_ids:
                raise ValidationError(self.env._("Press “Open pathway”: the column follows."))

    # -- actions -------------------------------------------------------------

    def action_open_pathway(self):
        """Open the pathway of this first contact, or show the one it has become.

        :return: the pathway's form
        :raise UserError: see ``_open_pathway``
        """
        return self._open_pathway()._get_records_action()

    # -- business ------------------------------------------------------------

    def _open_pathway(self):
        """Make the case of a first contact; called twice, it gives the same pathway.

        Finds the person by fiscal code, or by e-mail or phone together with the name, else makes one; puts the
        person under the care of the body; hands the consents on; moves the contact to “Pathway opened”.

        :return: the pathway
        :raise AccessError: the contact is out of the user's reach
        :raise UserError: no consent in force, no body or programme, or the person has an open pathway already
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: a pathway of this contact counts also when another body follows it by now
        if pathway := self.sudo().citta_pathway_ids[:1].sudo(False):
            return pathway
        self._check_consent()
        body, programme = self._get_pathway_body(), self._get_pathway_programme()
        person = self._find_person() or self._create_person(body, programme.territory_id)
        self._check_no_open_pathway(person, programme)
        pathway = self.env["citta.pathway"].create({
            "partner_id": person.id,
            "programme_id": programme.id,
            "body_id": body.id,
            "lead_id": self.id,
        })
        self._hand_over_to(person, body, programme)
        return pathway

    def _check_consent(self):
        valid = self.env["citta.consent"].search_count([("lead_id", "=", self.id), ("is_valid", "=", True)], limit=1)
        if not valid:
            raise UserError(self.env._(
                "No consent of %(name)s is in force: ask for it and record it before opening a pathway.",
                name=self._get_person_name(),
            ))

    def _check_no_open_pathway(self, person, programme):
        # sudo: an open pathway counts also where the user may not see it
        taken = self.env["citta.pathway"].sudo().search_count(
            [("partner_id", "=", person.id), ("programme_id", "=", programme.id), ("state", "!=", "closed")], limit=1
        )
        if taken:
            raise UserError(self.env._("%(name)s has an open pathway in this programme already.", name=person.name))

    def _hand_over_to(self, person, body, programme):
        """The consents now speak for the person, and the contact has done its work."""
        # sudo: a consent is not the operator's to edit; here it only follows its person
        self.env["citta.consent"].sudo().search([("lead_id", "=", self.id)]).write({
            "partner_id": person.id, "territory_id": programme.territory_id.id,
        })
        if not person.citta_contact_time:
            person.citta_contact_time = self.citta_preferred_time
        self.write({
            "partner_id": person.id,
            "citta_body_id": body.id,
            "citta_programme_id": programme.id,
            "stage_id": (self._get_pathway_stage() or self.stage_id).id,
        })

    def _merge_get_fields_specific(self):
        """A contact with a pathway stands in the column that says so."""
        specific, opened = super()._merge_get_fields_specific(), self._get_pathway_stage()
        # sudo: also a pathway that another body follows by now
        if opened and self.sudo().citta_pathway_ids:
            specific["stage_id"] = lambda _name, _leads: opened.id
        return specific

    def _merge_dependences(self, opportunities):
        """The pathway follows the contact that stays, and so do invitations and the rows of imported lists.

        :raise UserError: two of the contacts have become pathways: the origin of one would be lost
        """
        # sudo: pathways and lists count wherever followed; their origin is nobody's to edit, here it only follows its contact
        merged, kept = opportunities.sudo(), self.sudo()
        pathways = merged.citta_pathway_ids | kept.citta_pathway_ids
        if len(pathways) > 1:
            raise UserError(self.env._(
                "More than one of these contacts has become a pathway: each keeps its own. Put the others away as doubles instead."
            ))
        pathways.lead_id = self
        merged.citta_import_line_ids.lead_id = self
        kept._take_invitations(merged)
        return super()._merge_dependences(opportunities)

    # -- invitations ---------------------------------------------------------

    def _take_invitations(self, merged):
        """Of several open invitations the furthest stays open; the others are called off."""
        everything = self.citta_invitation_ids | merged.citta_invitation_ids
        open_ones = everything.filtered(lambda one: one.state in OPEN_STATES).sorted(lambda one: OPEN_STATES.index(one.state))
        for doubled in open_ones[:-1]:
            doubled._workflow_move("cancel")
        everything.flush_recordset(["state"])
        everything.lead_id = self

    def _get_invitee(self):
        # sudo: an invitation goes to the person's address, whoever prepares it
        lead_sudo = self.sudo()
        town = lead_sudo.city or lead_sudo.citta_city_id.name
        return {
            "name": lead_sudo._get_person_name(), "email": lead_sudo.email_normalized, "phone": lead_sudo.phone_sanitized,
            "street": lead_sudo.street, "town": " ".join(filter(None, (lead_sudo.zip, town))), "lang": lead_sudo.lang_code,
        }

    def _get_invitation_obstacle(self):
        closed = self.env.ref("citta_lavoro.crm_stage_intake_closed", raise_if_not_found=False)
        # sudo: the person's will counts whoever asks
        lead_sudo = self.sudo()
        if not lead_sudo.active or lead_sudo.stage_id == closed:
            return self.env._("This first contact is closed.")
        return not lead_sudo.citta_has_consent and self.env._("No consent is in force.")

    def _note_meeting(self, moment):
        """The first talk took place then; the column follows, unless the contact has gone further."""
        values = {} if self.citta_date_contacted else {"citta_date_contacted": moment}
        if not self._is_talked_stage(self.stage_id.id):
            values = {"citta_date_contacted": self.citta_date_contacted or moment, "stage_id": self.env.ref("citta_lavoro.crm_stage_intake_met").id}
        self.write(values)

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_pathway_stage(self):
        return self.env.ref("citta_lavoro.crm_stage_intake_opened", raise_if_not_found=False)

    def _get_person_name(self):
        return self.contact_name or self.partner_id.name or self.name

    def _get_person_fiscal_code(self):
        return self.citta_fiscal_code

    def _get_pathway_body(self):
        """The body in charge of the contact, else the user's only one."""
        bodies = self.citta_body_id or self.env.user.citta_body_ids
        if len(bodies) != 1:
            raise UserError(self.env._("Say first which body follows this contact."))
        return bodies

    def _get_pathway_programme(self):
        """The contact's programme, else the only one of its territory."""
        programmes = self.citta_programme_id or self.env["citta.programme"].search(
            [("territory_id", "=", self.citta_territory_id.id)]
        )
        if len(programmes) != 1:
            raise UserError(self.env._("Say first which programme this contact is for."))
        return programmes

    def _find_person(self):
        """The person this contact is about, if known in the user's scope.

        Families share phones and mailboxes: these count only together with the name.

        :raise UserError: the fiscal code belongs to somebody followed out of the user's scope
        """
        partners = self.env["res.partner"]
        if self.partner_id and not self.partner_id.is_company:
            return self.partner_id
        if code := self._get_person_fiscal_code():
            domain = Domain("citta_fiscal_code", "=", code) & Domain("citta_is_person", "=", True)
            if found := partners.search(domain, limit=1):
                return found
            # sudo: only to tell that somebody exists, not who
            if partners.sudo().search_count(domain, limit=1):
                raise UserError(self.env._(
                    "The person with this fiscal code is followed by another body: ask the coordinator."
                ))
        return partners.search(self._get_same_person_domain(), limit=1)

    def _get_same_person_domain(self):
        """Same name and same address or number, and no other fiscal code."""
        means = Domain.OR([
            Domain(name, "=", self[name])
            for name in ("email_normalized", "citta_phone_key") if self[name]
        ])
        code = self._get_person_fiscal_code()
        codes = Domain("citta_fiscal_code", "=", False) if code else Domain.TRUE
        same_name = Domain("name", "=ilike", escape_psql(self._get_person_name()))
        return means & same_name & codes & Domain("citta_is_person", "=", True)

    def _create_person(self, body, territory):
        # sudo: operators may not create contacts at large; this one is born inside their own scope
        return self.env["res.partner"].sudo().create(self._prepare_person_values(body, territory)).sudo(False)

    def _prepare_person_values(self, body, territory):
        """Values of the person's contact, taken from the first contact.

        :param body: the body that follows the person
        :param territory: its territory
        :return: a dictionary for ``res.partner.create``
        """
        code = self._get_person_fiscal_code()
        return {
            "name": self._get_person_name(),
            "email": self.email_from,
            "phone": self.phone,
            "lang": self.lang_code or self.env.lang,
            "city_id": self.citta_city_id.id,
            "city": self.citta_city_id.name,
            "citta_fiscal_code": code,
            "citta_no_fiscal_code_reason": False if code else "not_given",
            "citta_is_person": True,
            "citta_body_id": body.id,
            "citta_territory_id": territory.id,
        }
