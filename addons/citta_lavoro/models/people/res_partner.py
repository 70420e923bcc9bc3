from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import fiscal_code
from .intake_mixin import PREFERRED_TIMES

CHANNELS = [
    ("phone", "Phone call"), ("sms", "SMS"), ("chat", "Messages on the phone (chat)"), ("email", "E-mail"), ("letter", "Letter"),
]

OLDEST = date(1900, 1, 1)
SCOPE_FIELDS = {"citta_is_person", "citta_body_id", "citta_territory_id"}


class ResPartner(models.Model):
    """The person behind a pathway: who it is. Nothing of a programme is stored here."""

    _inherit = "res.partner"

    citta_fiscal_code = fields.Char(
        "Fiscal code", copy=False,
        groups="citta_lavoro.group_citta_operator,citta_lavoro.group_citta_privacy_officer,base.group_partner_manager",
    )
    citta_no_fiscal_code_reason = fields.Selection(
        [
            ("not_given", "Not told yet"),
            ("requested", "Requested, not issued yet"),
            ("foreign", "From abroad, none so far"),
            ("refused", "Does not want to tell"),
        ],
        "No fiscal code because", copy=False, groups="base.group_user",
    )
    citta_birth_date = fields.Date("Birth date", groups="base.group_user")
    citta_gender = fields.Selection(
        [("female", "Female"), ("male", "Male"), ("other", "Other")], "Gender", groups="base.group_user"
    )
    citta_contact_channel = fields.Selection(CHANNELS, "Best reached by", groups="base.group_user")
    citta_contact_time = fields.Selection(PREFERRED_TIMES, "Best time to call", groups="base.group_user")

    _citta_fiscal_code_uniq = models.UniqueIndex(
        "(citta_fiscal_code) WHERE citta_fiscal_code IS NOT NULL AND citta_is_person",
        "Another person of the programme has this fiscal code; ask the coordinator who follows them.",
    )

    @api.constrains("citta_fiscal_code", "citta_birth_date")
    def _check_citta_fiscal_code(self):
        for person in self:
            code, born = person.citta_fiscal_code, person.citta_birth_date
            if born and not OLDEST <= born <= fields.Date.context_today(self):
                raise ValidationError(self.env._("Nobody was born on that day: check the year."))
            if code and not fiscal_code.is_valid(code):
                raise ValidationError(self.env._("“%(code)s” is no valid fiscal code: check letters and digits.", code=code))
            if code and born and not fiscal_code.agrees_with_birth(code, born):
                raise ValidationError(self.env._("The fiscal code belongs to another birth date: one of them is mistyped."))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._citta_clean(vals) for vals in vals_list])

    def write(self, vals):
        self._citta_check_write(vals)
        self._citta_check_stays_person(vals)
        return super().write(self._citta_clean(vals))

    # -- hooks ---------------------------------------------------------------

    @api.model
    def _get_contact_editor_groups(self):
        """Groups that edit contacts which are no persons of the programme; operators edit only persons.

        An addon that gives another group the right to write contacts adds it here.

        :return: comma-separated external ids
        """
        return "base.group_partner_manager,citta_lavoro.group_citta_network_manager"

    # -- business ------------------------------------------------------------

    def _citta_take_on(self, body, territory, moved=False):
        """Put persons under the care of a body: from now on only its people see their contacts.

        :param body: the body that follows the persons
        :param territory: the territory of the programme
        :param bool moved: hand the persons over from the body that followed them so far
        :raise AccessError: a contact is out of the user's reach
        :raise UserError: a contact is no person, works here, or is followed by another body
        """
        self.check_access("read")
        # sudo: scope fields are written by this method alone, after its checks; archived contacts are persons, too
        persons = self.sudo().with_context(active_test=False)
        among = Domain("id", "in", self.ids)
        staff = Domain("is_company", "=", True) | Domain("user_ids", "any", [("share", "=", False), ("active", "=", True)])
        if strange := persons.search(among & staff, limit=1):
            raise UserError(self.env._("%(name)s is no person who can have a pathway.", name=strange.name))
        followed = not moved and persons.search(among & Domain("citta_body_id", "not in", (body.id, False)), limit=1)
        if followed:
            raise UserError(self.env._("%(name)s is followed by another body.", name=followed.name))
        persons._citta_set_scope(body, territory)

    def _citta_set_scope(self, body, territory):
        """Write the scope of many persons in one statement: core's ``write()`` looks at each of them for what no scope changes."""
        touched = [*SCOPE_FIELDS, "write_uid", "write_date"]
        self.flush_recordset(touched)
        scope = SQL("TRUE, %s, %s", body.id or None, territory.id or None)
        self.env.cr.execute(SQL(
            """
            UPDATE res_partner SET (citta_is_person, citta_body_id, citta_territory_id, write_uid, write_date) = (%s, %s, %s)
             WHERE id = ANY(%s) AND (citta_is_person, citta_body_id, citta_territory_id) IS DISTINCT FROM (%s) RETURNING id
            """, scope, self.env.uid, self.env.cr.now(), list(self.ids), scope,
        ))
        changed = self.browse(id_ for id_, in self.env.cr.fetchall())
        changed.invalidate_recordset(touched)
        changed.modified(SCOPE_FIELDS)

    def _citta_give_portal_access(self):
        """Give the person a portal login by e-mail invitation; a person who has one keeps it.

        :return: True if an invitation went out, False if there was nothing to do
        :raise UserError: no e-mail, an e-mail that is somebody else's login, or an internal user
        """
        line = self._citta_portal_line()
        if line.is_internal:
            raise UserError(self.env._("%(name)s works in the programme and needs no portal login.", name=self.name))
        if line.is_portal:
            return False
        if line.email_state == "ko":
            raise UserError(self.env._("Write a valid e-mail of %(name)s first: the invitation goes there.", name=self.name))
        if line.email_state == "exist":
            raise UserError(self.env._(
                "“%(email)s” is the login of somebody else: ask %(name)s for an own address.",
                email=self.email, name=self.name,
            ))
        line.action_grant_access()
        return True

    def _citta_revoke_portal_access(self):
        """Close the person's portal login; without one nothing happens.

        :return: True if a login was closed
        """
        line = self._citta_portal_line()
        if not line.is_portal:
            return False
        line.action_revoke_access()
        return True

    def _citta_portal_line(self):
        """The core wizard's line for this person.

        :raise UserError: not a person of the programme
        """
        self.ensure_one()
        self.check_access("write")
        if not self.citta_is_person:
            raise UserError(self.env._("%(name)s is no person of the programme.", name=self.name))
        # sudo: operators may not make users; the core wizard gives no more than a portal login
        return self.env["portal.wizard"].sudo().create({"partner_ids": [Command.set(self.ids)]}).user_ids

    # -- tools ---------------------------------------------------------------

    @api.model
    def _citta_clean(self, vals):
        if vals.get("citta_fiscal_code"):
            return {**vals, "citta_fiscal_code": fiscal_code.normal(vals["citta_fiscal_code"])}
        return vals

    def _citta_check_stays_person(self, vals):
        """:raise UserError: a person of the programme would become a company, or a part of one, or be put away while being accompanied"""
        if "active" in vals and not vals["active"] and not self.env.su:
            # sudo: an open pathway counts, also where another body follows it
            pathways_sudo = self.env["citta.pathway"].sudo()
            if followed := pathways_sudo.search([("partner_id", "in", self.ids), ("state", "!=", "closed")], limit=1):
                raise UserError(self.env._("%(name)s has an open pathway: close it first, with its outcome.", name=followed.partner_id.name))
        if self.env.su or not (vals.get("is_company") or vals.get("parent_id")):
            return
        if person := self.filtered("citta_is_person")[:1]:
            raise UserError(self.env._("%(name)s has a pathway: a person is no company, and belongs to none.", name=person.name))

    def _citta_check_write(self, vals):
        """Operators may write contacts only to keep the data of persons; the scope is not theirs to change.

        :raise AccessError: another contact, or the scope, would change
        """
        if self.env.su or self.env.user.has_group("citta_lavoro.group_citta_administrator"):
            return
        if SCOPE_FIELDS & vals.keys():
            raise AccessError(self.env._("Who follows a person changes with the pathway, not in the contact."))
        if self.env.user.has_groups(self._get_contact_editor_groups()):
            return
        if self.filtered(lambda partner: not partner.citta_is_person and partner != self.env.user.partner_id):
            raise AccessError(self.env._("Operators keep the data of the persons they follow, not of other contacts."))
