from werkzeug.exceptions import NotFound

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

PAGE = "/my/percorso"


class PeoplePortal(CustomerPortal):
    """What a participant sees and does, on the phone: the own pathway and nothing of anybody else."""

    def _prepare_home_portal_values(self, counters):
        """Count the own open pathways, so that the card shows to participants only."""
        values = super()._prepare_home_portal_values(counters)
        if "citta_pathway_count" in counters:
            values["citta_pathway_count"] = len(self._get_my_pathways().filtered(lambda one: one.state != "closed"))
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def my_pathway(self, notice="", **kwargs):
        """The person's pathway: next dates, plan, consents, referent; a friendly page for who has none.

        :param notice: what was just done: ``done``, ``late`` (somebody was faster) or ``withdrawn``
        """
        pathways_sudo = self._get_my_pathways()
        if not pathways_sudo:
            return request.render("citta_lavoro.pathway_portal_none", {"page_name": "citta_pathway"})
        return request.render("citta_lavoro.pathway_portal_page", {
            **self._prepare_pathway_portal_values(pathways_sudo), "notice": notice,
        })

    @http.route(f"{PAGE}/azione/<int:action_id>/fatta", type="http", auth="user", website=True, methods=["POST"])
    def my_action_done(self, action_id, **post):
        """Tick an own action; what is settled already stays as it is.

        :param action_id: another person's, or the operator's to do, is not found
        """
        action_sudo = self._get_my_records("citta.action", [("id", "=", action_id), ("owner", "=", "person")])
        if not action_sudo or action_sudo.pathway_id.state == "closed":
            raise NotFound()
        try:
            action_sudo._workflow_move("done")
        except UserError:
            return request.redirect(f"{PAGE}?notice=late#azioni", code=303)
        return request.redirect(f"{PAGE}?notice=done#azioni", code=303)

    @http.route(f"{PAGE}/consenso/<int:consent_id>/revoca", type="http", auth="user", website=True, methods=["POST"])
    def my_consent_withdraw(self, consent_id, **post):
        """Withdraw an own consent (GDPR art. 7(3)); twice, it stays as the first time. The referent is told.

        :param consent_id: another person's, or a purpose that does not rest on consent, is not found
        """
        consent_sudo = self._get_my_records("citta.consent", [("id", "=", consent_id)])
        if consent_sudo.purpose_id.legal_basis != "consent":
            raise NotFound()
        if not consent_sudo.date_withdrawn:
            consent_sudo.action_withdraw()
            self._get_my_pathways()._note_withdrawal(consent_sudo)
        return request.redirect(f"{PAGE}?notice=withdrawn#consensi", code=303)

    # -- hooks ---------------------------------------------------------------

    def _prepare_pathway_portal_values(self, pathways_sudo):
        """Values of the participant's page.

        A room that gives the person dates or places extends it: it adds to ``agenda``, a list of dicts with
        ``date``, ``label`` and optionally ``url``, which is sorted when shown, and inherits the empty template
        ``citta_lavoro.pathway_portal_enrolments`` for its own block.

        :param pathways_sudo: the user's own pathways, never empty
        :return: dictionary of rendering values
        """
        current = pathways_sudo.filtered(lambda one: one.state != "closed")
        return {
            "page_name": "citta_pathway",
            "pathways": current,
            "closed_pathways": pathways_sudo - current,
            "agenda": self._get_agenda(current),
            "today": fields.Date.context_today(pathways_sudo),
            "consents": self._get_my_records("citta.consent", []),
        }

    # -- tools ---------------------------------------------------------------

    def _get_my_records(self, model, domain):
        """Records of the logged-in person, and of nobody else.

        :param model: a model with a ``partner_id``
        :param domain: further conditions
        """
        # sudo: portal users have few rights of their own; the domain holds the search to the own records
        records = request.env[model].sudo()
        return records.search([*domain, ("partner_id", "=", request.env.user.partner_id.id)])

    def _get_my_pathways(self):
        return self._get_my_records("citta.pathway", [])

    def _get_agenda(self, pathways_sudo):
        """The next dates that the pathways themselves know."""
        today = fields.Date.context_today(pathways_sudo)
        contacts = [
            {
                "date": one.date_next_contact,
                "label": request.env._("Contact with %(referent)s", referent=one.referent_id.name or one.body_id.name),
            }
            for one in pathways_sudo if one.date_next_contact and one.date_next_contact >= today
        ]
        actions = pathways_sudo.action_ids.filtered(lambda one: one.state == "open" and one.owner == "person" and one.date_due)
        contacts += pathways_sudo.citta_invitation_ids._get_agenda()
        contacts += [
            {"date": one.date_review, "label": request.env._("We go through your plan together")}
            for one in pathways_sudo if one.state == "active" and one.date_review and one.date_review >= today
        ]
        return contacts + [{"date": one.date_due, "label": one.name, "url": "#azioni"} for one in actions]
