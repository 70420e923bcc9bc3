from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .cohort import PLACES


class PathwayCohort(models.AbstractModel):
    """With which edition of its programme a pathway goes: each takes one place, also after its exit."""

    _name = "citta.pathway.cohort"
    _description = "Edition of a pathway"

    cohort_id = fields.Many2one(
        "citta.cohort", "Edition", index="btree_not_null", ondelete="restrict", copy=False, tracking=True, groups="base.group_user",
        domain="[('programme_id', '=', programme_id)]",
    )

    @api.constrains("cohort_id", "programme_id")
    def _check_cohort(self):
        for pathway in self:
            if pathway.cohort_id and pathway.cohort_id.programme_id != pathway.programme_id:
                raise ValidationError(self.env._(
                    "“%(cohort)s” is an edition of another programme than that of %(person)s.",
                    cohort=pathway.cohort_id.name, person=pathway.partner_id.name,
                ))

    # -- create, write, delete -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the edition is full"""
        pathways = super().create(vals_list)
        if self.env.context.get("default_cohort_id") or any(vals.get("cohort_id") for vals in vals_list):
            self._take_places(Counter(pathways.mapped(lambda one: one.cohort_id.id)))
        return pathways

    def write(self, vals):
        """:raise UserError: the edition is full, or a pathway is closed"""
        if "cohort_id" not in vals:
            return super().write(vals)
        moving = self.filtered(lambda one: one.cohort_id.id != (vals["cohort_id"] or False))
        moving._check_may_move()
        places = Counter({vals["cohort_id"] or False: len(moving)})
        places.subtract(moving.mapped(lambda one: one.cohort_id.id))
        result = super().write(vals)
        self._take_places(places)
        return result

    def unlink(self):
        """Whoever was entered by mistake leaves the place to another one."""
        places = Counter()
        places.subtract(self.mapped(lambda one: one.cohort_id.id))
        result = super().unlink()
        self._take_places(places)
        return result

    # -- tools ---------------------------------------------------------------

    def _check_may_move(self):
        """What became of an edition stays as it was: a closed pathway is opened again before it moves."""
        closed = self.filtered(lambda one: one.state == "closed")
        if closed and not self.env.su:
            raise UserError(self.env._(
                "Closed pathways stay in their edition: %(people)s. A coordinator can reopen them.", people=", ".join(closed.partner_id.mapped("name"))
            ))

    @api.model
    def _take_places(self, places):
        """Take places, or give them back; always in the same order, so that two who move people at once do not block each other.

        :param dict places: number of an edition, or False → how many more
        """
        for number in sorted(filter(None, places)):
            cohort = self.env["citta.cohort"].browse(number)
            if places[number] < 0:
                cohort._claim_release(PLACES, -places[number])
            elif places[number] and not cohort._claim(PLACES, places[number]):
                left = cohort.capacity - int(cohort._claim_used(PLACES))
                raise UserError(self.env._(
                    "“%(cohort)s” has too few places: %(left)s left, %(more)s wanted.", cohort=cohort.name, left=left, more=places[number]
                ))
