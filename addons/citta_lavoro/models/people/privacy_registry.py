from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.personal_data import Holding


class PrivacyRegistry(models.AbstractModel):
    """What the people room holds: first contacts, the case, notes, special data."""

    _inherit = "citta.privacy.registry"

    @api.model
    def _get_holdings(self):
        """Every part of a pathway, and every part of such a part, is held too; of whatever says nothing here the texts are emptied."""
        parts = [Holding(name, (("pathway_id", "citta.pathway"),)) for name in self._get_part_models()]
        parts += [Holding(name, ((field, part),)) for name, field, part in self._get_inner_links()]
        return super()._get_holdings() + [
            Holding("res.partner", also={"citta_birth_date", "citta_contact_channel", "citta_contact_time"}),
            Holding("crm.lead", spare={"citta_reference"}),
            Holding("citta.pathway", (("partner_id", "res.partner"), ("lead_id", "crm.lead")), (("lead_id", "crm.lead"),)),
            *parts,
            Holding("citta.note", deed="delete"),
            # counts and dates of one person are a fingerprint, and no figure is made of them
            Holding("citta.person.profile", deed="delete"),
            Holding("citta.isee.past", deed="delete"),
            Holding("citta.status.declaration", deed="delete"),
            Holding("citta.message", deed="delete"),
            Holding("citta.person.sensitive", (("partner_id", "res.partner"),), deed="delete"),
            Holding(
                "citta.invitation", (("lead_id", "crm.lead"), ("pathway_id", "citta.pathway")), (("event_id", "calendar.event"),),
            ),
            Holding("citta.intake.import.line", (("lead_id", "crm.lead"),)),
            Holding("survey.user_input", (("citta_pathway_id", "citta.pathway"), ("citta_follow_up_id", "citta.follow.up"))),
            Holding("calendar.event", (("citta_pathway_id", "citta.pathway"),), neutral={"name": "—"}),
        ]

    @api.model
    def _get_part_models(self):
        part = self.env.registry["citta.pathway.item"]
        return sorted(
            name for name, model in self.env.registry.items() if issubclass(model, part) and not model._abstract and not model._transient
        )

    @api.model
    def _get_inner_links(self):
        """(model, field, part) of what belongs to a part of a pathway, like the signatures of an agreement."""
        parts = self._get_part_models()
        return [
            (name, field.name, field.comodel_name) for name, model in self.env.registry.items()
            if name.startswith("citta.") and name not in parts and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.type == "many2one" and field.store and field.required and field.comodel_name in parts
        ]

    @api.model
    def _get_obstacles(self, found):
        """Who is being accompanied is not erased: the pathway is closed first, with its outcome."""
        pathways = found.get("citta.pathway", self.env["citta.pathway"]).filtered(lambda one: one.state != "closed")
        return super()._get_obstacles(found) + [
            self.env._("The pathway in “%(programme)s” is open: close it first, with its outcome.", programme=one.programme_id.name)
            for one in pathways
        ]

    # -- retention -------------------------------------------------------------

    @api.model
    def _get_activity_queries(self):
        return super()._get_activity_queries() + [
            SQL("SELECT partner_id, GREATEST(date_start, date_end, date_last_contact) FROM citta_pathway"),
            SQL("SELECT partner_id, date_done FROM citta_action WHERE date_done IS NOT NULL"),
            SQL("SELECT partner_id, max(date) FROM citta_internship_day GROUP BY partner_id"),
            SQL("SELECT partner_id, max(date)::date FROM citta_message WHERE is_from_person GROUP BY partner_id"),
            SQL("SELECT partner_id, max(date_received) FROM citta_feedback GROUP BY partner_id"),
            SQL("SELECT partner_id, max(date_answered) FROM citta_follow_up WHERE date_answered IS NOT NULL GROUP BY partner_id"),
            # a yes said again, long after the first one
            SQL("SELECT n.partner_id, n.date_given::date FROM citta_consent n JOIN citta_consent o ON o.renewed_by_id = n.id WHERE n.partner_id IS NOT NULL"),
            SQL(
                "SELECT w.partner_id, i.date_meeting::date FROM citta_invitation i JOIN citta_pathway w ON w.id = i.pathway_id"
                " WHERE i.date_meeting IS NOT NULL"
            ),
            SQL(
                "SELECT partner_id, max(GREATEST(citta_date_received, citta_date_contacted))::date FROM crm_lead"
                " WHERE partner_id IS NOT NULL AND citta_pipeline = 'intake' GROUP BY partner_id"
            ),
            SQL("SELECT u.partner_id, max(l.create_date)::date FROM res_users_log l JOIN res_users u ON u.id = l.create_uid"
                " WHERE u.share GROUP BY u.partner_id"),
        ]

    @api.model
    def _get_idle(self, today):
        """By persons, and by first contacts that never became one."""
        self.env.flush_all()
        return super()._get_idle(today) + self._get_idle_persons(today) + self._get_idle_leads(today)

    @api.model
    def _get_idle_persons(self, today):
        """In several programmes the longest term holds."""
        activities = SQL(" UNION ALL ").join(self._get_activity_queries())
        return self._fetch_idle(SQL(
            """
            WITH term AS (
                SELECT w.partner_id, max(g.retention_months) AS months, max(g.retention_notice_days) AS notice, max(g.id) AS programme_id
                  FROM citta_pathway w JOIN citta_programme g ON g.id = w.programme_id GROUP BY w.partner_id
            ), last AS (SELECT partner_id, max(day) AS day FROM (%s) AS activity(partner_id, day) GROUP BY partner_id)
            SELECT term.partner_id, NULL::int AS lead_id, programme_id, day AS last, months, notice
              FROM term JOIN last USING (partner_id) JOIN res_partner p ON p.id = term.partner_id AND p.citta_is_person
             WHERE day < %s - make_interval(months => months, days => -notice)
               AND (%s OR NOT EXISTS (SELECT 1 FROM citta_privacy_erasure e WHERE e.partner_id = p.id AND e.state != 'cancelled'))
            """,
            activities, today, self._includes_planned(),
        ), today)

    @api.model
    def _get_idle_leads(self, today):
        """A first contact without programme counts with the longest term of its territory."""
        return self._fetch_idle(SQL(
            """
            SELECT NULL::int AS partner_id, l.id AS lead_id, g.programme_id, g.months, g.notice,
                   GREATEST(l.citta_date_received, l.citta_date_contacted, l.create_date)::date AS last
              FROM crm_lead l
              JOIN LATERAL (
                SELECT max(id) AS programme_id, max(retention_months) AS months, max(retention_notice_days) AS notice FROM citta_programme
                 WHERE id = l.citta_programme_id OR (l.citta_programme_id IS NULL AND territory_id = l.citta_territory_id)
              ) g ON g.months IS NOT NULL
             WHERE l.citta_pipeline = 'intake' AND l.partner_id IS NULL
               AND GREATEST(l.citta_date_received, l.citta_date_contacted, l.create_date)
                   < %s - make_interval(months => g.months, days => -g.notice)
               AND (%s OR NOT EXISTS (SELECT 1 FROM citta_privacy_erasure e WHERE e.lead_id = l.id AND e.state != 'cancelled'))
               AND NOT EXISTS (SELECT 1 FROM citta_pathway w WHERE w.lead_id = l.id)
            """,
            today, self._includes_planned(),
        ), today)

    @api.model
    def _includes_planned(self):
        """Whether those already announced are listed too."""
        return bool(self.env.context.get("citta_planned"))

    @api.model
    def _fetch_idle(self, query, today):
        """Rows with the day on which data may go: never before the notice has run out."""
        self.env.cr.execute(query)
        rows = self.env.cr.dictfetchall()
        for row in rows:
            term = fields.Date.to_date(row["last"]) + relativedelta(months=row.pop("months"))
            row["until"] = max(term, today + relativedelta(days=row.pop("notice")))
        return rows
