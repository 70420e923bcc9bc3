from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

SPECIAL_FIELDS = frozenset({"health", "disability", "justice", "migration", "family"})


class PersonSensitive(models.Model):
    """What the law calls special data of a person (GDPR art. 9 and 10), apart from everything else.

    Own group and scope; every reading leaves a row in the read log, once per request and record, by whichever
    route: the fields come out of the database through ``_fetch_query`` alone, and are not prefetched, so that
    reading anything else does not read them. Searching in them is logged too; sorting, grouping and summing by
    them would tell without reading and is refused. No chatter, so no copy of a value anywhere.
    """

    _name = "citta.person.sensitive"
    _description = "Special data of a person"
    _inherit = ["citta.reach.mixin"]
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Person", required=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one(related="partner_id.citta_territory_id", store=True, index=True)
    body_id = fields.Many2one(related="partner_id.citta_body_id", store=True, index=True)
    health = fields.Text(prefetch=False, copy=False)
    disability = fields.Text(prefetch=False, copy=False)
    justice = fields.Text("Justice", prefetch=False, copy=False)
    migration = fields.Text(prefetch=False, copy=False)
    family = fields.Text("Family", prefetch=False, copy=False)

    _partner_uniq = models.UniqueIndex("(partner_id)", "The special data of this person have their record already.")

    @api.constrains("partner_id", "territory_id", "body_id")
    def _check_scope(self):
        """The scope is the person's own and the person one of the programme's, so that it cannot be forged."""
        for record in self:
            person = record.partner_id
            if not person.citta_is_person or (record.territory_id, record.body_id) != (
                person.citta_territory_id, person.citta_body_id
            ):
                raise ValidationError(self.env._("Special data belong to a person of the programme, in the person's own scope."))

    def write(self, vals):
        if "partner_id" in vals and any(record.partner_id.id != vals["partner_id"] for record in self):
            raise AccessError(self.env._("Special data never move to another person."))
        return super().write(vals)

    # -- every door through which values leave ---------------------------------

    def _fetch_query(self, query, fields):
        records = super()._fetch_query(query, fields)
        self._log_reading(records, {field.name for field in fields}, "read")
        return records

    def _search(self, domain, *args, **kwargs):
        query = super()._search(domain, *args, **kwargs)
        if used := self._get_special_conditions(domain):
            self._log_reading(self.browse(query.get_result_ids()), used, "search")
        return query

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        self._refuse_special(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._refuse_special(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._refuse_special(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def export_data(self, fields_to_export):
        self._log_reading(self, {path.split("/")[0] for path in fields_to_export}, "export")
        return super().export_data(fields_to_export)

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_special_conditions(self, domain):
        """Names of the special fields that a search compares with."""
        names = {condition.field_expr.split(".")[0] for condition in Domain(domain).iter_conditions()}
        return names & SPECIAL_FIELDS

    @api.model
    def _refuse_special(self, spec):
        """:raise AccessError: an order, group or sum by a special field, which would tell it without a reading"""
        if spec.split(":")[0].split(".")[0] in SPECIAL_FIELDS:
            raise AccessError(self.env._("Special data are read record by record, never sorted, grouped or counted."))

    @api.model
    def _log_reading(self, records, names, operation):
        """One row per user and record in one request; further fields of the same request are added to it.

        :param records: what was read
        :param names: the fields that were read, special or not
        :param operation: ``read``, ``search`` or ``export``
        """
        special = SPECIAL_FIELDS & names
        if not special:
            return
        known = self.env.cr.cache.setdefault("citta_special_reads", {})
        fresh = records.filtered(lambda record: (self.env.uid, record.id) not in known)
        for record in records - fresh:
            row, before = known[self.env.uid, record.id]
            if special - before:
                # sudo: nobody may write the log but the code that serves the reading
                row.sudo().field_names = ", ".join(sorted(special | before))
                known[self.env.uid, record.id] = row, special | before
        rows = self.env["citta.access.log"]._log(fresh, special, operation)
        known.update({(self.env.uid, record.id): (row, special) for record, row in zip(fresh, rows, strict=True)})


def _logged(name, on_model):
    """A reading method of core as one that writes: Odoo serves the others by read-only cursors, which cannot log."""

    def method(self, *args, **kwargs):
        return getattr(super(PersonSensitive, self), name)(*args, **kwargs)

    method.__name__ = name
    method._readonly = False
    return api.model(method) if on_model else method


for _name in ("read", "web_read"):
    setattr(PersonSensitive, _name, _logged(_name, on_model=False))
for _name in (
    "search", "search_count", "search_fetch", "search_read", "web_search_read", "name_search", "web_name_search",
    "web_read_group", "formatted_read_group", "formatted_read_grouping_sets", "read_progress_bar",
):
    setattr(PersonSensitive, _name, _logged(_name, on_model=True))
