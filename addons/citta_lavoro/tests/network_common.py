from datetime import timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from .people_common import PeopleCase


class NetworkCase(PeopleCase):
    """Two member firms with a delegate each, a network manager per territory, two participants, one opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("n_manager", "network_manager", cls.body_a, cls.east)
        cls.manager_west = cls._user("n_manager_west", "network_manager", cls.body_a, cls.west)
        cls.city = cls.env["res.city"].create(
            {"name": "Cittaprova", "country_id": cls.env.ref("base.it").id, "citta_territory_id": cls.east.id}
        )
        cls.entitled = cls.env["res.partner"].create({
            "name": "Entitled", "is_company": True, "citta_body_kind": "public_service", "citta_is_entitled": True,
        })
        cls.firm_a, cls.member_a, cls.delegate_a = cls._firm("Firm A", "n_firm_a")
        cls.firm_b, cls.member_b, cls.delegate_b = cls._firm("Firm B", "n_firm_b")
        cls.opportunity = cls._opportunity("Apprentice mechanic")
        cls.pathway_a, cls.person_a = cls._participant("Ada Inventati", "n_ada")
        cls.pathway_b, cls.person_b = cls._participant("Bruno Inventati", "n_bruno", body=cls.body_b)

    @classmethod
    def _firm(cls, name, login):
        firm = cls.env["res.partner"].create({"name": name, "is_company": True, "citta_body_kind": "company"})
        member = cls.env["citta.member"].create({"partner_id": firm.id, "programme_id": cls.programme.id})
        member.action_activate()
        contact = cls.env["res.partner"].create({"name": f"Delegate of {name}", "parent_id": firm.id})
        user = new_test_user(cls.env, login, groups="base.group_portal", partner_id=contact.id, name=contact.name)
        return firm, member, user

    @classmethod
    def _opportunity(cls, name, publish=True, **values):
        opportunity = cls.env["citta.opportunity"].create({
            "name": name, "description": "What there is to do", "member_id": cls.member_a.id,
            "date_deadline": cls.today + timedelta(days=10), **values,
        })
        if publish:
            opportunity.action_submit()
            opportunity.action_publish()
        return opportunity

    @classmethod
    def _participant(cls, name, login, **values):
        pathway = cls._pathway(name, **values)
        pathway.action_activate()
        user = new_test_user(cls.env, login, groups="base.group_portal", partner_id=pathway.partner_id.id, name=name, email=f"{login}@esempio.example")
        return pathway, user

    @classmethod
    def _application(cls, pathway=None, opportunity=None, is_shown=True, message="I repair bicycles"):
        return cls.env["citta.application"]._apply(
            opportunity or cls.opportunity, pathway or cls.pathway_a, message, is_shown
        )

    def _network_lead(self, **values):
        """A request to join from a firm of the East."""
        return self.env["crm.lead"].create({
            "name": "Firm C asks", "type": "opportunity", "partner_name": "Firm C", "contact_name": "Carla Prova",
            "email_from": "carla.firm.c@esempio.example", "citta_body_kind": "company", "user_id": False,
            "team_id": self.env.ref("citta_lavoro.crm_team_network").id,
            "citta_programme_id": self.programme.id, "citta_city_id": self.city.id, **values,
        })

    def _scope(self, user, territory):
        """Give a user another territory."""
        user.citta_territory_ids = [Command.set(territory.ids)]
