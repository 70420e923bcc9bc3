from odoo import fields
from odoo.http import request

from .people_portal import PeoplePortal


class AcademyPathway(PeoplePortal):
    """The person's labs and courses on the own page."""

    def _prepare_pathway_portal_values(self, pathways_sudo):
        """Add the person's labs, courses and online courses, and the dates of the next sessions."""
        values = super()._prepare_pathway_portal_values(pathways_sudo)
        # Computed with the rights of the values themselves: the pathways are the person's own, checked before.
        registrations = pathways_sudo.registration_ids.filtered(lambda one: one.state != "cancel")
        values["registrations"] = registrations.sorted(lambda one: one.event_id.date_begin, reverse=True)
        values["memberships"] = pathways_sudo._get_channel_members()
        values["agenda"] = values["agenda"] + self._prepare_session_dates(registrations)
        return values

    def _prepare_session_dates(self, registrations_sudo):
        """The sessions still to come of the labs in which the person has a place.

        :return: entries of the agenda
        """
        today = fields.Date.context_today(registrations_sudo)
        seated = registrations_sudo.filtered(lambda one: one.state in ("open", "done"))
        ahead = [
            (fields.Datetime.context_timestamp(session.with_context(tz=session.event_id.date_tz), session.date_begin), session)
            for session in seated.event_id.citta_session_ids
        ]
        return [
            {
                "date": begin.date(),
                "label": request.env._(
                    "%(time)s, %(lab)s: %(topic)s", time=f"{begin:%H:%M}", lab=session.event_id.name, topic=session.name
                ),
                "url": "#laboratori",
            }
            for begin, session in ahead if begin.date() >= today
        ]
