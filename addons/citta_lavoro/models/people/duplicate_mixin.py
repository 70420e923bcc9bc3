from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.same_person import Finder, Keys

MOST_NAMED = 3
MOST_SEARCHED = 2000  # a key shared by more records than this is no key


class DuplicateMixin(models.AbstractModel):
    """First contacts and persons that may be the same: warned about, never merged by the machine."""

    _name = "citta.duplicate.mixin"
    _description = "Duplicate warning mixin"

    citta_duplicate_ids = fields.Many2many("crm.lead", string="Possible doubles", compute="_compute_citta_duplicates")
    citta_duplicate_partner_ids = fields.Many2many("res.partner", string="Persons known", compute="_compute_citta_duplicates")
    citta_duplicate_count = fields.Integer("Doubles", compute="_compute_citta_duplicates")
    citta_duplicate_note = fields.Char("Double of", compute="_compute_citta_duplicates")
    citta_duplicate_hidden_count = fields.Integer("Doubles out of sight", compute="_compute_citta_duplicates")
    citta_duplicate_doubt = fields.Boolean(
        "Possible double", copy=False, index="btree_not_null",
        help="Set on arrival when somebody with the same fiscal code, e-mail or phone was there before; an operator clears it.",
    )

    @api.depends("citta_fiscal_code", "email_normalized", "citta_phone_key", "partner_id")
    @api.depends_context("uid")
    def _compute_citta_duplicates(self):
        found = self._find_duplicates()
        leads, persons = self._visible_duplicates(found)
        for lead in self:
            hits = found[lead]
            lead.citta_duplicate_ids = leads.filtered(lambda one, hits=hits: one in hits)
            lead.citta_duplicate_partner_ids = persons.filtered(lambda one, hits=hits: one in hits)
            lead.citta_duplicate_count = len(lead.citta_duplicate_ids) + len(lead.citta_duplicate_partner_ids)
            lead.citta_duplicate_hidden_count = len(hits) - lead.citta_duplicate_count
            lead.citta_duplicate_note = lead._describe_duplicates(hits)

    @api.model_create_multi
    def create(self, vals_list):
        """Flag arrivals of somebody who was there before."""
        leads = super().create(vals_list)
        intake = leads.filtered(lambda lead: lead.citta_pipeline == "intake" and not lead.citta_duplicate_doubt)
        if intake and not self.env.context.get("citta_duplicates_known"):
            found = intake._find_duplicates()
            intake.filtered(lambda lead: found[lead]).citta_duplicate_doubt = True
        return leads

    # -- actions -------------------------------------------------------------

    def action_intake_duplicates(self):
        """Show this first contact beside those that may be its doubles.

        :return: a window action
        """
        self.ensure_one()
        leads = self | self.citta_duplicate_ids
        return {
            **self._get_intake_action("list", "form"),
            "name": self.env._("Possible doubles"),
            "domain": [("id", "in", leads.ids), ("active", "in", [True, False])],
        }

    def action_intake_merge(self):
        """Make one first contact of several: the one that has come furthest stays, with both histories and all consents.

        With one record, it is merged with its only visible double.

        :return: the form of what stays
        :raise UserError: nothing to merge, or more than one double to choose from
        """
        leads = self
        if len(self) == 1:
            leads |= self.citta_duplicate_ids
            if len(leads) > 2:
                raise UserError(self.env._("There are several possible doubles: open the list and choose which ones to merge."))
        if len(leads) < 2:
            raise UserError(self.env._("Choose at least two first contacts to merge."))
        if leads.filtered(lambda lead: lead.citta_pipeline != "intake"):
            raise UserError(self.env._("Only first contacts are merged here."))
        leads.check_access("write")
        kept = leads._merge_opportunity()
        kept.citta_duplicate_doubt = kept.citta_duplicate_count > 0
        return {**self._get_intake_action("form"), "res_id": kept.id}

    def action_intake_lose_duplicate(self):
        """Put first contacts away as doubles: they stay readable, and no figure counts them any more."""
        self.action_set_lost(lost_reason_id=self.env.ref("citta_lavoro.lost_reason_duplicate").id)
        return True

    # -- business ------------------------------------------------------------

    def _find_duplicates(self):
        """Who may be the same, wherever followed; in a number of queries that does not depend on that of the records.

        :return: lead → dictionary (lead or person → names of the shared keys), in superuser mode
        """
        finder = self._get_duplicate_finder([lead._get_person_keys() for lead in self])
        found = {}
        for lead in self:
            hits = finder.find(lead._get_person_keys(), besides=lead._origin)
            found[lead] = {one: names for one, names in hits.items() if one != lead.partner_id}
        return found

    @api.model
    def _get_duplicate_finder(self, all_keys):
        """Everybody who shares a key with one of ``all_keys``: two searches in all.

        :param all_keys: list of :class:`Keys`
        :return: a :class:`Finder` of first contacts and persons
        """
        finder = Finder()
        domain = self._get_duplicate_domain(all_keys)
        if domain.is_false():
            return finder
        duplicate = self.env.ref("citta_lavoro.lost_reason_duplicate")
        # sudo: also those that another body follows; of them the user only learns how many there are
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        ours = Domain("citta_pipeline", "=", "intake") & Domain("lost_reason_id", "!=", duplicate.id)
        # sudo: the same for persons
        persons = self.env["res.partner"].sudo().with_context(active_test=False)
        for record in leads.search(domain & ours, limit=MOST_SEARCHED):
            finder.add(record, record._get_person_keys())
        for person in persons.search(domain & Domain("citta_is_person", "=", True), limit=MOST_SEARCHED):
            keys = Keys(person.citta_fiscal_code or "", person.email_normalized or "", person.citta_phone_key or "")
            finder.add(person, keys)
        return finder

    @api.model
    def _get_duplicate_domain(self, all_keys):
        names = {"fiscal_code": "citta_fiscal_code", "email": "email_normalized", "phone": "citta_phone_key"}
        values = {field: {getattr(keys, name) for keys in all_keys} - {""} for name, field in names.items()}
        return Domain.OR(Domain(field, "in", list(found)) for field, found in values.items() if found)

    @api.model
    def _visible_duplicates(self, found):
        """The first contacts and persons among ``found`` that the user may read."""
        hits = {one for hits in found.values() for one in hits}

        def visible(model):
            return self.env[model].browse([one.id for one in hits if one._name == model])._filtered_access("read")

        return visible("crm.lead"), visible("res.partner")

    # -- merge ---------------------------------------------------------------

    def _merge_get_fields(self):
        """Core's fields and ours."""
        ours = [
            "citta_source", "citta_preferred_time", "citta_antenna_id", "citta_antenna_name", "citta_reporter_name",
            "citta_reporter_contact", "citta_reference", "citta_fiscal_code", "citta_city_id", "citta_body_id",
            "citta_programme_id", "citta_territory_id", "citta_consent_proof", "citta_import_id",
        ]
        return super()._merge_get_fields() + ours

    def _merge_get_fields_specific(self):
        """The first arrival counts, and so does the first talk."""
        earliest = {
            name: lambda fname, leads: min(filter(None, leads.mapped(fname)), default=False)
            for name in ("citta_date_received", "citta_date_contacted")
        }
        specific = {**super()._merge_get_fields_specific(), **earliest}
        if self.filtered("citta_pipeline"):
            # what a person looked at on the website is none of an operator's business
            specific.pop("visitor_ids", None)
        return specific

    def _merge_dependences(self, opportunities):
        """Consents and pathways follow the contact that stays: a consent is proof and must not go with a double."""
        # sudo: a consent's first contact is not the operator's to edit; here it only follows its person
        merged, kept = opportunities.sudo(), self.sudo()
        merged.citta_consent_ids.lead_id = self
        # the antenna's page stays where it is: its address moves with the report
        tokens = [token for token in merged.mapped("citta_token") if token]
        if tokens and not kept.citta_token:
            merged.citta_token = False
            kept.citta_token = tokens[0]
        return super()._merge_dependences(opportunities)

    # -- tools ---------------------------------------------------------------

    def _get_person_keys(self):
        self.ensure_one()
        return Keys(self.citta_fiscal_code or "", self.email_normalized or "", self.citta_phone_key or "")

    def _describe_duplicates(self, hits):
        """The visible doubles by name, with what they share; the hidden ones are never named."""
        labels = {"fiscal_code": self.env._("fiscal code"), "email": self.env._("e-mail"), "phone": self.env._("phone")}
        seen = [*self.citta_duplicate_partner_ids, *self.citta_duplicate_ids]
        lines = [
            self.env._("%(name)s (same %(keys)s)", name=one.display_name, keys=", ".join(labels[key] for key in hits[one._origin]))
            for one in seen[:MOST_NAMED]
        ]
        return "; ".join(lines)
