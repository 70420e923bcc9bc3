from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.personal_data import MARK, like_patterns, name_marks, phone_marks, regular_expression, spellings

LISTS = {"mail_blacklist", "phone_blacklist"}  # a row of them is nothing but the mark
MARK_FIELDS = {
    "res.partner": ("name", "email", "phone"), "crm.lead": ("contact_name", "email_from", "phone"), "event.registration": ("name", "email", "phone"),
}


class PrivacySweeper(models.AbstractModel):
    """Finds the marks of a person (full name, addresses, numbers, codes) in whatever text of the database, and takes them out."""

    _name = "citta.privacy.sweeper"
    _description = "Sweeper of personal marks"

    @api.model
    def _get_marks(self, found):
        """Full name, addresses, numbers and codes of the persons, as far as nobody else has the same.

        Families share phones and mailboxes, and namesakes a name: what somebody else has too is erased only from the
        person's own records.
        """
        marks = set()
        for model, (name, email, phone) in MARK_FIELDS.items():
            for record in found.get(model, self.env[model]):
                shared = self._is_shared
                marks |= set() if shared(model, 0, record[name], found) else name_marks(record[name])
                marks |= set() if shared(model, 1, record[email], found) else {(record[email] or "").strip()}
                marks |= set() if shared(model, 2, record[phone], found) else phone_marks(record[phone])
        for model in ("res.partner", "crm.lead"):
            for record in found.get(model, self.env[model]):
                marks |= {record[name] for name in ("citta_fiscal_code", "vat", "citta_token") if name in record and record[name]}
        marks |= {user.login for user in found.get("res.users", self.env["res.users"]) if "@" in user.login}
        return {mark for mark in marks if len(mark) >= 6}

    @api.model
    def _is_shared(self, model, place, value, found):
        """Whether somebody else is known under the same name, address or number."""
        value = (value or "").strip()
        for other, fields in MARK_FIELDS.items():
            mine = found.get(other, self.env[other]).ids
            domain = Domain(fields[place], "=ilike", value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")) & Domain("id", "not in", mine)
            if "partner_id" in self.env[other]:
                domain &= Domain("partner_id", "not in", found["res.partner"].ids)
            # sudo: as the whole erasure
            if value and self.env[other].sudo().with_context(active_test=False).search_count(domain, limit=1):
                return True
        return False

    @api.model
    def _sweep(self, marks, kept):
        """Take the marks out of every text of the database that is not kept.

        :return: names of the files that tell of the person and belong to somebody else, which no machine can edit
        """
        texts = spellings(marks)
        if not texts:
            return []
        like, expression = like_patterns(texts), regular_expression(texts)
        untouched = self.env["citta.privacy.registry"]._get_untouched_tables()
        leftovers = self._get_leftover_files(like, kept)
        for table, columns in self._get_text_columns(untouched).items():
            self._sweep_table(table, columns, like, expression, kept)
        return leftovers

    @api.model
    def _get_text_columns(self, untouched):
        """Table → (column, type) of all texts of the database."""
        self.env.cr.execute(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
            " AND c.data_type IN ('character varying', 'text', 'jsonb', 'json')"
        )
        found = defaultdict(list)
        for table, column, kind in self.env.cr.fetchall():
            if table not in untouched:
                found[table].append((column, kind))
        return found

    @api.model
    def _sweep_table(self, table, columns, like, expression, kept):
        guard = self._get_sweep_guard(table, kept)
        either = SQL(" OR ").join(SQL("%s::text ILIKE ANY(%s)", SQL.identifier(column), like) for column, _kind in columns)
        self.env.cr.execute(SQL("SELECT EXISTS (SELECT FROM %s WHERE (%s)%s)", SQL.identifier(table), either, guard))
        if not self.env.cr.fetchone()[0]:
            return
        if table in LISTS:
            self.env.cr.execute(SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), either))
            return
        for column, kind in columns:
            name = SQL.identifier(column)
            self.env.cr.execute(SQL(
                "UPDATE %s SET %s = regexp_replace(%s::text, %s, %s, 'gi')%s WHERE %s::text ILIKE ANY(%s) AND %s::text ~* %s%s",
                SQL.identifier(table), name, name, expression, MARK, SQL(f"::{kind}"), name, like, name, expression, guard,
            ))

    @api.model
    def _get_sweep_guard(self, table, kept):
        """Leave out the records that are kept, and what is attached to them."""
        # bundles of scripts and styles are large, and nobody's
        guard = SQL(" AND COALESCE(url, '') NOT LIKE '/web/assets/%%'") if table == "ir_attachment" else SQL()
        for records, _reason, _until in kept:
            if records and records._table == table:
                guard = SQL("%s AND id NOT IN %s", guard, tuple(records.ids))
            if records and table in ("mail_message", "ir_attachment"):
                column = SQL.identifier("model" if table == "mail_message" else "res_model")
                guard = SQL("%s AND NOT (%s IS NOT DISTINCT FROM %s AND res_id IN %s)", guard, column, records._name, tuple(records.ids))
        return guard

    @api.model
    def _get_leftover_files(self, like, kept):
        guard = self._get_sweep_guard("ir_attachment", kept)
        self.env.cr.execute(SQL(
            "SELECT id, res_model, res_id FROM ir_attachment WHERE (name ILIKE ANY(%s) OR index_content ILIKE ANY(%s))%s ORDER BY id", like, like, guard,
        ))
        return [self.env._("file no. %(id)s of %(model)s no. %(res)s", id=one, model=model or "—", res=res or "—") for one, model, res in self.env.cr.fetchall()]
