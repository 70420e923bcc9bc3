from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .privacy_common import NAME, NEEDLES, WORDS, PrivacyCase

TEXTS = ("char", "text", "html", "many2one", "json", "reference", "properties", "many2one_reference")
#: What the machine itself is made of: nothing about persons, and much to read.
MACHINE = ("ir.model", "ir.ui", "ir.asset", "ir.cron", "ir.act", "ir.module", "base.", "website.page", "theme.")
TOLD = [needle.lower() for needle in NEEDLES]
MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.orm.models")


def tells(value):
    """Whether a value, or an answer of any shape, names the person."""
    text = str(value).lower()
    return any(word in text for word in TOLD)


class ReachCase(PrivacyCase):
    """Everything in the database that tells of one person, found by reading all of it; nobody has to keep a list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave_traces()
        cls.env.flush_all()
        cls.telling = {}
        for name in sorted(cls.env.registry):
            model = cls.env[name]
            if not model._abstract and model._auto and not name.startswith(MACHINE):
                records = model.with_context(active_test=False).search([], limit=1000, order="id desc")
                if ids := cls._get_telling(records):
                    cls.telling[name] = ids

    @classmethod
    def _leave_traces(cls):
        """What core keeps of whoever follows, talks, learns, pays or is met."""
        cls.env["res.partner.bank"].create({"partner_id": cls.person.id, "acc_number": "IT60X0542811101000000123456", "acc_holder_name": NAME})
        cls.full.lead_id.message_subscribe(cls.person.ids)
        cls.env["slide.channel.partner"].create({
            "partner_id": cls.person.id,
            "channel_id": cls.env["slide.channel"].create({"name": "Corso", "enroll": "invite", "citta_territory_id": cls.east.id}).id,
        })
        channel = cls.env["discuss.channel"].create({"name": "Due parole", "channel_type": "group"})
        channel._add_members(partners=cls.person, post_joined_message=False)
        channel.message_post(body=WORDS, author_id=cls.person.id, message_type="comment", subtype_xmlid="mail.mt_comment")
        cls.env["rating.rating"].create({
            "partner_id": cls.person.id, "res_model_id": cls.env["ir.model"]._get_id("citta.pathway"), "res_id": cls.full.id,
            "rating": 5, "feedback": WORDS, "consumed": True,
        })
        cls.env["website.visitor"].create({"access_token": str(cls.person.id), "partner_id": cls.person.id})
        cls.lead.activity_schedule("mail.mail_activity_data_call", summary=f"Richiamare {NAME}", user_id=cls.operator.id)
        cls.env["mail.scheduled.message"].create({
            "model": "citta.pathway", "res_id": cls.full.id, "body": WORDS, "author_id": cls.operator.partner_id.id,
            "scheduled_date": "2040-01-01 09:00:00",
        })
        cls.env["citta.message"].create({"pathway_id": cls.full.id, "text": WORDS, "is_from_person": True})

    @classmethod
    def _get_text_fields(cls, model):
        return [name for name, field in model._fields.items() if field.type in TEXTS and model._has_field_access(field, "read")]

    @classmethod
    def _get_telling(cls, records):
        """Numbers of the records whose readable texts tell of the person."""
        names = cls._get_text_fields(records)
        try:
            return sorted({row["id"] for row in records.read(names) if tells(row)})
        except (AccessError, KeyError, ValueError, TypeError, NotImplementedError):
            return sorted({row["id"] for name in names for row in cls._read_one(records, name) if tells(row)})

    @classmethod
    def _read_one(cls, records, name):
        """One field alone: some of core's cannot be read by everybody who may read the rest."""
        try:
            return records.read([name])
        except (AccessError, KeyError, ValueError, TypeError, NotImplementedError):
            return []

    def get_told(self, user):
        """Names of the models in which a user finds the person told of."""
        self.env.flush_all()
        told = set()
        for name, ids in self.telling.items():
            self.env.invalidate_all()
            model = self.env[name].with_user(user).with_context(active_test=False)
            with mute_logger(*MUTED):
                if model.has_access("read") and self._get_telling(self._get_reached(model.browse(ids))):
                    told.add(name)
        return told

    def _get_reached(self, records):
        """Those that may be read; core refuses some users the question about all of them together."""
        try:
            return records._filtered_access("read")
        except AccessError:
            return records.browse().concat(*map(self._get_reached, records)) if len(records) > 1 else records.browse()

    def get_hidden(self, user, told):
        """The telling records, by model, in which a user must find nothing."""
        for name in sorted(self.telling.keys() - told):
            yield self.env[name].with_user(user).with_context(active_test=False).browse(self.telling[name])
