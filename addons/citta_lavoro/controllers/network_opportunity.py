from datetime import date

from werkzeug.exceptions import NotFound

from odoo import fields, http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from ..tools.form_guard import clean
from .network_member import get_my_members
from .public_form import PublicForm

PAGE_SIZE = 20
COUNTED = 1000  # a list longer than this is not counted to its end
OFFER = PublicForm("network_offer", {
    "name": 120, "kind": 20, "description": 4000, "city": 10, "contract_type": 20, "hours_week": 5,
    "places": 4, "date_deadline": 10, "entitled_body": 10,
})
EDITABLE = ("draft", "submitted")


class NetworkOpportunity(http.Controller):
    """Opportunities: the public list, and the member's own ones in its portal."""

    # -- public --------------------------------------------------------------

    @http.route(
        ["/opportunita", "/opportunita/page/<int:page>"], type="http", auth="public", website=True, sitemap=True,
        methods=["GET"],
    )
    def opportunities(self, page=1, q="", kind="", **kwargs):
        """What is open now, for everybody: no personal data, and the entitled body of each job.

        :param page: which page of the list
        :param q: words to look for
        :param kind: one kind only
        """
        return request.render(
            "citta_lavoro.opportunity_public_list", get_opportunity_list(Domain.TRUE, "/opportunita", page, q, kind)
        )

    @http.route("/opportunita/<int:opportunity_id>", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def opportunity(self, opportunity_id, **kwargs):
        """One published opportunity.

        :param opportunity_id: anything that is not published is not found
        """
        opportunity_sudo = find_published(opportunity_id)
        return request.render("citta_lavoro.opportunity_public_page", {
            "opportunity": opportunity_sudo,
            "refusal": opportunity_sudo._get_refusal(),
        })

    # -- the member's own ----------------------------------------------------

    @http.route(
        ["/my/rete/opportunita/nuova", "/my/rete/opportunita/<int:opportunity_id>"], type="http", auth="user",
        website=True, methods=["GET"],
    )
    def my_offer(self, opportunity_id=None, **kwargs):
        """The form of a new opportunity, or of an own one that is not published yet.

        :param opportunity_id: of another member, it is not found
        """
        opportunity_sudo = self._find_own(opportunity_id)
        form = OFFER.blank(**self._offer_values(opportunity_sudo))
        return request.render("citta_lavoro.opportunity_portal_form", form.context(**self._offer_choices(opportunity_sudo)))

    @http.route(
        ["/my/rete/opportunita/nuova", "/my/rete/opportunita/<int:opportunity_id>"], type="http", auth="user",
        website=True, methods=["POST"],
    )
    def my_offer_send(self, opportunity_id=None, send="draft", **post):
        """Keep the opportunity as a draft, or hand it in for moderation.

        :param opportunity_id: the own one that is changed; without it a new one is made
        :param send: ``submit`` hands it in
        """
        opportunity_sudo = self._find_own(opportunity_id)
        sent = OFFER.read(post)
        if sent.answer:
            return request.redirect(sent.answer)
        choices = self._offer_choices(opportunity_sudo)
        self._check_offer(sent, choices)
        if sent.errors:
            return sent.render("citta_lavoro.opportunity_portal_form", **choices)
        sent.claim()
        self._save_offer(opportunity_sudo, self._prepare_offer_values(sent.values), send == "submit")
        return sent.finish("/my/rete?notice=" + ("submitted" if send == "submit" else "saved"))

    @http.route("/my/rete/opportunita/<int:opportunity_id>/candidati", type="http", auth="user", website=True, methods=["GET"])
    def my_candidates(self, opportunity_id, **kwargs):
        """Those who applied and agreed to be shown: name, contact and message, nothing else.

        :param opportunity_id: of another member, it is not found
        """
        opportunity_sudo = self._find_own(opportunity_id, editable=False)
        shown_sudo = opportunity_sudo.application_ids.filtered(lambda one: one.is_shown and one.state != "withdrawn")
        return request.render("citta_lavoro.opportunity_portal_candidates", {
            "opportunity": opportunity_sudo,
            "applications": shown_sudo,
            "page_name": "citta_network",
        })

    # -- tools ---------------------------------------------------------------

    def _find_own(self, opportunity_id, editable=True):
        """The own opportunity of that id, empty for a new one.

        :raise NotFound: not a member, not an active one for a new opportunity, or not the member's own
        """
        members_sudo = get_my_members()
        if not opportunity_id:
            if "active" not in members_sudo.mapped("state"):
                raise NotFound()
            # sudo: portal users have no right on opportunities; an empty set gives nothing away
            return request.env["citta.opportunity"].sudo()
        found_sudo = members_sudo.opportunity_ids.filtered(lambda one: one.id == opportunity_id)
        if not found_sudo or (editable and found_sudo.state not in EDITABLE):
            raise NotFound()
        return found_sudo

    def _offer_choices(self, opportunity_sudo):
        """What the form offers to choose from."""
        member_sudo = opportunity_sudo.member_id or get_my_members().filtered(lambda one: one.state == "active")[:1]
        Opportunity = opportunity_sudo.browse()
        # sudo: portal users may not search contacts; only names of entitled bodies reach the page
        entitled_sudo = request.env["res.partner"].sudo().search([("citta_is_entitled", "=", True)], order="name")
        return {
            "opportunity": opportunity_sudo,
            "member": member_sudo,
            "kinds": Opportunity._fields["kind"]._description_selection(request.env),
            "contracts": Opportunity._fields["contract_type"]._description_selection(request.env),
            "cities": member_sudo.territory_id.city_ids.sorted("name"),
            "entitled_bodies": entitled_sudo,
            "page_name": "citta_network",
        }

    def _offer_values(self, opportunity_sudo):
        """What stands in the form: the record's values, as text."""
        one = opportunity_sudo
        return {
            "name": one.name or "",
            "kind": one.kind or "internship",
            "description": one.description or "",
            "city": str(one.city_id.id or ""),
            "contract_type": one.contract_type or "",
            "hours_week": f"{one.hours_week:g}" if one.hours_week else "",
            "places": str(one.places or 1),
            "date_deadline": str(one.date_deadline or ""),
            "entitled_body": str(one.entitled_body_id.id or ""),
        }

    def _check_offer(self, sent, choices):
        """Put a message on every field that is missing or wrong."""
        values = sent.values
        sent.require("name", request.env._("Give it a title."))
        sent.require("description", request.env._("Describe it: tasks, what is asked for, when and where."))
        if values["kind"] not in dict(choices["kinds"]):
            sent.error("kind", request.env._("Choose the kind."))
        if values["contract_type"] not in ("", *dict(choices["contracts"])):
            sent.error("contract_type", request.env._("Choose one of the list."))
        if values["city"] not in ("", *(str(one) for one in choices["cities"].ids)):
            sent.error("city", request.env._("Choose one of the list."))
        if values["entitled_body"] not in ("", *(str(one) for one in choices["entitled_bodies"].ids)):
            sent.error("entitled_body", request.env._("Choose one of the list."))
        if values["kind"] == "job" and not values["entitled_body"]:
            sent.error("entitled_body", request.env._("A job offer names the body entitled to mediate it (D.Lgs 276/2003, art. 6)."))
        self._check_offer_numbers(sent)

    def _check_offer_numbers(self, sent):
        """Numbers and dates of the form."""
        values = sent.values
        if not values["places"].isdecimal() or not 1 <= int(values["places"]) <= 500:
            sent.error("places", request.env._("A whole number from 1 to 500."))
        if values["hours_week"] and to_hours(values["hours_week"]) is None:
            sent.error("hours_week", request.env._("A number from 0 to 60."))
        if values["date_deadline"] and to_date(values["date_deadline"]) is None:
            sent.error("date_deadline", request.env._("A date from today on."))

    def _prepare_offer_values(self, values):
        """Values of the record out of the checked form."""
        return {
            "name": values["name"],
            "kind": values["kind"],
            "description": values["description"],
            "city_id": int(values["city"] or 0) or False,
            "contract_type": values["contract_type"] or False,
            "hours_week": to_hours(values["hours_week"]) or 0.0,
            "places": int(values["places"]),
            "date_deadline": to_date(values["date_deadline"]) or False,
            "entitled_body_id": int(values["entitled_body"] or 0) or False,
        }

    def _save_offer(self, opportunity_sudo, vals, is_submitted):
        """Write or make the record; a change of what was submitted is read by the manager as it stands then."""
        if opportunity_sudo:
            opportunity_sudo.write(vals)
        else:
            member_sudo = self._offer_choices(opportunity_sudo)["member"]
            opportunity_sudo = opportunity_sudo.create({**vals, "member_id": member_sudo.id})
        if is_submitted and opportunity_sudo.state == "draft":
            opportunity_sudo.action_submit()


def to_hours(text):
    """A number of hours from 0 to 60, typed with a comma or a point; None for anything else."""
    plain = text.replace(",", ".")
    if not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
        return None
    return float(plain) if float(plain) <= 60 else None


def to_date(text):
    """A date from today on; None for anything else."""
    try:
        typed = date.fromisoformat(text)
    except ValueError:
        return None
    return typed if typed >= fields.Date.context_today(request.env.user) else None


def find_published(opportunity_id):
    """A published opportunity.

    :raise NotFound: there is none of that id, or it is not published
    """
    # sudo: visitors have no right on opportunities; only published ones come out
    found_sudo = request.env["citta.opportunity"].sudo().search([("id", "=", opportunity_id), ("state", "=", "published")])
    if not found_sudo:
        raise NotFound()
    return found_sudo


def get_opportunity_list(domain, url, page, q, kind):
    """One page of the open opportunities.

    :param domain: narrows the list
    :param url: address of the list, for the links to other pages
    :return: values for a list template; the number of hits is bounded
    """
    # sudo: visitors and portal users have no right on opportunities; only open ones come out
    Opportunity = request.env["citta.opportunity"].sudo()
    kinds, q = Opportunity._fields["kind"]._description_selection(request.env), clean(q)[:80]
    domain = Domain(domain) & Opportunity._get_open_domain()
    if q:
        domain &= Domain("name", "ilike", q) | Domain("description", "ilike", q) | Domain("city_id.name", "ilike", q)
    if kind in dict(kinds):
        domain &= Domain("kind", "=", kind)
    total = Opportunity.search_count(domain, limit=COUNTED)
    pages = pager(url, total, page=page, step=PAGE_SIZE, url_args={"q": q, "kind": kind})
    return {
        "opportunities": Opportunity.search(domain, limit=PAGE_SIZE, offset=max(0, pages["offset"])),
        "total": total,
        "is_bounded": total >= COUNTED,
        "pager": pages,
        "url": url,
        "q": q,
        "kind": kind,
        "kinds": kinds,
    }
