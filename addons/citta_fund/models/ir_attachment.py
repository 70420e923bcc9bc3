from odoo import api, models
from odoo.exceptions import UserError

CONTENT = {"raw", "datas", "db_datas", "store_fname", "res_model", "res_id", "type", "url"}


class IrAttachment(models.Model):
    """The deed and the valuation of a gift in kind stay once it was accepted on them."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """:raise UserError: the paper of an accepted gift would become another"""
        if CONTENT & set(vals):
            self._citta_refuse_accepted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        self._citta_refuse_accepted()

    def _citta_refuse_accepted(self):
        if self.env.su:
            return
        # sudo: whether the gift was accepted decides, nothing of it is shown
        papers = self.sudo().filtered(lambda paper: paper.res_model == "citta.donation")
        if papers and papers.env["citta.donation"].search_count([("id", "in", papers.mapped("res_id")), ("state", "=", "accepted")], limit=1):
            raise UserError(self.env._("The gift was accepted on this paper: it stays."))
