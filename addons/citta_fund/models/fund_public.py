from odoo import models

from odoo.addons.citta_lavoro.tools.suppression import suppress

from .posting_rule import STANDING

LAST_GIFTS, LAST_MILESTONES = 10, 5
# What is said of a fund and of each of its initiatives, in this order; yield and endowment only where there is one.
FIGURES = ("received", "matched", "yielded", "endowed", "committed", "paid", "free")
OF_ENDOWMENT = ("yielded", "endowed")
# So many months stand one by one; what came before is one row.
MONTHS = 12


class FundPublic(models.AbstractModel):
    """What everybody may know of a published fund: the ledger's own figures, and of donors what each of them allowed."""

    _name = "citta.fund.public"
    _description = "Public side of a fund"

    def _get_public_values(self):
        """The transparency page, from the same question to the ledger as the fund's form.

        :return: dict of figures, initiatives, last gifts and the goal
        """
        self.ensure_one()
        # sudo: totals of a published fund are public; the caller has checked that it is published
        fund = self.sudo()
        rows = fund.env["citta.fund.summary"]._read(fund)
        by_line, rules, gifts = fund._get_line_figures(rows), fund.match_rule_ids, fund._get_last_gifts()
        (rules.sponsor_id | gifts.partner_id).fetch(["name", "is_company"])
        figures = fund._sum_figures(by_line)[fund.id]
        collected = figures["received"] + figures["matched"]
        return {
            "fund": fund,
            "figures": figures,
            "shown": fund._get_shown_figures(figures),
            "collected": collected,
            "initiatives": fund._get_public_initiatives(by_line),
            "progress": min(100, int(100 * collected / fund.goal_amount)) if fund.goal_amount else 0,
            "sponsors": fund._get_public_sponsors(),
            "gifts": fund._get_public_gifts(gifts),
            "milestones": fund.env["citta.fund.milestone"]._get_public(fund.line_ids, limit=LAST_MILESTONES),
            **fund._get_public_months(rows),
        }

    def _get_shown_figures(self, figures):
        """Name and title of each figure that the page and the table show.

        :param figures: of the whole fund
        :return: list of (name, title)
        """
        titles = {
            "received": self.env._("Received"), "matched": self.env._("Matched"), "yielded": self.env._("Yield of the endowment"),
            "endowed": self.env._("Endowment"), "committed": self.env._("Committed"), "paid": self.env._("Paid"), "free": self.env._("Free"),
        }
        return [(name, titles[name]) for name in FIGURES if name not in OF_ENDOWMENT or self.endowment_share or figures[name]]

    def _get_public_initiatives(self, found):
        """One row for each initiative, those without money too; closed ones while they hold some.

        :param found: as of ``_get_line_figures``
        :return: list of (initiative, figures)
        """
        empty = dict.fromkeys(FIGURES, 0.0)
        # what is archived keeps its money: without it the rows would not add up
        closed = [line for line in found if not line.active and any(found[line].values())]
        return [
            (line, {name: self.currency_id.round(value) for name, value in found.get(line, empty).items()}) for line in [*self.line_ids, *closed]
        ]

    def _get_public_sponsors(self):
        """What sponsors have promised to add, and how much of it is matched."""
        return [
            {"name": rule.name, "sponsor": rule.sponsor_id.name, "matched": rule.matched, "pot": rule.ceiling_pot, "progress": int(rule.progress)}
            for rule in self.match_rule_ids
        ]

    def _get_last_gifts(self):
        # with what the list shows, in one statement
        return self.env["citta.donation"].search_fetch(
            [("fund_id", "=", self.id), ("state", "in", STANDING)], ["partner_id", "date_received", "amount", "anonymity", "tribute_name", "tribute_public", "tribute_approved"],
            order="date_received desc, id desc", limit=LAST_GIFTS,
        )

    def _get_public_gifts(self, gifts):
        """The last gifts, each with as much of a name as its donor allowed; the day is left out."""
        return [
            {
                "date": gift.date_received, "amount": gift.amount, "donor": self._get_public_name(gift), "initiative": ", ".join(gift.line_ids.mapped("fund_line_id.name")),
                "tribute": gift.tribute_public and gift.tribute_approved and gift._get_tribute_text(), "is_unknown": not gift.partner_id,
            }
            for gift in gifts
        ]

    def _get_public_name(self, gift):
        """The donor's name, initials, or nothing; bodies have no initials to hide behind."""
        name = gift.partner_id.name or ""
        if gift.anonymity == "public" and name:
            return name
        if gift.anonymity == "initials" and name and not gift.partner_id.is_company:
            return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha())
        return ""

    def _get_public_months(self, rows=None):
        """Money and number of gifts by month, the last ones one by one. Small numbers of gifts are hidden, also by subtraction.

        :param rows: balances that were read already
        :return: dict of ``months`` (list of dicts, the last month first) and ``gift_count`` (0 where it is not shown)
        """
        figures, counts = self._get_month_figures(rows), self.env["citta.fund.count"]._read(self)
        shown = sorted(figures.keys() | counts.keys(), reverse=True)
        table = [{"month": month, **figures.get(month, {}), "count": counts.get(month, 0)} for month in shown[:MONTHS]]
        if shown[MONTHS:]:
            names = ("received", "matched", "paid")
            before = {name: round(sum(figures.get(month, {}).get(name, 0.0) for month in shown[MONTHS:]), 2) for name in names}
            table.append({"month": False, **before, "count": sum(counts.get(month, 0) for month in shown[MONTHS:])})
        cells, total = suppress([row["count"] for row in table])
        for row, cell in zip(table, cells, strict=True):
            row["count"] = cell
        return {"months": table, "gift_count": total or 0}

    def _get_public_table(self):
        """The transparency table as rows of text and numbers, the total last.

        :return: list of lists, the titles first
        """
        # sudo: as for the page
        fund = self.sudo()
        by_line = fund._get_line_figures()
        total = fund._sum_figures(by_line)[fund.id]
        shown = fund._get_shown_figures(total)
        rows = [[line.name, *(figures[name] for name, _title in shown)] for line, figures in fund._get_public_initiatives(by_line)]
        return [[self.env._("Initiative"), *(title for _name, title in shown)], *rows, [self.env._("Total"), *(total[name] for name, _title in shown)]]
