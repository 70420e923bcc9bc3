from odoo import fields, models


class Need(models.Model):
    """A need that became a challenge leads on to the ideas that answer it."""

    _inherit = "citta.need"

    challenge_ids = fields.One2many("citta.challenge", "need_id", "Challenges")

    # -- actions -------------------------------------------------------------

    def action_make_challenge(self):
        """Make a challenge of the need, or open the one that it has become.

        :return: the action that opens the challenge
        """
        self.ensure_one()
        challenge = self.challenge_ids.filtered(lambda one: one.state != "closed")[:1]
        challenge = challenge or self.env["citta.challenge"].create(self._prepare_challenge_values())
        return challenge._get_records_action()

    # -- hooks ---------------------------------------------------------------

    def _prepare_challenge_values(self):
        """Values of the challenge that comes out of the need."""
        return {
            "name": self.name[:120],
            "problem": self.description or self.name,
            "need_id": self.id,
            "programme_id": self.territory_id.programme_ids[:1].id,
        }
