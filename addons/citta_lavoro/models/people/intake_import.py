from odoo import fields, models


class IntakeImport(models.Model):
    """One list of first contacts that was imported: by whom, how many rows were taken, which are doubtful, and why."""

    _name = "citta.intake.import"
    _description = "Import of first contacts"
    _order = "id desc"

    name = fields.Char("File", required=True, readonly=True)
    digest = fields.Char(readonly=True, help="Of the file's content: the same file is imported once.")
    next_row = fields.Integer(
        "Goes on at row", readonly=True, help="A long list that was cut off. Import the same file again: it goes on there. 0: read to its end.",
    )
    user_id = fields.Many2one("res.users", "Imported by", required=True, readonly=True, index=True, ondelete="restrict")
    territory_id = fields.Many2one("citta.territory", "Territory", readonly=True, index=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    taken_count = fields.Integer("Taken", readonly=True)
    doubtful_count = fields.Integer("Taken, to check", readonly=True)
    refused_count = fields.Integer("Refused", readonly=True)
    line_ids = fields.One2many("citta.intake.import.line", "import_id", "Rows", readonly=True)
    problem_line_ids = fields.One2many(
        "citta.intake.import.line", "import_id", "Doubtful and refused rows", readonly=True,
        domain=[("outcome", "!=", "taken")],
    )

    _digest_uniq = models.UniqueIndex("(digest) WHERE digest IS NOT NULL", "This very file is being imported already.")

    # -- actions -------------------------------------------------------------

    def action_open_leads(self):
        """Show the first contacts that came with these lists.

        :return: a window action
        """
        return {
            **self.env["crm.lead"]._get_intake_action("list", "kanban", "form"),
            "domain": [("citta_import_id", "in", self.ids)],
        }

    # -- business ------------------------------------------------------------

    def _summary(self):
        """The report in one sentence."""
        self.ensure_one()
        told = self.env._(
            "“%(file)s”: %(taken)s taken, %(doubtful)s taken but to check, %(refused)s refused."
            " Row by row: People › Imported lists.",
            file=self.name, taken=self.taken_count, doubtful=self.doubtful_count, refused=self.refused_count,
        )
        return self.env._("%(told)s So far: it goes on at row %(row)s.", told=told, row=self.next_row) if self.next_row else told
