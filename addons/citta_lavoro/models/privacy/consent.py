from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

CONSENT_CHANNELS = [
    ("web", "Public form"),
    ("antenna", "Antenna's report"),
    ("portal", "Portal"),
    ("paper", "Signed paper"),
    ("voice", "By voice"),
    ("import", "Imported list"),
]
#: What is said when a consent is recorded; version, dates and end are facts.
GIVEN = {"purpose_id", "lead_id", "partner_id", "territory_id", "channel", "proof"}
#: Where the person reads the notice on a page of ours, in the page's language.
ON_PAGE = {"web", "antenna", "portal"}
REMIND_DAYS = 30


class Consent(models.Model):
    """One person's yes to one purpose: when, how, under which text. Withdrawn, never deleted (GDPR art. 7)."""

    _name = "citta.consent"
    _description = "Consent"
    _inherit = ["citta.reach.mixin"]
    _order = "date_given desc, id desc"
    _rec_name = "purpose_id"

    purpose_id = fields.Many2one("citta.privacy.purpose", "Purpose", required=True, index=True, ondelete="restrict")
    lead_id = fields.Many2one("crm.lead", "First contact", index="btree_not_null", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Person", index="btree_not_null", ondelete="cascade")
    territory_id = fields.Many2one("citta.territory", "Territory", index=True, ondelete="restrict")
    channel = fields.Selection(CONSENT_CHANNELS, required=True)
    notice_version = fields.Char("Notice version", readonly=True)
    notice_id = fields.Many2one("citta.privacy.notice", "Notice", readonly=True, index="btree_not_null", ondelete="restrict")
    notice = fields.Html(
        "Text agreed to", compute="_compute_notice", compute_sudo=True, sanitize=False,
        help="As it was shown, in the person's language. Empty: the words of that version were not kept.",
    )
    proof = fields.Char(help="Where the proof is: the form's address and time, the paper's place.")
    date_given = fields.Datetime("Given on", required=True, default=fields.Datetime.now, readonly=True)
    date_expiry = fields.Date("Valid until", readonly=True)
    date_withdrawn = fields.Datetime("Withdrawn on", readonly=True, copy=False)
    date_reminded = fields.Date(readonly=True, copy=False)
    renewed_by_id = fields.Many2one(
        "citta.consent", "Renewed by", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )
    is_valid = fields.Boolean("In force", compute="_compute_is_valid", search="_search_is_valid")

    _someone = models.Constraint(
        "CHECK (lead_id IS NOT NULL OR partner_id IS NOT NULL)", "A consent belongs to a first contact or a person."
    )
    _withdrawn_after_given = models.Constraint(
        "CHECK (date_withdrawn IS NULL OR date_withdrawn >= date_given)",
        "A consent cannot be withdrawn before it was given.",
    )

    @api.depends("date_withdrawn", "date_expiry")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for consent in self:
            in_time = not consent.date_expiry or consent.date_expiry >= today
            consent.is_valid = not consent.date_withdrawn and in_time

    @api.depends("notice_id", "notice_version", "purpose_id.notice", "purpose_id.notice_version")
    def _compute_notice(self):
        """What came in before words were kept shows those in force, as long as they are of the same version."""
        for consent in self:
            purpose = consent.purpose_id.with_context(lang=consent._get_lang())
            same = consent.notice_version == purpose.notice_version
            consent.notice = consent.notice_id.text or (same and purpose.notice)

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = fields.Domain("date_withdrawn", "=", False) & (
            fields.Domain("date_expiry", "=", False) | fields.Domain("date_expiry", ">=", today)
        )
        return valid if True in value else ~valid

    @api.model_create_multi
    def create(self, vals_list):
        """Freeze the version of the notice that was shown, its words, and the date until which the consent holds.

        :raise UserError: see ``_check_one_person``
        """
        plain, vals_list = self._citta_only_defaults(GIVEN), self._citta_only_values(vals_list, GIVEN)
        if not self.env.su:
            self._check_one_person(vals_list)
        for vals in vals_list:
            purpose = self.env["citta.privacy.purpose"].browse(vals.get("purpose_id"))
            vals.setdefault("notice_version", purpose.notice_version)
            if purpose.validity_months:
                until = fields.Date.context_today(self) + relativedelta(months=purpose.validity_months)
                vals.setdefault("date_expiry", until)
        consents = super(Consent, plain).create(vals_list).with_env(self.env)
        # while data files load, translations are still to come
        if not self.env.context.get("install_mode"):
            consents._keep_notice(at_once=True)
        return consents

    @api.model
    def _check_one_person(self, vals_list):
        """:raise UserError: the yes of one person would count for the first contact of another"""
        for vals in vals_list:
            lead, partner = (self.env[model].browse(vals.get(name) or False) for model, name in (("crm.lead", "lead_id"), ("res.partner", "partner_id")))
            # sudo: only compared; whether the user may point to both is checked while the consent is made
            if lead and partner and lead.sudo().partner_id != partner:
                raise UserError(self.env._("This first contact is not the person's: each says yes for itself."))

    def write(self, vals):
        """What was given stays as it was given; the one change open to users is the withdrawal, once.

        :raise UserError: anything else would change, or a withdrawal would be taken back
        """
        self.check_access("write")
        withdrawal = vals.keys() == {"date_withdrawn"} and vals["date_withdrawn"]
        if withdrawal and fields.Datetime.to_datetime(withdrawal) > fields.Datetime.now():
            raise UserError(self.env._("A consent is withdrawn today, not in advance."))
        if not self.env.su and (not withdrawal or any(self.mapped("date_withdrawn"))):
            raise UserError(self.env._("A consent is never rewritten: withdraw it, and record a new one if the person agrees again."))
        result = super().write(vals)
        if withdrawal:
            # sudo: one and the same yes, renewed, is taken back as a whole; the other rows may be out of the user's reach by now
            rest = (self._get_chain() - self.sudo()).filtered(lambda consent: not consent.date_withdrawn)
            super(Consent, rest).write(vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        if not self.env.su:
            raise UserError(self.env._("A consent is withdrawn, not deleted: it proves what was allowed, and when."))

    def action_withdraw(self):
        """Withdraw the consents that are still in force; the others stay as they are."""
        self.filtered(lambda consent: not consent.date_withdrawn).date_withdrawn = fields.Datetime.now()

    # -- hooks ---------------------------------------------------------------

    def _ask_in_person(self):
        """Have somebody ask whether these consents still hold, whose persons no letter reaches."""

    # -- business ------------------------------------------------------------

    def _get_chain(self):
        """What these consents have renewed and what has renewed them.

        :return: consents in superuser mode
        """
        # sudo: see ``write``
        chain, more = self.browse().sudo(), self.sudo()
        while more:
            chain |= more
            more = (more.renewed_by_id | more.search([("renewed_by_id", "in", more.ids)])) - chain
        return chain

    def _renew(self, channel, proof):
        """The person says yes again, under the notice now in force; the old consent stays as it was.

        :param str channel: how
        :param str proof: where that can be seen
        :return: the new consents
        :raise UserError: withdrawn meanwhile, or the purpose does not rest on consent
        """
        renewed = self.browse()
        for consent in self:
            if consent.date_withdrawn or consent.purpose_id.legal_basis != "consent":
                raise UserError(self.env._("Only a consent that was not withdrawn is renewed: ask for a new one."))
            if consent.renewed_by_id:
                renewed |= consent.renewed_by_id
                continue
            # sudo: the old consent is nobody's to rewrite; only its successor is noted
            consent_sudo = consent.sudo()
            consent_sudo.renewed_by_id = consent_sudo.create({
                "purpose_id": consent.purpose_id.id, "partner_id": consent.partner_id.id, "lead_id": consent.lead_id.id,
                "territory_id": consent.territory_id.id, "channel": channel, "proof": proof,
            })
            renewed |= consent.renewed_by_id
        return renewed

    def _keep_notice(self, at_once=False):
        """Keep the words under which these consents were given, of those that are of the version in force.

        :param bool at_once: they are being given just now
        """
        # sudo: what was shown is nobody's to write
        fresh = self.sudo().filtered(lambda one: not one.notice_id and one.notice_version == one.purpose_id.notice_version)
        for (purpose, lang), same in fresh.grouped(lambda one: (one.purpose_id, one._get_lang(at_once))).items():
            same.notice_id = self.env["citta.privacy.notice"]._keep(purpose, lang)

    def _get_lang(self, at_once=False):
        """The language in which the person read, or was told, what it is about."""
        shown = at_once and self.channel in ON_PAGE and self.env.lang
        return shown or self.partner_id.lang or self.lead_id.lang_id.code or self.env.lang or "en_US"

    def action_renew(self):
        """Record that the person agreed again by voice.

        :raise UserError: see ``_renew``
        """
        self.check_access("write")
        return bool(self._renew("voice", self.env._("Noted by %(name)s", name=self.env.user.name)))

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_expiring(self):
        """Ask persons whether a consent that is about to expire still holds, by e-mail or in person; each once."""
        today = fields.Date.context_today(self)
        ending = self.search([
            ("is_valid", "=", True), ("date_reminded", "=", False), ("renewed_by_id", "=", False), ("purpose_id.legal_basis", "=", "consent"),
            ("date_expiry", "<=", today + relativedelta(days=REMIND_DAYS)),
        ])
        template = self.env.ref("citta_lavoro.mail_template_consent")
        for consent in ending:
            if email := consent.partner_id.email or consent.lead_id.email_from:
                template.send_mail(consent.id, email_values={"email_to": email})
            else:
                consent._ask_in_person()
        # sudo: a consent is nobody's to rewrite; only the reminder is noted
        ending.sudo().date_reminded = today
        return ending
