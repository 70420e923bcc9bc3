from odoo import api, fields, models
from odoo.exceptions import UserError


class Message(models.Model):
    """One message between a person and who follows the person. Never changed; nothing of the chatter stands here.

    A model of its own and not the chatter: Odoo searches messages of the chatter without their rules, so colleagues' notes and
    words for the person must not lie side by side.
    """

    _name = "citta.message"
    _description = "Message with a person"
    _inherit = ["citta.pathway.item"]
    _order = "id desc"
    _rec_name = "author_id"

    author_id = fields.Many2one("res.users", "From", required=True, readonly=True, default=lambda self: self.env.user, ondelete="restrict", index=True)
    is_from_person = fields.Boolean("Of the person", readonly=True)
    text = fields.Text(required=True)
    date = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now)
    date_read = fields.Datetime("Read on", readonly=True)

    _scope_idx = models.Index("(territory_id, body_id, id)")
    _unread_idx = models.Index("(pathway_id, is_from_person) WHERE date_read IS NULL")

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever writes is the author, and the other side is told.

        :raise UserError: nothing is written, the pathway is closed, or the person has no login to read it
        """
        if not self.env.su:
            vals_list = [{"pathway_id": vals.get("pathway_id"), "text": vals.get("text")} for vals in vals_list]
        if not all((vals.get("text") or "").strip() for vals in vals_list):
            raise UserError(self.env._("Write something first."))
        messages = super(Message, self._citta_only_defaults({"pathway_id", "text"})).create(vals_list).with_env(self.env)
        if not self.env.context.get("install_mode"):
            messages._announce()
        return messages

    def action_answer(self):
        """The thread, and a place to write.

        :return: the dialogue
        """
        return self.pathway_id.action_open_messages()

    # -- business --------------------------------------------------------------

    def _announce(self):
        """Tell the other side; who has not yet read the last one is told once only."""
        for message in self:
            if message.is_from_person:
                message.pathway_id._ask_answer()
            else:
                message._check_login()
                message.pathway_id._mark_messages_read(from_person=True)
                message._send_notice()

    def _check_login(self):
        # sudo: operators cannot read users, only whether there is a login
        if not self.sudo().partner_id.user_ids:
            raise UserError(self.env._("%s has no login to read it: call, or give portal access first.", self.partner_id.name))

    def _send_notice(self):
        """An e-mail that something is there to read, without a word of it."""
        waiting = self.search_count([
            ("pathway_id", "=", self.pathway_id.id), ("is_from_person", "=", False), ("date_read", "=", False), ("id", "<", self.id),
        ], limit=1)
        # sudo: the letter goes through the queue, whoever writes; the person's address is used, not shown
        message_sudo = self.sudo()
        if not waiting and message_sudo.partner_id.email:
            message_sudo.env.ref("citta_lavoro.mail_template_message").send_mail(self.id)
