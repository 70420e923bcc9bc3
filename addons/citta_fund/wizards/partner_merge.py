from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two contacts become one only where their gifts could have been one donor's."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse what would break a sponsor's ceiling, let a sponsor match itself, or put one person's gifts on another's tax return.

        :raise UserError: with what is to be done first
        """
        # sudo: whoever may merge contacts is told what stands in the way, also where the gifts themselves are closed to them
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        self._citta_refuse_two_codes(partners)
        self._citta_refuse_exceeding(partners)
        self._citta_refuse_sponsor(partners)
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)

    def _citta_refuse_two_codes(self, partners):
        donors = partners.env["citta.donation"].search([("partner_id", "in", partners.ids), ("state", "!=", "draft")]).partner_id
        codes = {partners.env["citta.receipt"]._get_tax_code(donor) for donor in donors} - {""}
        if len(codes) > 1:
            raise UserError(self.env._(
                "These are two donors by their fiscal codes (%(codes)s): correct the wrong code first, then merge.", codes=", ".join(sorted(codes)),
            ))

    def _citta_refuse_exceeding(self, partners):
        partners.env.flush_all()
        for name, ceiling, matched in self.env.execute_query(SQL(
            "SELECT r.name, r.ceiling_donor, sum(e.amount) FROM citta_match_entry e JOIN citta_match_rule r ON r.id = e.rule_id"
            " JOIN citta_donation d ON d.id = e.donation_id WHERE d.partner_id IN %s AND e.reversal_move_id IS NULL AND r.ceiling_donor > 0"
            " GROUP BY r.id HAVING sum(e.amount) > r.ceiling_donor", tuple(partners.ids) or (0,),
        )):
            raise UserError(self.env._(
                "As one donor these contacts would have had %(matched)s from the rule “%(rule)s”, which adds %(ceiling)s at most."
                " Raise its ceiling with the sponsor's consent, or undo or refund gifts, then merge.", matched=matched, rule=name, ceiling=ceiling,
            ))

    def _citta_refuse_sponsor(self, partners):
        entries = partners.env["citta.match.entry"].search([
            ("reversal_move_id", "=", False), ("donation_id.partner_id", "in", partners.ids),
            ("rule_id.sponsor_id.commercial_partner_id", "in", partners.commercial_partner_id.ids),
        ], limit=1)
        if entries:
            raise UserError(self.env._(
                "“%(sponsor)s” has matched gifts of the other contact, and never matches its own: undo or refund them first, then merge.",
                sponsor=entries.sponsor_id.name,
            ))
