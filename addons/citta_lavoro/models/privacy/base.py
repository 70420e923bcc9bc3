from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class Base(models.AbstractModel):
    """Nobody asks a dialogue about a person out of sight.

    Odoo shows the name of whatever a form points to, and computes what follows from it, also where the user may not read it:
    a number would be enough to learn the name.
    """

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        """:raise AccessError: a default points to a person's record out of the user's reach"""
        # an object becomes a record in memory, and what it says about itself is seen no more
        given = {name: self.env.context.get(f"default_{name}") for name in fields}
        self._citta_check_links({name: value for name, value in given.items() if isinstance(value, (dict, list, tuple))})
        defaults = super().default_get(fields)
        self._citta_check_links(defaults)
        return defaults

    def onchange(self, values, field_names, fields_spec):
        """:raise AccessError: a value points to a person's record out of the user's reach"""
        self._citta_check_links(values)
        return super().onchange(values, field_names, fields_spec)

    # -- tools ---------------------------------------------------------------

    @api.model
    def _citta_only_defaults(self, given):
        """Without the defaults that a client has put into the context for other fields: those the record notes by itself.

        :param given: names of the fields that may be said when a record is made
        """
        noted = {f"default_{name}" for name in self._fields.keys() - given} & self.env.context.keys()
        if self.env.su or not noted:
            return self
        return self.with_env(self.env(context={name: value for name, value in self.env.context.items() if name not in noted}))

    @api.model
    def _citta_only_values(self, vals_list, given):
        """Values of new records without what the caller may not say: what else there is, the record notes by itself.

        :param given: names of the fields that may be said; in superuser mode all may
        """
        return vals_list if self.env.su else [{name: vals[name] for name in vals if name in given} for vals in vals_list]

    @api.model
    def _citta_without_values(self, vals_list, noted):
        """The same by the names of the fields that a record notes by itself."""
        return vals_list if self.env.su else [{name: vals[name] for name in vals if name not in noted} for vals in vals_list]

    @api.model
    def _citta_check_links(self, *values):
        """Whether the user may read the persons' records that these values point to, however deep; what a record points to already may stay.

        :param values: of one or many records, looked up together
        :raise AccessError: one of them is out of the user's reach
        """
        if self.env.su:
            return
        for name in self._citta_get_relation_names() & set().union(*values):
            links = [_links(one.get(name)) for one in values]
            inside = [pair for _ids, inside in links for pair in inside]
            lines = self.env[self._fields[name].comodel_name]
            # those that are new are looked up together, and what the others point to already is read at once
            lines._citta_check_links(*(inner for number, inner in inside if not number))
            there = [(number, inner) for number, inner in inside if number]
            for line, (_number, inner) in zip(lines.browse([number for number, _inner in there]), there, strict=True):
                line._citta_check_links(inner)
            if name in self._citta_get_link_names():
                self._citta_check_link(name, {number for ids, _inside in links for number in ids})

    @api.model
    def _citta_check_link(self, name, ids):
        """:raise UserError: something stands there that is no record's number, which Odoo would look at only after it has linked it"""
        if any(not isinstance(number, int) for number in ids):
            raise UserError(self.env._("“%(field)s” is told by the number of a record.", field=self._fields[name]._description_string(self.env)))
        linked = self.env[self._fields[name].comodel_name].browse(ids)
        if self and linked:
            # sudo: only compared with what is asked for
            linked -= self.sudo()[name].sudo(False)
        if linked:  # an empty link tells nothing, also where the model is closed
            linked.check_access("read")

    @api.model
    @ormcache()
    def _citta_get_relation_names(self):
        """Fields of this model that point to other records."""
        return frozenset(name for name, field in self._fields.items() if field.relational)

    @api.model
    @ormcache()
    def _citta_get_link_names(self):
        """Fields of this model that point to records in which something is held about persons."""
        held = self.env["citta.privacy.registry"]._get_held_models()
        return frozenset(
            name for name, field in self._fields.items() if field.type in ("many2one", "many2many") and field.comodel_name in held
        )


def _links(value):
    """What a value, or commands, would link: ids, and (id, values) of records that are said together with their own values.

    >>> _links(3), _links(False), _links([(6, 0, [1, 2]), (4, 5), (3, 9), (0, 0, {"a": 1}), (1, 8, {"a": 2}), 7])
    (([3], []), ([], []), ([1, 2, 5, 7], [((), {'a': 1}), (8, {'a': 2})]))
    >>> _links({"id": 3, "a": 1}), _links("3"), _links(3.0)
    (([3], [(3, {'id': 3, 'a': 1})]), (['3'], []), ([3.0], []))
    """
    if isinstance(value, dict):
        number = value.get("id")
        return ([number] if number else []), [(_number(number), value)]
    if isinstance(value, api.NewId):
        return ([value.origin] if value.origin else []), []
    if not isinstance(value, (list, tuple)):
        return ([value] if value else []), []
    ids, inside = [], []
    for command in value:
        if not isinstance(command, (list, tuple)):
            ids += [command] if isinstance(command, int) else []
        elif command[0] == 6:
            ids += command[2]
        elif command[0] == 4:
            ids.append(command[1])
        elif command[0] in (0, 1):
            inside.append((_number(command[0] and command[1]), command[2]))
    return ids, inside


def _number(value):
    """The number of a record that is there, or none."""
    return value if isinstance(value, int) and value else ()
