from datetime import timedelta

from odoo.fields import Command

from .case_common import CaseCommon


class InternshipCommon(CaseCommon):
    """A firm, a kind of skill, and an internship of Ada that is being written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.env["res.partner"].create({"name": "Forno Inventato", "is_company": True})
        cls.craft = cls.env["hr.skill.type"].create({
            "name": "Forno", "skill_ids": [Command.create({"name": "Impastare"}), Command.create({"name": "Cuocere"})],
            "skill_level_ids": [Command.create({"name": "Aiuto", "level_progress": 40}), Command.create({"name": "Solo", "level_progress": 80})],
        })
        cls.kneading, cls.baking = cls.craft.skill_ids.sorted("name", reverse=True)
        cls.helped, cls.alone = cls.craft.skill_level_ids.sorted("level_progress")
        (cls.pathway | cls.of_b).write({"date_start": cls.today - timedelta(days=400)})
        cls.internship = cls.write_one()

    @classmethod
    def write_one(cls, user=None, **values):
        """An internship of thirty days that ends tomorrow, complete but for the insurance."""
        return cls.env["citta.internship"].with_user(user or cls.operator).create({
            "pathway_id": cls.pathway.id, "host_id": cls.firm.id, "host_tutor": "Fausto Finto", "weekly_hours": 25, "allowance": 500,
            "date_start": cls.today - timedelta(days=29), "date_end": cls.today + timedelta(days=1),
            "objectives": "Imparare", "tasks": "Impastare", "schedule": "La mattina",
            "skill_ids": [Command.create({"skill_id": cls.kneading.id, "level_target_id": cls.helped.id})], **values,
        })

    def insure(self, internship):
        internship.write({"inail_number": "1", "policy_number": "2", "date_notice": internship.date_start - timedelta(days=1)})

    def run_one(self, internship):
        """Agreed and begun."""
        internship.action_agree()
        self.insure(internship)
        internship.action_start()
        return internship

    def fill(self, internship, **values):
        """The days from the first to today, from Monday to Friday."""
        wizard = internship.env["citta.internship.fill"].create({"internship_id": internship.id, **values})
        return wizard.action_confirm()

    def running(self):
        self.run_one(self.internship)
        self.fill(self.internship)
        return self.internship

    def end(self, internship):
        """At its term, one day early in the calendar."""
        # sudo: only the clock is turned
        internship.sudo().write({"date_end": self.today})
        internship.action_end()
        return internship
