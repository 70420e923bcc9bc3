"""Arithmetic of assessments: the distance travelled, its drawing, and which path the criteria speak for."""
from html import escape
from math import cos, pi, sin
from typing import NamedTuple

HIGHEST = 5
HARD = 2
#: From the lightest help to the most intense; of two paths with the same points the more intense one is suggested.
PATHS = ("reintegration", "upskilling", "reskilling", "inclusion", "relocation")


class Row(NamedTuple):
    """One domain of life: where the person stood first and last; None where nothing was said."""

    domain: str
    first: int | None
    last: int | None

    @property
    def change(self):
        """How far the person came; None where one end is missing.

        >>> Row("work", 2, 4).change, Row("work", None, 4).change
        (2, None)
        """
        return None if self.first is None or self.last is None else self.last - self.first


class Rule(NamedTuple):
    """One criterion: if ``subject`` compares so with ``value``, ``points`` speak for ``path``, because of ``reason``."""

    path: str
    subject: str
    domain: object
    comparison: str
    value: int
    points: int
    reason: str


def travelled(domains, first, last):
    """The rows of the domains of which anything was said, in the order given.

    >>> travelled(["work", "home", "money"], {"work": 1}, {"work": 3, "money": 2})
    [Row(domain='work', first=1, last=3), Row(domain='money', first=None, last=2)]
    """
    return [Row(one, first.get(one), last.get(one)) for one in domains if one in first or one in last]


def mean_change(rows):
    """The mean of the changes, to one decimal; None if no domain was told twice.

    >>> mean_change([Row("a", 1, 3), Row("b", 2, 3), Row("c", None, 5)])
    1.5
    """
    changes = [row.change for row in rows if row.change is not None]
    return round(sum(changes) / len(changes), 1) if changes else None


def measured(rule, levels, age):
    """What a rule looks at: a level, the number of hard domains, or the age; None if it is not known.

    >>> levels = {"work": 1, "home": 2, "money": 4}
    >>> measured(Rule("x", "domain", "work", "at_most", 2, 1, ""), levels, None)
    1
    >>> measured(Rule("x", "barriers", None, "at_least", 2, 1, ""), levels, None)
    2
    >>> measured(Rule("x", "age", None, "at_least", 50, 1, ""), levels, None) is None
    True
    """
    if rule.subject == "domain":
        return levels.get(rule.domain)
    if rule.subject == "barriers":
        return sum(1 for level in levels.values() if level <= HARD)
    return age


def holds(rule, levels, age):
    """Whether a rule speaks up; what is not known never does.

    >>> holds(Rule("x", "domain", "work", "at_most", 2, 1, ""), {"work": 2}, None)
    True
    >>> holds(Rule("x", "age", None, "at_least", 50, 1, ""), {}, 49)
    False
    """
    value = measured(rule, levels, age)
    if value is None:
        return False
    return value <= rule.value if rule.comparison == "at_most" else value >= rule.value


def suggest(rules, levels, age=None):
    """Which path the criteria speak for, and every reason.

    :return: the path with most points, or None; path → (points, the rules that spoke), most points first

    >>> rules = [Rule("reskilling", "domain", "work", "at_most", 2, 2, "no trade"),
    ...          Rule("inclusion", "barriers", None, "at_least", 2, 2, "much at once"),
    ...          Rule("upskilling", "domain", "digital", "at_most", 2, 1, "little digital")]
    >>> path, reasons = suggest(rules, {"work": 1, "home": 1})
    >>> path, {name: points for name, (points, _rules) in reasons.items()}
    ('inclusion', {'inclusion': 2, 'reskilling': 2})
    >>> suggest(rules, {})
    (None, {})
    """
    found = {}
    for rule in rules:
        if holds(rule, levels, age):
            points, spoken = found.get(rule.path, (0, []))
            found[rule.path] = (points + rule.points, [*spoken, rule])
    ordered = dict(sorted(found.items(), key=lambda one: (one[1][0], PATHS.index(one[0])), reverse=True))
    best = next(iter(ordered), None)
    return (best if best and ordered[best][0] > 0 else None), ordered


def spoke(index, count, level, radius=100.0):
    """The point on a spoke of the radar.

    >>> spoke(0, 4, 5), spoke(1, 4, 5), spoke(0, 4, 0)
    ((0.0, -100.0), (100.0, -0.0), (0.0, -0.0))
    """
    angle, reach = 2 * pi * index / count, radius * level / HIGHEST
    return round(sin(angle) * reach, 1), round(-cos(angle) * reach, 1)


def polygon(values, style):
    """One line around the radar; what was not told lies in the middle.

    >>> polygon([5, None, 5, 0], 'fill="none"')
    '<polygon points="0.0,-100.0 0.0,-0.0 0.0,100.0 -0.0,0.0" fill="none"/>'
    """
    points = " ".join("{},{}".format(*spoke(index, len(values), value or 0)) for index, value in enumerate(values))
    return f'<polygon points="{points}" {style}/>'


def radar(labels, rows, title):
    """The distance travelled as an SVG drawing: the first time dashed, the last time filled; needs three domains.

    :param labels: names of the domains, as rows
    :param rows: see ``travelled``
    :param title: read aloud instead of the drawing

    >>> drawing = radar(["A", "B & C", "D"], [Row("a", 1, 3), Row("b", 2, 2), Row("c", 4, 5)], "Way")
    >>> drawing.count("<polygon"), "B &amp; C" in drawing, 'aria-label="Way"' in drawing
    (7, True, True)
    >>> radar(["A"], [Row("a", 1, 3)], "Way")
    ''
    """
    if len(rows) < 3:
        return ""
    count = len(rows)
    parts = [polygon([ring] * count, 'fill="none" stroke="#c4ccd4" stroke-width="0.6"') for ring in range(1, HIGHEST + 1)]
    parts.append(polygon([row.first for row in rows], 'fill="none" stroke="#46525f" stroke-width="1.6" stroke-dasharray="4 3"'))
    parts.append(polygon([row.last for row in rows], 'fill="#0b7a75" fill-opacity="0.25" stroke="#0b5e5a" stroke-width="2"'))
    for index, label in enumerate(labels):
        across, down = spoke(index, count, HIGHEST, 112)
        anchor = "middle" if abs(across) < 20 else "start" if across > 0 else "end"
        parts.append(f'<text x="{across}" y="{down + 3}" font-size="10" fill="#1f2933" text-anchor="{anchor}">{escape(label)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-210 -135 420 270" width="100%" style="max-width:34rem" role="img" aria-label="{escape(title)}">'
        + "".join(parts) + "</svg>"
    )
