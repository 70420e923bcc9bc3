from odoo import models


class DonationStory(models.AbstractModel):
    """What became of a gift, told to its donor: the steps with their days, and what its initiatives have done since."""

    _name = "citta.donation.story"
    _description = "Story of a gift"

    # -- business ------------------------------------------------------------

    def _get_story(self):
        """All that the donor's page of the gift shows. The caller has checked that it is the donor's own.

        :return: dict of ``steps``, ``initiatives`` and ``milestones``
        """
        self.ensure_one()
        # sudo: the donor reads the own gift, totals of its initiatives and what is published of them
        gift = self.sudo()
        by_line = gift.fund_id._get_line_figures()
        lines = gift.line_ids.fund_line_id
        return {
            "steps": gift._get_steps(),
            "initiatives": [(part, by_line.get(part.fund_line_id, {})) for part in gift.line_ids],
            "milestones": gift.env["citta.fund.milestone"]._get_public(lines),
        }

    def _get_steps(self):
        """From the promise to the receipt, each with its day: read from the facts.

        :return: list of (code, day, text)
        """
        gift, pledge = self, self.pledge_id
        sponsors = ", ".join(gift.match_entry_ids.filtered("is_standing").sponsor_id.mapped("name"))
        days = {
            "pledged": pledge.date, "expected": pledge.date_due, "received": gift.date_received, "accepted": gift.date_accepted,
            "posted": gift.move_id.date, "matched": sponsors and gift.move_id.date, "receipted": gift.receipt_id.date,
            "refunded": gift.refund_move_id.date, "undone": gift.date_undone,
        }
        texts = {
            "pledged": self.env._("You promised it"),
            "expected": self.env._("It was expected by this day"),
            "received": self.env._("It arrived"),
            "accepted": self.env._("It was accepted, with its papers"),
            "posted": self.env._("It is in the books of the fund"),
            "matched": self.env._("%(sponsor)s added to it", sponsor=sponsors),
            "receipted": self.env._("Receipt no. %(number)s was issued", number=gift.receipt_id.name),
            "refunded": self.env._("It was given back to you"),
            "undone": self.env._("Its recording was corrected"),
        }
        return [(code, day, texts[code]) for code, day in days.items() if day]
