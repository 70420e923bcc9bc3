from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .privacy_common import EMAIL, NAME
from .reach_common import MUTED, ReachCase, tells

CASE = "citta.pathway citta.goal citta.action citta.note citta.application citta.consent crm.lead calendar.attendee "
PAPERS = "mail.message mail.activity ir.attachment "
LABS = "event.registration citta.attendance "
TEAM = CASE + PAPERS + LABS + "citta.message mail.followers mail.scheduled.message rating.rating res.partner res.partner.bank res.users "
#: Beside the case, an idea that nobody has taken up yet stands before everybody of its territory who judges ideas.
IDEA = "crm.lead mail.message "

# role → the models in which it finds the person; nobody finds it anywhere else. The person is followed by the first body, in the East.
TOLD = {
    "operator": TEAM + "calendar.event mail.notification ",  # private ones, and these are the operator's
    "reader": TEAM + "citta.person.sensitive ",
    "coordinator": TEAM + "citta.review ",
    "administrator": TEAM + "citta.review mail.notification slide.channel.partner survey.user_input survey.user_input.line website.visitor ",
    "officer": "calendar.attendee citta.consent mail.followers mail.message mail.notification rating.rating res.partner res.partner.bank res.users ",
    "operator_b": LABS + IDEA,
    "operator_west": "",
    "coordinator_west": "",
    "reviewer": IDEA,
    "reviewer_west": "",
    "editor": IDEA,
    "editor_west": "",
    "manager": "citta.application",
    "manager_west": "",
    "employee": "",
    "login": "citta.pathway citta.goal citta.action res.partner res.users calendar.event discuss.channel.member mail.message",
    "person_a": "",
    "delegate_a": "",
    "public": "",
}
DIALOGUES = ("citta.", "crm.", "calendar.", "event.", "mail.", "res.", "sms.")
#: A lab is everybody's of its territory, with who comes to it.
OPEN_LINKS = {"event.registration", "citta.attendance"}


@tagged("post_install", "-at_install")
class TestPersonReach(ReachCase):
    """One person of whom every room holds something: each role finds it where the table says, and by no door anywhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.reader = cls._user("w_reader", "operator", cls.body_a, cls.east, ",citta_lavoro.group_citta_sensitive")
        cls.coordinator_west = cls._user("w_coordinator", "coordinator", cls.body_a, cls.west)
        for role, group in (("reviewer", "reviewer"), ("editor", "observatory_editor")):
            setattr(cls, role, cls._user(f"w_{role}", group, cls.body_a, cls.east))
            setattr(cls, f"{role}_west", cls._user(f"w_{role}_west", group, cls.body_a, cls.west))

    def each_hidden(self):
        """(role, records of one model) in which the role must find nothing."""
        for role, told in TOLD.items():
            user = getattr(self, role)
            for records in self.get_hidden(user, set(told.split())):
                with self.subTest(role=role, model=records._name), mute_logger(*MUTED):
                    self.env.invalidate_all()
                    yield role, records

    def test_the_walk_finds_what_every_room_holds(self):
        """Otherwise the tests below would look at nothing."""
        self.assertLessEqual(set((TEAM + "citta.person.sensitive sms.sms mail.mail survey.user_input.line citta.review").split()), set(self.telling))

    def test_each_role_is_told_where_the_table_says(self):
        for role, told in TOLD.items():
            with self.subTest(role=role):
                self.assertEqual(self.get_told(getattr(self, role)), set(told.split()))

    def test_nothing_else_is_searched_by_its_words(self):
        for _role, records in self.each_hidden():
            if records.browse().has_access("read"):
                for name in self._get_text_fields(records):
                    if records._fields[name].store and records._fields[name].type in ("char", "text", "html"):
                        self.assertFalse(self._search(records, name), name)

    def _search(self, records, name):
        try:
            return set(records.search([(name, "ilike", NAME.split()[0])]).ids) & set(records.ids)
        except AccessError:
            return False

    def test_nothing_else_is_found_by_name(self):
        for _role, records in self.each_hidden():
            if records.browse().has_access("read"):
                found = self._allowed(records.browse().name_search, NAME.split()[0], limit=None)
                self.assertFalse({one for one, _name in found or ()} & set(records.ids))
                self.assertFalse(tells(found))

    def test_no_group_is_named_after_the_person(self):
        for _role, records in self.each_hidden():
            if records.browse().has_access("read"):
                for name, field in records._fields.items():
                    if field.type == "many2one" and field.store and field.comodel_name in ("res.partner", "citta.pathway", "crm.lead"):
                        self.assertFalse(tells(self._allowed(records.formatted_read_group, [("id", "in", records.ids)], [name], ["__count"])), name)

    def _allowed(self, deed, *args, **kwargs):
        """The answer, or nothing where the deed is refused, or where core's own form does not bear the question."""
        try:
            with self.env.cr.savepoint():
                return deed(*args, **kwargs)
        except (UserError, ValueError):
            return None

    def test_nothing_else_is_changed_deleted_or_exported(self):
        for _role, records in self.each_hidden():
            for one in records:
                self.assertFalse(tells(self._allowed(one.export_data, self._get_text_fields(one))), one)
                if not self._get_reached(one):
                    self.assertFalse(self._allowed(one.has_access, "write"), one)
                    self.assertIsNone(self._allowed(one.unlink), one)

    def test_nobody_else_writes_into_the_history(self):
        for role, told in TOLD.items():
            if "citta.pathway" not in told or role == "login":
                with self.subTest(role=role), mute_logger(*MUTED), self.assertRaises(AccessError):
                    self.full.with_user(getattr(self, role)).message_post(body="Curious")

    def test_colleagues_are_not_suggested_the_person(self):
        for role, told in TOLD.items():
            if "res.partner" not in told and getattr(self, role)._is_internal():
                partners = self.env["res.partner"].with_user(getattr(self, role))
                for word in (NAME, EMAIL):
                    with self.subTest(role=role, word=word):
                        self.assertFalse(tells(partners.get_mention_suggestions(word)))
                        self.assertFalse(partners.search_count(["|", ("name", "ilike", word), ("email", "ilike", word)]))

    # -- dialogues -------------------------------------------------------------

    def test_no_dialogue_tells_whom_a_number_means(self):
        """A form answers with the name of what it points to, and with what follows from it: nobody points there."""
        found = self.env["citta.privacy.registry"]._find(self.person, self.env["crm.lead"])
        targets = {name: records[:1] for name, records in found.items() if records}
        for user in (self.operator_west, self.employee):
            for model in self._get_forms(user):
                for name in model._citta_get_link_names():
                    target = targets.get(model._fields[name].comodel_name)
                    if target:
                        self._try_dialogue(user, model, name, target)

    def _get_forms(self, user):
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            if name.startswith(DIALOGUES) and model._auto and not model._abstract and model.has_access("create"):
                yield model

    def _try_dialogue(self, user, model, name, target):
        many = model._fields[name].type == "many2many"
        spec = {
            one: {"fields": {"display_name": {}}} if field.relational else {}
            for one, field in model._fields.items() if field.type != "binary" and model._has_field_access(field, "read")
        }
        default = {f"default_{name}": [(6, 0, target.ids)] if many else target.id}
        for values, context in (({name: [(4, target.id)] if many else target.id}, {}), ({}, default)):
            with self.subTest(user=user.login, model=model._name, field=name, default=bool(context)), mute_logger(*MUTED):
                answer = self._allowed(model.with_context(**context).onchange, values, list(values), spec)
                self.assertFalse(tells(answer))

    def test_nobody_makes_a_record_that_points_there(self):
        """By RPC, without a form: a window of ours, a meeting, a first contact."""
        west = self.operator_west
        for model, values in (
            ("citta.pathway.close", {"pathway_id": self.full.id, "outcome": "job"}), ("citta.message.write", {"pathway_id": self.full.id}),
            ("citta.invitation.bulk", {"pathway_ids": self.full.ids}), ("citta.plan.apply", {"pathway_id": self.full.id}),
            ("citta.delivery.bulk", {"pathway_ids": self.full.ids, "type_id": self.env["citta.delivery.type"].search([], limit=1).id}),
            ("calendar.event", {"name": "x", "start": "2040-01-01", "stop": "2040-01-01", "citta_pathway_id": self.full.id}),
            ("calendar.event", {"name": "x", "start": "2040-01-01", "stop": "2040-01-01", "partner_ids": self.person.ids}),
            ("crm.lead", {"contact_name": "x", "team_id": self.lead.team_id.id, "partner_id": self.person.id}),
            ("citta.pathway", {"partner_id": self.pathway_a.partner_id.id, "programme_id": self.programme_west.id, "lead_id": self.lead.id}),
            ("citta.consent", {"lead_id": self.lead.id, "channel": "paper", "purpose_id": self.env.ref("citta_lavoro.purpose_callback").id}),
            ("mail.compose.message", {"author_id": self.person.id}), ("calendar.filters", {"user_id": west.id, "partner_id": self.person.id}),
            ("mail.activity.schedule", {"res_model": "res.partner", "res_ids": str(west.partner_id.ids), "activity_user_id": self.login.id}),
            ("mail.template", {"name": "x", "user_id": self.login.id}), ("utm.campaign", {"title": "x", "user_id": self.login.id}),
            ("gamification.badge.user.wizard", {"user_id": self.login.id}), ("gamification.badge.user", {"user_id": self.login.id}),
        ):
            with self.subTest(model=model, values=list(values)), mute_logger(*MUTED), self.assertRaises(AccessError):
                self.env[model].with_user(west).create(values)
        lead = self.env["crm.lead"].with_user(west).create({
            "contact_name": "Carlo Prova", "team_id": self.lead.team_id.id, "citta_territory_id": self.west.id,
        })
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            lead.partner_id = self.person.id
        self.assertFalse(lead.sudo().email_from)

    def test_nobody_points_there_by_another_spelling(self):
        """JSON has texts, broken numbers and objects, too; Odoo writes some of them down as they are."""
        meeting = {"name": "x", "start": "2040-01-01", "stop": "2040-01-01"}
        for number in (str, float, " {} ".format):
            for model, values in (
                ("citta.pathway.close", {"pathway_id": number(self.full.id), "outcome": "job"}), ("citta.message.write", {"pathway_id": number(self.full.id)}),
                ("calendar.event", {**meeting, "citta_pathway_id": number(self.full.id)}), ("calendar.event", {**meeting, "partner_ids": [(4, number(self.person.id))]}),
                ("crm.lead", {"contact_name": "x", "team_id": self.lead.team_id.id, "partner_id": number(self.person.id)}),
                ("citta.suspension", {"pathway_id": number(self.full.id), "reason": "other", "date_planned": self.today}),
            ):
                with self.subTest(model=model, number=number(1)), mute_logger(*MUTED), self.assertRaisesRegex(UserError, "told by the number|access"):
                    self.env[model].with_user(self.operator_west).create(values)

    def test_no_dialogue_tells_whom_an_object_means(self):
        """As a form that is filled in within another one sends its own."""
        spec = {name: {"fields": {"display_name": {}}} for name in ("pathway_id", "partner_id")} | {"display_name": {}}
        for sent in ({"id": self.full.id}, {"id": False, "partner_id": self.person.id}, {"id": str(self.full.id)}):
            for model in ("citta.handover", "citta.delivery", "citta.message.write", "citta.internship"):
                forms = self.env[model].with_user(self.operator_west)
                fields_spec = {name: spec[name] for name in spec if name in forms._fields}
                with self.subTest(model=model, sent=sent), mute_logger(*MUTED):
                    with self.assertRaises(UserError):
                        forms.onchange({"pathway_id": sent}, ["pathway_id"], fields_spec)
                    self.assertFalse(tells(self._allowed(forms.with_context(default_pathway_id=sent).onchange, {}, [], fields_spec)))
        own = self.env["citta.delivery"].with_user(self.operator)
        answer = own.onchange({"pathway_id": {"id": self.full.id}}, ["pathway_id"], {"partner_id": {"fields": {"display_name": {}}}})
        self.assertTrue(tells(answer), "who follows the person fills in forms within forms")

    def test_a_form_with_many_lines_is_looked_through_at_once(self):
        mine = self.full.with_user(self.operator)
        lines = self.env["citta.action"].with_user(self.operator).create([{"name": "x", "pathway_id": mine.id} for _index in range(30)])
        for said in (lambda line: Command.update(line.id, {"pathway_id": mine.id}), lambda line: Command.create({"pathway_id": mine.id})):
            counts = []
            for some in (lines[:3], lines):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                mine._citta_check_links({"action_ids": [said(line) for line in some]})
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(counts[0], counts[1])
