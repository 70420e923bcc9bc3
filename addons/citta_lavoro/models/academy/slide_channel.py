from odoo import api, fields, models


class SlideChannel(models.Model):
    """An online course of the Academy: who offers it and which need it answers."""

    _inherit = "slide.channel"

    citta_provider_id = fields.Many2one(
        "res.partner", "Given by", index="btree_not_null", ondelete="restrict",
        domain="[('citta_body_kind', '!=', False)]",
    )
    citta_need_id = fields.Many2one("citta.need", "Answers the need", index="btree_not_null", ondelete="restrict")
    citta_programme_id = fields.Many2one("citta.programme", "Programme", index="btree_not_null", ondelete="restrict")
    citta_territory_id = fields.Many2one(
        "citta.territory", "Territory", compute="_compute_citta_territory_id", store=True, precompute=True,
        index="btree_not_null",
    )

    @api.depends("citta_programme_id")
    def _compute_citta_territory_id(self):
        for channel in self:
            channel.citta_territory_id = channel.citta_programme_id.territory_id

    @api.model_create_multi
    def create(self, vals_list):
        """Let operators create courses: Odoo enrols the author through a field that only its own officers may write.

        :raise AccessError: a field or the territory is not the user's to write
        """
        if self.env.su or self.env.user.has_group("website_slides.group_website_slides_officer"):
            return super().create(vals_list)
        self.check_access("create")
        for name in {name for vals in vals_list for name in vals}:
            self._check_field_access(self._fields[name], "write")
        # sudo: the rights on model, fields and, below, on the new courses themselves are checked for the user
        channels = super(SlideChannel, self.sudo()).create(vals_list).with_env(self.env)
        channels.check_access("create")
        return channels
