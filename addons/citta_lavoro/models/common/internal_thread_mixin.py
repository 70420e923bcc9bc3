from odoo import fields, models


class InternalThreadMixin(models.AbstractModel):
    """The chatter of a record that its person sees in the portal: colleagues' notes are not even searched from there.

    Odoo searches messages without the rules of messages, so that whoever may read a record could guess at the words
    of an internal note, one search after the other.
    """

    _name = "citta.internal.thread.mixin"
    _description = "Internal chatter"
    _inherit = ["mail.thread"]

    message_ids = fields.One2many(string="Messages", groups="base.group_user")
    website_message_ids = fields.One2many(string="Website Messages", groups="base.group_user")
