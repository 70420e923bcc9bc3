from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..programme.res_partner import BODY_KINDS


class CrmLead(models.Model):
    """A body or firm that asks to join the network, until it is a member or says no."""

    _inherit = "crm.lead"

    citta_body_kind = fields.Selection(BODY_KINDS, "Kind of body")
    citta_body_code = fields.Char("VAT number or fiscal code", size=16)
    citta_member_id = fields.Many2one(
        "citta.member", "Member", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    # -- actions -------------------------------------------------------------

    def action_make_member(self):
        """Turn the request into an active member, with a portal login for its contact person.

        :return: the action that opens the member
        :raise UserError: not a request to join, made a member already, or no programme
        """
        self.ensure_one()
        self._check_can_join()
        body, contact = self._citta_find_body()
        member = self.env["citta.member"].create(self._prepare_member_values(body, contact))
        member.action_activate()
        self.write({"citta_member_id": member.id, "stage_id": self.env.ref("citta_lavoro.crm_stage_network_member").id})
        if contact:
            member._grant_portal(contact)
        return member._get_records_action()

    # -- business ------------------------------------------------------------

    def _check_can_join(self):
        if self.citta_pipeline != "network":
            raise UserError(self.env._("Only a request of the network's pipeline becomes a member."))
        if self.citta_member_id:
            raise UserError(self.env._("This request has become a member already."))
        if not self.citta_programme_id or not self.partner_name:
            raise UserError(self.env._("Enter the programme and the name of the body first."))

    def _citta_find_body(self):
        """The body and its contact person, found or made.

        :return: (body, contact person or an empty recordset)
        """
        # sudo: network managers may not edit contacts at large; the right to the request was checked by its rule
        partners = self.env["res.partner"].sudo()
        body = partners.browse(self.partner_id.id).commercial_partner_id
        if not body and self.citta_body_code:
            spellings = [self.citta_body_code, f"IT{self.citta_body_code}"]
            body = partners.search([("vat", "in", spellings), ("parent_id", "=", False)], limit=1)
        body = body or partners.create(self._prepare_body_values())
        if not body.citta_body_kind:
            body.citta_body_kind = self.citta_body_kind or "company"
        return body.sudo(False), self._citta_find_contact(partners, body).sudo(False)

    def _citta_find_contact(self, partners, body):
        """The person who wrote, among the body's contacts."""
        if not self.contact_name:
            return partners
        known = body.child_ids.filtered(lambda child: child.email_normalized == self.email_normalized)
        return known[:1] or partners.create({
            "name": self.contact_name,
            "parent_id": body.id,
            "email": self.email_from,
            "phone": self.phone,
            "function": self.function,
        })

    # -- hooks ---------------------------------------------------------------

    def _merge_get_fields(self):
        """Core's fields, what the body is, and the member that it has become."""
        return [*super()._merge_get_fields(), "citta_body_kind", "citta_body_code", "citta_member_id"]

    def _prepare_body_values(self):
        """Values of the body that is made when none is known."""
        city = self.citta_city_id
        return {
            "name": self.partner_name,
            "is_company": True,
            # sixteen characters are a person's fiscal code, which is no VAT number
            "vat": self.citta_body_code if len(self.citta_body_code or "") == 11 else False,
            "citta_body_kind": self.citta_body_kind or "company",
            "city_id": city.id,
            "city": city.name,
            "state_id": city.state_id.id,
            "country_id": city.country_id.id,
            "zip": city.zipcode,
            "website": self.website,
            "lang": self.lang_id.code or self.env.lang,
        }

    def _prepare_member_values(self, body, contact):
        """Values of the adhesion that comes out of the request."""
        return {
            "partner_id": body.id,
            "programme_id": self.citta_programme_id.id,
            "contact_ids": [Command.link(contact.id)] if contact else [],
        }
