from odoo import fields, models
from odoo.fields import Command

from ..tools.matching import split_amount
from .donation_posting import QUIET


class DonationOnline(models.AbstractModel):
    """Gifts that were paid online: from the provider's word into the books, and out of them in part.

    The money waits on the provider's outstanding account until its payout comes by the bank. All of it is done in superuser
    mode, by whoever brings the provider's notice.
    """

    _name = "citta.donation.online"
    _description = "Online gifts"

    rest_of_id = fields.Many2one(
        "citta.donation", "What is left of", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="The provider has given back a part of that gift: this is the rest.",
    )

    # -- business ------------------------------------------------------------

    def _post_from_transaction(self, transaction):
        """Record and post the gift that a provider has confirmed, all of it or nothing; a second call changes nothing.

        :param transaction: a done payment of a pledge
        :return: the gift
        """
        known = self.search([("payment_transaction_id", "=", transaction.id)], limit=1)
        if known:
            return known
        pledge, method = transaction.citta_pledge_id, transaction.payment_method_id.name
        gift = self.with_context(**QUIET).create({
            **pledge._prepare_donation_vals(), "amount": transaction.amount, "means": "card",
            # the day on which the payment came through, however late it is looked at
            "date_received": fields.Date.context_today(self, transaction.last_state_change),
            "trace": " · ".join(filter(None, (method, transaction.reference, transaction.provider_reference))),
        }).with_env(self.env)
        return gift._post_online(transaction)

    def _post_online(self, transaction):
        """Post the gift on the account where the provider's money waits, with its matches and its receipt.

        :param transaction: by which it was paid
        """
        journal, account = transaction._citta_get_money_place()
        own = self._prepare_own_move(journal, account, transaction.reference)
        # the gift's entry and those of its matches are made in one go, which costs little more than one of them
        plan, matches = self.env["citta.match.rule"]._plan(self), self.env["citta.match.entry"]
        moves = self._post_moves([own, *matches._prepare_moves(plan)])
        self._set_facts(move_id=moves[0].id, payment_transaction_id=transaction.id)
        matches._record(plan, moves[1:])
        self._issue_if_wanted()
        return self

    def _refund_part(self, amount, place, day):
        """The provider has given back a part: the gift leaves the books as a whole, and the rest stands as one of the same payment and day.

        So matches and receipt are those of what was left, to the cent.

        :param amount: what went back
        :param place: (journal, account) from which it went
        :param day: on which it went
        :return: the gift of the rest
        """
        wants, left = bool(self.wants_receipt or self.receipt_id), self.currency_id.round(self.amount - amount)
        self._refund(place, day)
        # the database takes a second gift of one payment only once the first one went back
        self.flush_recordset(["refund_move_id"])
        shares = split_amount(left, self.line_ids.mapped("amount"))
        rest = self.with_context(**QUIET).copy({
            "amount": left, "wants_receipt": wants, "pledge_id": self.pledge_id.id, "trace": self.trace, "tribute_approved": self.tribute_approved,
            "rest_of_id": self.id,
            "line_ids": [
                Command.create({"fund_line_id": line.fund_line_id.id, "amount": float(share)})
                for line, share in zip(self.line_ids, shares, strict=True) if share
            ],
        }).with_env(self.env)
        return rest._post_online(self.payment_transaction_id)
