from odoo import fields, models


class InternalThreadMixin(models.AbstractModel):
    """The chatter of a record that its person sees in the portal: colleagues' notes are not even searched from there.

    Odoo searches messages without the rules of messages, so that whoever may read a record could guess at the words
    of an internal note, one search after the other.
    """

    _name = "citta.internal.thread.mixin"
    _description = "Internal chatter"
    _inherit = ["mail.thread"]

    #: What a colleague has to be allowed to do with the record to read what others wrote beside it.
    _citta_chatter_needs = "write"

    message_ids = fields.One2many(string="Messages", groups="base.group_user")
    website_message_ids = fields.One2many(string="Website Messages", groups="base.group_user")

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What colleagues write to each other is read by who works on the record, not by its person, who only sees it."""
        if message_operation == "read":
            return dict.fromkeys(self, self._citta_chatter_needs if self.env.user._is_internal() else "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)
