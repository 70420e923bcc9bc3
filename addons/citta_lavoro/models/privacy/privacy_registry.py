from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ...tools.personal_data import Holding, merge


class PrivacyRegistry(models.AbstractModel):
    """Where personal data are held: every room says it here, and erasure and export both ask nobody else."""

    _name = "citta.privacy.registry"
    _description = "Register of personal data"

    # -- hooks ---------------------------------------------------------------

    @api.model
    def _get_holdings(self):
        """What is held about a person, model by model.

        A room adds its own by ``super() + [Holding(…)]``; see ``tools/personal_data.py``. Messages, attachments,
        activities, followers and the reasons in the workflow log of every record named here go with it.

        :return: list of :class:`Holding`
        """
        label = self._get_label()
        return [
            Holding(
                "res.partner", (("parent_id", "res.partner"),), spare={"city"}, also={"user_id", "parent_id", "partner_latitude", "partner_longitude"},
                neutral={"name": label, "complete_name": label},
            ),
            Holding("res.users", (("partner_id", "res.partner"),), neutral={"login": "anonymous-{id}"}),
            Holding(
                "res.partner.bank", (("partner_id", "res.partner"),),
                neutral={"acc_number": "anonymous-{id}", "sanitized_acc_number": "ANONYMOUS{id}"},
            ),
            Holding("crm.lead", (("partner_id", "res.partner"),), neutral={"name": label}),
            Holding("citta.consent", (("partner_id", "res.partner"), ("lead_id", "crm.lead")), spare={"notice_version"}),
            Holding(
                "citta.privacy.erasure", (("partner_id", "res.partner"), ("lead_id", "crm.lead")),
                spare={"summary", "kept_reason", "leftovers"},
            ),
            Holding("citta.privacy.request", (("partner_id", "res.partner"), ("lead_id", "crm.lead"))),
            Holding("calendar.attendee", (("partner_id", "res.partner"),), deed="delete"),
            Holding("event.registration", (("partner_id", "res.partner"),), neutral={"name": label}),
            Holding("event.registration.answer", (("registration_id", "event.registration"),)),
            Holding("slide.channel.partner", (("partner_id", "res.partner"),)),
            Holding(
                "survey.user_input", (("partner_id", "res.partner"), ("lead_id", "crm.lead")),
                neutral={"access_token": "anonymous-{id}"}, spare={"invite_token"},
            ),
            Holding("survey.user_input.line", (("user_input_id", "survey.user_input"),)),
            Holding("rating.rating", (("partner_id", "res.partner"), ("rated_partner_id", "res.partner")), deed="delete"),
            Holding("sms.sms", (("partner_id", "res.partner"),), deed="delete"),
            Holding("snailmail.letter", (("partner_id", "res.partner"),), deed="delete"),
            Holding("website.visitor", (("partner_id", "res.partner"),), deed="delete"),
            Holding("mail.push.device", (("partner_id", "res.partner"),), deed="delete"),
        ]

    @api.model
    def _get_names(self):
        """Plain words for what is held, where the model's own name tells a person little.

        :return: model → name
        """
        return {
            "res.partner": self.env._("Contact"), "res.users": self.env._("Login"), "crm.lead": self.env._("First contacts and ideas"),
            "slide.channel.partner": self.env._("Online courses"), "calendar.attendee": self.env._("Meetings"),
            "survey.user_input": self.env._("Questionnaires"), "survey.user_input.line": self.env._("Answers to questionnaires"),
            "event.registration": self.env._("Registrations"),
        }

    @api.model
    def _get_obstacles(self, found):
        """What must be settled before anything is erased.

        :param found: see ``_find``
        :return: list of sentences; empty: nothing stands in the way
        """
        inside = found.get("res.users", self.env["res.users"]).filtered(lambda user: user._is_internal())
        companies = found.get("res.partner", self.env["res.partner"]).filtered("is_company")
        obstacles = [self.env._("The person works in the programme: the login of a colleague is not erased here.")] if inside else []
        return obstacles + ([self.env._("This is a body, not a person.")] if companies else [])

    @api.model
    def _get_kept(self, found):
        """What a law orders to keep in spite of an erasure.

        :param found: see ``_find``
        :return: list of (records, reason, date until which they are kept); the person's contact is among the
            records where the papers need its name
        """
        return []

    @api.model
    def _get_untouched_tables(self):
        """Tables in which nobody rewrites a text, whoever it names: books, and what the machine itself is made of.

        :return: set of names
        """
        return {
            "ir_model_data", "ir_ui_view", "ir_module_module", "ir_model", "ir_model_fields", "ir_model_fields_selection", "ir_model_constraint",
            "ir_config_parameter", "ir_act_server", "ir_act_window", "ir_ui_menu", "res_company", "res_groups", "ir_asset", "ir_cron", "res_lang",
        }

    @api.model
    def _get_activity_queries(self):
        """Signs of life of persons, for the retention term.

        :return: list of ``SQL`` that select (partner_id, date)
        """
        return []

    @api.model
    def _get_idle(self, today):
        """Persons and first contacts of whom nothing was heard for as long as their programme keeps data, less the notice.

        Those whose erasure is announced are left out, unless the context says ``citta_planned``.

        :param date today: the day from which is counted back
        :return: list of dictionaries with ``partner_id`` or ``lead_id``, ``programme_id``, ``last`` and ``until``
        """
        return []

    # -- business ------------------------------------------------------------

    @api.model
    def _get_plan(self):
        """The holdings, one per model that is installed."""
        return [one for one in merge(self._get_holdings()) if one.model in self.env]

    @api.model
    @ormcache()
    def _get_held_models(self):
        """Names of the models in which something is held about persons."""
        return frozenset(one.model for one in self._get_plan())

    @api.model
    def _find(self, partners, leads):
        """Every record that is held about these persons.

        :param partners: contacts
        :param leads: first contacts without a contact
        :return: model → records, in superuser mode
        """
        # sudo: what is held about a person is found wherever it is, not only where the asking user may look
        registry = self.sudo().with_context(active_test=False)
        found = {"res.partner": registry.env["res.partner"].browse(partners.ids), "crm.lead": registry.env["crm.lead"].browse(leads.ids)}
        plan, sizes = registry._get_plan(), {}
        todo = plan
        while todo:
            for holding in todo:
                sizes[holding.model] = self._get_sizes(holding, found)
                registry._find_more(holding, found)
            # what was looked for before its target grew is looked for again
            todo = [one for one in plan if sizes[one.model] != self._get_sizes(one, found)]
        return found

    @api.model
    def _get_sizes(self, holding, found):
        return [len(found.get(target, ())) for _field, target in holding.links]

    @api.model
    def _find_more(self, holding, found):
        """Add to ``found`` what the links and pointers of one holding lead to."""
        model = self.env[holding.model]
        links = [Domain(field, "in", found[target].ids) for field, target in holding.links if found.get(target)]
        records = found.get(holding.model, model) | (model.search(Domain.OR(links)) if links else model)
        if records:
            found[holding.model] = records
        for field, target in holding.points:
            if records and records[field]:
                found[target] = found.get(target, self.env[target]) | records[field]

    # -- tools ---------------------------------------------------------------

    @api.model
    def _name_models(self, names):
        """How models are called before people.

        :return: model → name
        """
        plain = self._get_names()
        # sudo: only names of models come out
        models_sudo = self.env["ir.model"].sudo()
        return {name: plain.get(name) or models_sudo._get(name).name for name in names}

    @api.model
    def _get_label(self):
        """What stands in place of a name."""
        env = self.with_context(lang=self.env.company.partner_id.lang or self.env.lang).env
        return env._("Anonymous no. %s", "{id}")
