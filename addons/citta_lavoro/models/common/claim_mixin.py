from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ClaimMixin(models.AbstractModel):
    """Gives a scarce thing out exactly once, also to several users at the same moment.

    Odoo's transactions are REPEATABLE READ: a row lock, an advisory lock or a sum read before inserting let two
    users take the last one, because the second still sees the old snapshot. Here the row is *changed* under a
    condition (``UPDATE … WHERE used + x <= capacity``): a rival that started before our commit gets a
    serialization error, which Odoo answers by running its request again on fresh data. The CHECK of
    ``citta.claim`` is the last line of defence.

    Call ``_claim`` as late as possible in the request, and do nothing slow (mail, PDF, HTTP) after it.
    """

    _name = "citta.claim.mixin"
    _description = "Claim mixin"

    def unlink(self):
        """Drop the counters with the thing they count."""
        rows = [(record._name, record.id) for record in self]
        result = super().unlink()
        for model, res_id in rows:
            self.env.cr.execute(
                SQL("DELETE FROM citta_claim WHERE res_model = %s AND res_id = %s", model, res_id)
            )
        return result

    # -- hooks ---------------------------------------------------------------

    def _get_claim_capacity(self, kind):
        """How much of ``kind`` this record has in all.

        To be overridden by the owner of the thing.

        :param str kind: what is counted, for instance ``"seats"``
        :return: a number, or None when there is no ceiling
        """
        return None

    # -- business ------------------------------------------------------------

    def _claim(self, kind, amount=1):
        """Take ``amount`` of ``kind`` if that much is left.

        :return: True if it was taken, False if there is not enough
        """
        return bool(self._claim_move(kind, amount))

    def _claim_next(self, kind):
        """Take one and return its number: 1, 2, 3 … without gaps, as a rollback gives the number back.

        :raise UserError: when the range is used up
        """
        taken = self._claim_move(kind, 1)
        if not taken:
            raise UserError(self.env._("There is none left of “%(kind)s”.", kind=kind))
        return int(taken[0])

    def _claim_release(self, kind, amount=1):
        """Give ``amount`` of ``kind`` back.

        :raise UserError: when less than that is taken
        """
        if not self._claim_move(kind, -amount):
            raise UserError(self.env._("More of “%(kind)s” would be given back than was taken.", kind=kind))

    def _claim_used(self, kind):
        """How much of ``kind`` is taken, as a float."""
        row = self.env.execute_query(
            SQL("SELECT used FROM citta_claim WHERE %s", self._claim_row(kind))
        )
        return float(row[0][0]) if row else 0.0

    def _claim_resize(self, kind):
        """Bring the stored ceiling up to date after the record's own capacity has changed.

        :raise UserError: when more is taken already than the new ceiling allows
        """
        self._claim_ensure_row(kind)
        capacity = self._get_claim_capacity(kind)
        self.env.cr.execute(
            SQL(
                "UPDATE citta_claim SET capacity = %s WHERE %s AND (%s::numeric IS NULL OR used <= %s) RETURNING id",
                capacity, self._claim_row(kind), capacity, capacity,
            )
        )
        if not self.env.cr.fetchone():
            raise UserError(self.env._(
                "%(used)g are taken already: the ceiling cannot be lowered to %(capacity)g.",
                used=self._claim_used(kind), capacity=capacity,
            ))

    # -- tools ---------------------------------------------------------------

    def _claim_row(self, kind):
        self.ensure_one()
        return SQL("res_model = %s AND res_id = %s AND kind = %s", self._name, self.id, kind)

    def _claim_ensure_row(self, kind):
        """Make the counter on first use; a rival's fresh row, invisible to our snapshot, means a retry.

        :return: True if it was made now
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "INSERT INTO citta_claim (res_model, res_id, kind, used, capacity) VALUES (%s, %s, %s, 0, %s)"
                " ON CONFLICT (res_model, res_id, kind) DO NOTHING",
                self._name, self.id, kind, self._get_claim_capacity(kind),
            )
        )
        return bool(self.env.cr.rowcount)

    def _claim_move(self, kind, amount):
        """Move a counter, which is made where it was not there yet.

        :return: the new ``used`` in a tuple, or None when the move does not fit
        """
        taken = self._claim_update(kind, amount)
        return self._claim_update(kind, amount) if not taken and self._claim_ensure_row(kind) else taken

    def _claim_update(self, kind, amount):
        """The one statement that moves a counter.

        :return: as of ``_claim_move``
        """
        self.env["citta.claim"].invalidate_model(["used"])
        self.env.cr.execute(
            SQL(
                "UPDATE citta_claim SET used = used + %s WHERE %s AND used + %s >= 0"
                " AND (capacity IS NULL OR used + %s <= capacity) RETURNING used",
                amount, self._claim_row(kind), amount, amount,
            )
        )
        return self.env.cr.fetchone()
