from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..tools import bank_scoring
from ..tools.rf_reference import print_rf

# So many open pledges are compared with each line; one that is named by its reference is found among any number.
MOST_OPEN = 5000
# So many days after it was promised or due a transfer is still in time.
GRACE = 60


class BankProposal(models.AbstractModel):
    """What speaks for which pledge as the one that a bank line answers, and how much."""

    _name = "citta.bank.proposal"
    _description = "Proposals for bank lines"

    def _citta_propose(self):
        """What each line may be.

        :return: line id → values of the proposal's fields
        """
        pledges, payouts = self._citta_find_pledges(), self._citta_find_payouts()
        proposals = self._citta_propose_among(pledges, self._citta_find_ibans(pledges.partner_id | self.partner_id), self._citta_find_donors())
        for line in self.filtered(lambda line: line.id in payouts):
            # a transfer that names its pledge is that gift, and a sponsor's is its own, also where online gifts of the same sum wait
            if proposals[line.id]["citta_certainty"] not in ("certain", "chosen", "sponsor"):
                proposals[line.id] = line._citta_payout_proposal(*payouts[line.id])
        return proposals

    def _citta_propose_among(self, pledges, ibans, donors, slips=True):
        """The same among given pledges.

        :param ibans: partner id → accounts known
        :param donors: account → the one contact who pays from it
        :param bool slips: whether references with a slip are looked for
        """
        debtors, candidates = self._citta_find_debtors(), self._citta_get_candidates(pledges, ibans, slips)
        return {line.id: line._citta_proposal(candidates[line.journal_id], donors, debtors) for line in self}

    def _citta_get_candidates(self, pledges, ibans, slips=True):
        """Journal → what is expected on its account, ready to be searched."""
        by_journal = pledges.grouped(lambda pledge: pledge.fund_id.bank_journal_id)
        return {
            journal: bank_scoring.Candidates({pledge: self._citta_describe(pledge, ibans) for pledge in by_journal.get(journal, ())}, slips)
            for journal in self.journal_id
        }

    def _citta_payout_proposal(self, name, items, fee):
        """A transfer of a payment provider is no new gift."""
        said = self.env._("payout of %(provider)s: %(count)s online gifts", provider=name, count=len(items))
        kept = [self.env._("fee %(amount)s", amount=self._citta_money(fee))] if fee else []
        return {**self._citta_no_proposal(), "citta_certainty": "payout", "citta_reasons": " · ".join([said, *kept])}

    def _citta_proposal(self, candidates, donors, debtors):
        ranking = candidates.rank(self._citta_facts())
        pledge, found = ranking[0] if ranking else (self.env["citta.pledge"], bank_scoring.Score(0, ()))
        chosen = self.citta_chosen_pledge_id
        if chosen:
            pledge, found = chosen, next((score for one, score in ranking if one == chosen), bank_scoring.Score(0, ()))
        payer = self.partner_id or donors.get(self._citta_facts()["iban"], self.partner_id)
        donor, sponsor = pledge.partner_id or payer, payer or pledge.partner_id
        debt = debtors.get((self.journal_id, sponsor), 0.0)
        if self._citta_pays_debt(debt, found.reasons):
            return self._citta_debt_proposal(sponsor, debt)
        debt = debt or debtors.get((self.journal_id, donor), 0.0)
        certain = bank_scoring.is_certain(ranking) and pledge._is_expected() and not debt
        return {
            "citta_pledge_id": pledge.id,
            "citta_donor_id": donor.id,
            "citta_points": found.points,
            "citta_certainty": "chosen" if chosen else self._citta_grade(found.points, certain),
            "citta_reasons": self._citta_explain(pledge, found.reasons, donor, debt),
        }

    def _citta_facts(self):
        """What the bank says of the line, as the scoring wants it."""
        return {
            "text": self._citta_join_text(self.payment_ref, self.ref),
            "amount": self.amount,
            "iban": sanitize_account_number(self.account_number) or "",
            "name": self.partner_name or self.partner_id.name or "",
            "date": self.date,
        }

    @api.model
    def _citta_describe(self, pledge, ibans):
        return {
            "reference": pledge.reference,
            "amount": pledge._get_expected(),
            "ibans": ibans.get(pledge.partner_id.id, set()),
            "name": pledge.partner_id.name,
            "dates": (pledge.date, (pledge.date_due or pledge.date) + timedelta(days=GRACE)),
        }

    def _citta_find_pledges(self):
        """The open pledges of these lines' funds, and any other that a line names by its reference."""
        open_ones = Domain("state", "in", ("open", "partial")) | Domain("date_next", "!=", False)
        own = Domain("fund_id.bank_journal_id", "in", self.journal_id.ids)
        return self._citta_find_named() | self.env["citta.pledge"].search(own & open_ones, order="id desc", limit=MOST_OPEN)

    def _citta_find_named(self):
        """The pledges of these lines' funds that one of them names by its reference."""
        return self._citta_search_named(self.journal_id, [line._citta_facts()["text"] for line in self])

    @api.model
    def _citta_no_proposal(self):
        return {"citta_pledge_id": False, "citta_donor_id": False, "citta_points": 0, "citta_certainty": False, "citta_reasons": False}

    @api.model
    def _citta_grade(self, points, certain):
        if certain:
            return "certain"
        return "likely" if points >= bank_scoring.LIKELY else "doubtful" if points else "unknown"

    def _citta_explain(self, pledge, reasons, donor, debt):
        """What speaks for the proposal and what against it, in words."""
        said = {
            "reference": self.env._("reference %(reference)s is right", reference=print_rf(pledge.reference)),
            "mistyped": self.env._("reference is %(reference)s but for one slip", reference=print_rf(pledge.reference)),
            "number": self.env._("names the number of the pledge"),
            "amount": self.env._("amount as promised"),
            "iban": self.env._("account known for this donor"),
            "name": self.env._("payer's name is the donor's"),
            "near_name": self.env._("payer's name is like the donor's"),
            "date": self.env._("came in time"),
        }
        words = [said[reason] for reason in reasons]
        if debt:
            words.append(self.env._("but this sponsor still owes %(amount)s for matches: reconcile it with them", amount=self._citta_money(debt)))
        if pledge and not pledge._is_expected():
            words.append(self.env._("but the pledge is closed"))
        elif pledge and "amount" not in reasons:
            words.append(self.env._("but %(amount)s are expected", amount=self._citta_money(pledge._get_expected())))
        if not pledge:
            words.append(self.env._("no pledge; donor known by the bank's data") if donor else self.env._("nothing known: choose a pledge or a donor"))
        return " · ".join(words)
