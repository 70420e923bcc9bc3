import base64
import io
import json
import zipfile

from odoo import api, fields, models
from odoo.tools import html2plaintext

# Keys and marks of the machine: they open doors and tell nothing about the person.
HIDDEN = {"password", "access_token", "citta_token", "invite_token", "signup_type", "barcode", "citta_phone_key", "email_normalized", "phone_sanitized"}
TECHNICAL = {"id", "create_uid", "write_uid", "write_date", "display_name", "message_main_attachment_id", "color", "active"}
# What Odoo counts or sets for itself, the same for everybody or said elsewhere in the copy already.
PLUMBING = {
    "sequence", "type", "complete_name", "partner_share", "commercial_partner_id", "calendar_last_notif_ack", "autopost_bills", "peppol_eas",
    "property_account_payable_id", "property_account_receivable_id", "email_domain_criterion", "email_state", "phone_state",
    "date_last_stage_update", "automated_probability", "won_status", "notice_id",
}
#: How files of a kind begin.
SIGNS = {b"%PDF": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}
#: Worked out, and the person's to have all the same.
WORKED_OUT = {("citta.consent", "notice")}


class PrivacyExport(models.AbstractModel):
    """Everything held about a person in a form that people and machines read (GDPR art. 15 and 20)."""

    _name = "citta.privacy.export"
    _description = "Export of personal data"

    # -- hooks ---------------------------------------------------------------

    @api.model
    def _get_hidden_fields(self):
        """Fields that are not given out: keys, and what is about somebody else (GDPR art. 15(4)).

        :return: set of names
        """
        return HIDDEN | TECHNICAL | PLUMBING

    # -- business ------------------------------------------------------------

    @api.model
    def _collect(self, partners, leads):
        """What is held, model by model.

        :param partners: contacts of the person
        :param leads: first contacts without a contact
        :return: list of dictionaries ``model``, ``name``, ``records`` (field label → value) and ``messages``
        """
        found = self.env["citta.privacy.registry"]._find(partners, leads)
        names, sections = self.env["citta.privacy.registry"]._name_models(found), []
        for name, records in found.items():
            if records:
                sections.append({
                    "model": name,
                    "name": names[name],
                    "records": [self._describe(record) for record in records],
                    "messages": self._get_messages(records),
                })
        return sections

    @api.model
    def _describe(self, record):
        """The filled fields of a record, by their labels."""
        hidden, found = self._get_hidden_fields(), {}
        labels = record.fields_get(attributes=["string"])
        for name, field in record._fields.items():
            held = (field.store and field.column_type) or (record._name, name) in WORKED_OUT
            if held and name not in hidden and field.type not in ("binary", "many2one_reference"):
                value = self._get_value(record, field)
                if value not in (False, None, "", 0, 0.0):
                    found[labels.get(name, {}).get("string", name)] = value
        return found

    @api.model
    def _get_value(self, record, field):
        value = record[field.name]
        if field.type == "many2one":
            return value.display_name
        if field.type == "properties":
            return ", ".join(str(one) for one in dict(value).values() if one)
        if field.type == "html":
            return html2plaintext(value or "").strip()
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type in ("date", "datetime"):
            return field.to_string(value) if hasattr(field, "to_string") else fields.Datetime.to_string(value)
        return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)

    @api.model
    def _get_messages(self, records):
        # sudo: what is written about a person is the person's to know, wherever it stands
        messages = self.env["mail.message"].sudo().search([
            ("model", "=", records._name), ("res_id", "in", records.ids), ("body", "not in", ["", False]),
        ], order="id")
        return [
            {"date": fields.Datetime.to_string(one.date), "author": one.author_id.name or "", "text": html2plaintext(one.body).strip()}
            for one in messages if html2plaintext(one.body).strip()
        ]

    @api.model
    def _get_files(self, partners, leads):
        """Files on the person's records, without those behind binary fields."""
        found = self.env["citta.privacy.registry"]._find(partners, leads)
        # sudo: as above
        attachments = self.env["ir.attachment"].sudo()
        for name, records in found.items():
            if records and name != "citta.privacy.request":
                attachments |= attachments.search([("res_model", "=", name), ("res_id", "in", records.ids), ("type", "=", "binary")])
        return attachments

    @api.model
    def _get_papers(self, partners, leads):
        """Papers that are kept in the rows themselves, as those that were signed.

        :return: list of (file name, bytes)
        """
        found, papers = self.env["citta.privacy.registry"]._find(partners, leads), []
        for name, records in found.items():
            columns = [one.name for one in records._fields.values() if one.type == "binary" and one.store and one.column_type]
            for record in records.with_context(bin_size=False) if columns else ():
                for column in columns:
                    if value := record[column]:
                        content = base64.b64decode(value)
                        ending = next((kind for start, kind in SIGNS.items() if content.startswith(start)), "bin")
                        papers.append((f"{name}-{record.id}-{column}.{ending}", content))
        return papers

    @api.model
    def _make_zip(self, partners, leads, pdf):
        """Data as JSON, the same as PDF, and the files.

        :param bytes pdf: the readable paper
        :return: bytes
        """
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("dati.json", json.dumps({
                "format": "cittadinanza-al-lavoro/1", "date": fields.Datetime.to_string(fields.Datetime.now()),
                "sections": self._collect(partners, leads),
            }, ensure_ascii=False, indent=1))
            archive.writestr("dati.pdf", pdf)
            for one in self._get_files(partners, leads):
                archive.writestr(f"file/{one.id}-{one.name.replace('/', '_')}", one.raw or b"")
            for name, content in self._get_papers(partners, leads):
                archive.writestr(f"documenti/{name}", content)
        return target.getvalue()
