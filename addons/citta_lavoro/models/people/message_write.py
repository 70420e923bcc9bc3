from odoo import api, fields, models


class MessageWrite(models.TransientModel):
    """The thread with a person, and the answer."""

    _name = "citta.message.write"
    _description = "Write to the person"
    _inherit = ["citta.reach.mixin"]

    pathway_id = fields.Many2one("citta.pathway", "Pathway", required=True, readonly=True, ondelete="cascade")
    thread = fields.Html(compute="_compute_thread", sanitize=False)
    text = fields.Text("Message")
    is_open = fields.Boolean(compute="_compute_thread")

    @api.depends("pathway_id")
    def _compute_thread(self):
        for wizard in self:
            messages = self.env["citta.message"].search([("pathway_id", "=", wizard.pathway_id.id)], limit=50).sorted("id")
            wizard.is_open = wizard.pathway_id.state != "closed"
            wizard.thread = self.env["ir.qweb"]._render("citta_lavoro.message_thread", {"messages": messages, "is_person": False})

    def action_send(self):
        """Send the message to the person's own page; the person gets an e-mail without its words.

        :return: the order to close the dialogue
        :raise UserError: see ``citta.message``
        """
        self.ensure_one()
        self.env["citta.message"].create({"pathway_id": self.pathway_id.id, "text": self.text})
        return {"type": "ir.actions.act_window_close"}
