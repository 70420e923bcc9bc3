from odoo import api, fields, models

from ...tools.assessment import Rule

#: The five paths of the GOL programme (decree of 5 November 2021), from the lightest to the most intense help.
PATHS = [
    ("reintegration", "Work reintegration"),
    ("upskilling", "Upskilling"),
    ("reskilling", "Reskilling"),
    ("inclusion", "Work and inclusion"),
    ("relocation", "Collective relocation"),
]


class PathRule(models.Model):
    """One criterion of the aid that suggests a path: when it holds, its points speak for the path, and its words say why.

    The official profiling's coefficients are not public; these are the programme's own and can all be changed. A programme
    with criteria of its own uses only those.
    """

    _name = "citta.path.rule"
    _description = "Criterion for a path"
    _order = "programme_id, path, sequence, id"

    name = fields.Char("Because", required=True, translate=True, help="Shown as the reason, as the operator would say it to the person.")
    programme_id = fields.Many2one(
        "citta.programme", "Programme", index="btree_not_null", ondelete="cascade", help="Empty: for every programme without criteria of its own."
    )
    path = fields.Selection(PATHS, required=True)
    subject = fields.Selection(
        [("domain", "The level in one domain"), ("barriers", "The number of hard domains"), ("age", "The age")],
        "Looks at", required=True, default="domain", help="A domain is hard when its level is 1 or 2.",
    )
    domain_id = fields.Many2one("citta.life.domain", "Domain", ondelete="cascade", index="btree_not_null")
    comparison = fields.Selection([("at_most", "is at most"), ("at_least", "is at least")], "Compared", required=True, default="at_most")
    value = fields.Integer(required=True, default=2)
    points = fields.Integer(required=True, default=1, help="Negative points speak against the path.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _domain_if_looked_at = models.Constraint(
        "CHECK ((subject = 'domain') = (domain_id IS NOT NULL))", "Say which domain, if the criterion looks at one, and only then."
    )

    @api.model
    def _get_rules(self, programme):
        """The criteria that hold for a programme: its own, else the general ones.

        :param programme: a programme
        :return: list of ``tools.assessment.Rule``
        """
        # sudo: everybody's assessment is weighed by the same criteria, also when the person confirms it in the portal
        own = self.sudo().search([("programme_id", "=", programme.id)])
        found = own or own.search([("programme_id", "=", False)])
        return [
            Rule(one.path, one.subject, one.domain_id.id, one.comparison, one.value, one.points, one.name)
            for one in found
        ]
