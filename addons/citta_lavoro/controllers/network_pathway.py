from .network_member import get_my_members
from .people_portal import PeoplePortal


class NetworkPathway(PeoplePortal):
    """The network in the portal: the cards of the first page, and the applications on the person's own page."""

    def _prepare_home_portal_values(self, counters):
        """Count own adhesions and own pathways, so that each card shows to whom it concerns."""
        values = super()._prepare_home_portal_values(counters)
        if "citta_member_count" in counters:
            values["citta_member_count"] = len(get_my_members())
        if "citta_opportunity_count" in counters:
            values["citta_opportunity_count"] = len(self._get_my_pathways().filtered(lambda one: one.state != "closed"))
        return values

    def _prepare_pathway_portal_values(self, pathways_sudo):
        """Add the person's applications."""
        values = super()._prepare_pathway_portal_values(pathways_sudo)
        values["applications"] = self._get_my_records("citta.application", [])
        return values
