from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools.personal_data import regular_expression

TEXTS = ("char", "text", "html", "json", "properties")
# Whatever the model, these point to a record by name and number: (model, its field for the name, its field for the number).
ATTACHED = (
    ("mail.message", "model", "res_id"), ("mail.activity", "res_model", "res_id"), ("mail.followers", "res_model", "res_id"),
    ("mail.scheduled.message", "model", "res_id"), ("rating.rating", "res_model", "res_id"), ("ir.attachment", "res_model", "res_id"),
    ("ir.model.data", "model", "res_id"), ("privacy.lookup.wizard.line", "res_model", "res_id"),
)
# Credentials that are no fields: (table, column of the user).
LOGIN_TABLES = (
    ("res_users_apikeys", "user_id"), ("res_device_log", "user_id"), ("res_users_log", "create_uid"), ("auth_totp_device", "user_id"),
    ("auth_passkey_key", "create_uid"),
)


class PrivacyEraser(models.AbstractModel):
    """Takes a person out of the database: rows stay for the figures, nothing in them tells who it was.

    Everything happens in the caller's transaction, so that it is done wholly or not at all. Values are emptied by
    SQL: no tracking, no recomputation and no mail may write them anew. Files go when Odoo's own collection of
    unused files runs after the commit.
    """

    _name = "citta.privacy.eraser"
    _description = "Eraser of personal data"
    _inherit = ["citta.privacy.sweeper"]

    @api.model
    @api.private
    def erase(self, partners, leads):
        """Erase these persons from everything that the register names, and their marks from every other text.

        :param partners: contacts of persons
        :param leads: first contacts without a contact
        :return: (model → number of records treated, list of (records, reason, until) kept by law, list of leftovers)
        """
        # sudo: whoever may erase, erases everywhere
        registry = self.env["citta.privacy.registry"].sudo()
        self.env.flush_all()
        found = registry._find(partners, leads)
        kept = registry._get_kept(found)
        marks = self._get_marks(found)
        self._erase_dialogues(found)
        self._erase_letters(marks)
        self._erase_lookups(marks)
        found = self._set_apart(found, kept)
        counts = {}
        for holding in reversed(registry._get_plan()):
            if records := found.get(holding.model):
                counts[holding.model] = len(records)
                if holding.deed == "clear":
                    self._clear(records, holding)
                self._erase_attached(records)
                if holding.deed == "delete":
                    self._delete(records)
        self._erase_traces(found)
        self.env.flush_all()
        leftovers = self._sweep(marks, kept)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return counts, kept, leftovers

    # -- the person's own records ----------------------------------------------

    @api.model
    def _delete(self, records):
        if records._name == "calendar.attendee":
            self._clear_meetings(records)
        records.exists().unlink()

    @api.model
    def _clear(self, records, holding):
        """Empty every text of these records, whichever module added it.

        A field that must have a value gets a neutral one.
        """
        columns = {}
        for name, field in records._fields.items():
            if not field.store or not field.column_type or name in holding.spare:
                continue
            text = name in holding.only if holding.only else field.type in (*TEXTS, "binary")
            # a file goes with its record, and nothing may hold it back
            pointer = field.type == "many2one" and field.comodel_name == "ir.attachment" and not field.required and not holding.only
            if text or pointer or name in holding.neutral or name in holding.also:
                columns[name] = self._get_neutral(field, holding.neutral.get(name, "—" if field.required else None))
        if columns:
            self.env.cr.execute(SQL(
                "UPDATE %s SET %s WHERE id IN %s", SQL.identifier(records._table),
                SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in columns.items()), tuple(records.ids),
            ))

    @api.model
    def _get_neutral(self, field, value):
        """What stands in a column afterwards, with the record's number in its place."""
        if value is None:
            return SQL("NULL")
        text = SQL("replace(%s, '{id}', id::text)", value)
        return SQL("jsonb_build_object('en_US', %s)", text) if field.column_type[0] == "jsonb" else text

    @api.model
    def _clear_meetings(self, attendees):
        """A meeting of colleagues with this person alone loses its words; from one with others the person is only taken out."""
        self.env.cr.execute(SQL(
            """
            UPDATE calendar_event e SET name = '—', description = NULL, location = NULL, videocall_location = NULL
             WHERE e.id IN %s AND NOT EXISTS (
                SELECT 1 FROM calendar_attendee a JOIN res_partner p ON p.id = a.partner_id
                 WHERE a.event_id = e.id AND a.id NOT IN %s AND p.partner_share)
            RETURNING e.id
            """,
            tuple(attendees.event_id.ids or [0]), tuple(attendees.ids),
        ))
        if emptied := [row[0] for row in self.env.cr.fetchall()]:
            self._erase_attached(self.env["calendar.event"].browse(emptied))
        self.env.cr.execute(SQL(
            "DELETE FROM calendar_event_res_partner_rel WHERE res_partner_id IN %s", tuple(attendees.partner_id.ids or [0])
        ))

    @api.model
    def _erase_attached(self, records):
        """Messages with their tracked values and mails, files, activities and followers of these records, and reasons."""
        for model, name, number in ATTACHED:
            if model in self.env:
                self._get_attached(model, name, number, records).unlink()
        self.env.cr.execute(SQL(
            "UPDATE citta_workflow_log SET reason = NULL WHERE res_model = %s AND res_id IN %s", records._name, tuple(records.ids)
        ))

    @api.model
    def _get_attached(self, model, name, number, records):
        """Found by SQL: a search hides the files behind binary fields."""
        # sudo: as the whole erasure
        target = self.env[model].sudo()
        more = SQL(" AND module IN ('__import__', '__export__')") if model == "ir.model.data" else SQL()
        self.env.cr.execute(SQL(
            "SELECT id FROM %s WHERE %s = %s AND %s IN %s%s", SQL.identifier(target._table), SQL.identifier(name), records._name,
            SQL.identifier(number), tuple(records.ids), more,
        ))
        return target.browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _erase_dialogues(self, found):
        """What was typed into dialogues about these records: it stays for hours after they are closed."""
        for model in self.env.registry.values():
            if model._transient and model._auto and not model._abstract:
                for name, field in model._fields.items():
                    if field.type == "many2one" and field.store and field.column_type and found.get(field.comodel_name):
                        self.env.cr.execute(SQL(
                            "DELETE FROM %s WHERE %s IN %s",
                            SQL.identifier(model._table), SQL.identifier(name), tuple(found[field.comodel_name].ids),
                        ))

    @api.model
    def _erase_letters(self, marks):
        """Mails that went to an address of the person and to no other, whatever they were about."""
        addresses = [mark for mark in marks if "@" in mark]
        if not addresses:
            return
        self.env.cr.execute(SQL(
            "SELECT mail_message_id FROM mail_mail m WHERE email_to ~* %s AND email_to !~ '[,;]'"
            " AND NOT EXISTS (SELECT FROM mail_mail_res_partner_rel r WHERE r.mail_mail_id = m.id)", regular_expression(addresses),
        ))
        # sudo: as the whole erasure
        self.env["mail.message"].sudo().browse([row[0] for row in self.env.cr.fetchall()]).unlink()

    @api.model
    def _erase_lookups(self, marks):
        """What Odoo's search for personal data had found about this person: it lists records that are deleted meanwhile, too."""
        # sudo: as the whole erasure
        wizards = self.env["privacy.lookup.wizard"].sudo().search(["|", ("email", "in", list(marks)), ("name", "in", list(marks))])
        wizards.line_ids.unlink()
        wizards.unlink()

    # -- what the person left elsewhere ------------------------------------------

    @api.model
    def _erase_traces(self, found):
        """Words written by or to this person on other records; the login; the contact's own ties."""
        partners, users = found.get("res.partner", self.env["res.partner"]), found.get("res.users", self.env["res.users"])
        if not partners:
            return
        ids = tuple(partners.ids)
        self.env.cr.execute(SQL(
            """
            SELECT id FROM mail_message WHERE author_id IN %(ids)s
             UNION SELECT r.mail_message_id FROM mail_message_res_partner_rel r GROUP BY 1 HAVING bool_and(r.res_partner_id IN %(ids)s)
             UNION SELECT m.mail_message_id FROM mail_mail m JOIN mail_mail_res_partner_rel r ON r.mail_mail_id = m.id
                    GROUP BY 1 HAVING bool_and(r.res_partner_id IN %(ids)s)
            """,
            ids=ids,
        ))
        # sudo: as the whole erasure
        messages = self.env["mail.message"].sudo().browse([row[0] for row in self.env.cr.fetchall()])
        messages.filtered(lambda one: one.author_id in partners).attachment_ids.unlink()
        messages.unlink()
        # sudo: as the whole erasure
        self.env["mail.followers"].sudo().search([("partner_id", "in", ids)]).unlink()
        self.env.cr.execute(SQL("DELETE FROM res_partner_res_partner_category_rel WHERE partner_id IN %s", ids))
        self.env.cr.execute(SQL("UPDATE res_partner SET active = FALSE, commercial_partner_id = id WHERE id IN %s", ids))
        if users:
            self._erase_logins(users)

    @api.model
    def _erase_logins(self, users):
        ids = tuple(users.ids)
        self.env.cr.execute(SQL("UPDATE res_users SET active = FALSE, password = NULL WHERE id IN %s", ids))
        self.env.cr.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        tables = {row[0] for row in self.env.cr.fetchall()}
        for table, column in LOGIN_TABLES:
            if table in tables:
                self.env.cr.execute(SQL("DELETE FROM %s WHERE %s IN %s", SQL.identifier(table), SQL.identifier(column), ids))

    # -- what a law keeps --------------------------------------------------------

    @api.model
    def _set_apart(self, found, kept):
        """Part the person of the programme from the contact whose name papers need: the programme gets a nameless one.

        :return: what is erased: ``found`` without what is kept, and with the nameless contacts
        """
        keep = defaultdict(set)
        for records, _reason, _until in kept:
            keep[records._name] |= set(records.ids)
        left = {name: records.filtered(lambda one, name=name: one.id not in keep[name]) for name, records in found.items()}
        for partner in self.env["res.partner"].browse(sorted(keep["res.partner"] & set(found["res.partner"].ids))):
            if any(records for name, records in left.items() if name not in ("res.partner", "citta.privacy.erasure")):
                left["res.partner"] |= self._stand_in(partner, left)
            self._strip(partner)
        self.env.invalidate_all()
        return left

    @api.model
    def _stand_in(self, partner, left):
        """A contact without a name that takes the place of ``partner`` in everything that is not kept."""
        marks = ("citta_is_person", "citta_body_id", "citta_territory_id", "citta_gender", "city_id", "city", "country_id", "state_id", "lang")
        values = {name: partner[name].id if hasattr(partner[name], "ids") else partner[name] for name in marks if name in partner}
        # sudo: as the whole erasure
        other = partner.sudo().create({**values, "name": self.env["citta.privacy.registry"]._get_label()})
        self.env.flush_all()
        for name, records in left.items():
            # the erasure itself stays with the contact whose papers it still has to erase one day
            if records and name not in ("res.partner", "citta.privacy.erasure"):
                self._point_to(records, partner, other)
        return other

    @api.model
    def _point_to(self, records, partner, other):
        """Whatever field of these records, followed ones too, names the one contact, names the other from now on."""
        for name, field in records._fields.items():
            if field.type == "many2one" and field.comodel_name == "res.partner" and field.store and field.column_type:
                self.env.cr.execute(SQL(
                    "UPDATE %(table)s SET %(field)s = %(other)s WHERE %(field)s = %(partner)s AND id IN %(ids)s",
                    table=SQL.identifier(records._table), field=SQL.identifier(name), other=other.id, partner=partner.id, ids=tuple(records.ids),
                ))

    @api.model
    def _strip(self, partner):
        """Of the contact that is kept, only what papers print stays: name, address, fiscal codes."""
        printed = {"name", "complete_name", "vat", "citta_fiscal_code", "street", "street2", "zip", "city", "commercial_company_name"}
        registry = self.env["citta.privacy.registry"]
        holding = next(one for one in registry._get_plan() if one.model == "res.partner")
        self._clear(partner, holding._replace(spare=holding.spare | printed | set(holding.neutral), neutral={}))
        self.env.cr.execute(SQL(
            "UPDATE res_partner SET citta_is_person = FALSE, citta_body_id = NULL, citta_territory_id = NULL WHERE id = %s", partner.id
        ))
        self._erase_attached(partner)
