"""Models that exist only while the tests of the common room run."""

from odoo import fields, models

from odoo.addons.citta_lavoro.models.common.workflow_mixin import Transition


class FakeFile(models.Model):
    """A file with a workflow: draft → open → closed, closing is the administrator's."""

    _module = None  # never part of the addon's own registry
    _name = "citta.fake.file"
    _description = "Fake file"
    _inherit = ["citta.workflow.mixin"]
    _workflow_transitions = {
        "open": Transition(("draft",), "open"),
        "close": Transition(("open",), "closed", "citta_lavoro.group_citta_administrator"),
        "give_up": Transition(("draft", "open"), "closed"),
    }

    name = fields.Char()
    opened = fields.Integer()
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Open"), ("closed", "Closed"), ("gone", "Gone")], default="draft", required=True
    )

    def _on_open(self):
        for record in self:
            record.opened += 1


class FakePot(models.Model):
    """A pot with a ceiling that can be changed."""

    _module = None
    _name = "citta.fake.pot"
    _description = "Fake pot"
    _inherit = ["citta.claim.mixin"]

    capacity = fields.Float()

    def _get_claim_capacity(self, kind):
        return self.capacity if kind == "places" else super()._get_claim_capacity(kind)


FAKE_MODELS = (FakeFile, FakePot)


def register(cls):
    """Put the fake models into the registry of a test class, and take them out again afterwards."""
    from odoo.orm.model_classes import add_to_registry  # noqa: PLC0415  only tests may touch the registry's insides

    names = [model._name for model in FAKE_MODELS]
    for model in FAKE_MODELS:
        add_to_registry(cls.registry, model)
    cls.registry._setup_models__(cls.env.cr, names)
    cls.registry.init_models(cls.env.cr, names, {"models_to_check": True})
    cls.env["ir.model.access"].create([
        {
            "name": name, "model_id": cls.env["ir.model"]._get(name).id,
            "group_id": cls.env.ref("base.group_user").id,
            "perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True,
        }
        for name in names
    ])

    def forget():
        for name in names:
            del cls.registry[name]
        cls.registry._setup_models__(cls.env.cr)

    cls.addClassCleanup(forget)
