"""What a room says of the personal data it holds, and how the marks of a person are found in any text."""
import html
import re
from typing import NamedTuple

MARK = "[…]"
LEAST_DIGITS = 8


class Holding(NamedTuple):
    """What one model holds about a person, how it is found, and what becomes of it.

    :param model: its name
    :param links: (field, model) pairs: records whose field points to a record already found
    :param points: (field, model) pairs the other way round: what the field of a found record points to is found too
    :param deed: ``clear`` empties every text and keeps the row for the statistics, ``delete`` removes it
    :param spare: texts that say nothing about the person and stay
    :param only: where most texts are no person's, as in books: just these are emptied
    :param also: fields that are no text and are emptied too
    :param neutral: field → what stands there afterwards; ``{id}`` becomes the record's number
    """

    model: str
    links: tuple = ()
    points: tuple = ()
    deed: str = "clear"
    spare: frozenset = frozenset()
    only: frozenset = frozenset()
    also: frozenset = frozenset()
    neutral: dict = {}


def merge(holdings):
    """One holding per model, in the order of first mention; a later room adds to what an earlier one said.

    >>> found = merge([Holding("a", (("x", "b"),), spare={"s"}), Holding("c"), Holding("a", (("y", "c"),), deed="delete")])
    >>> [(one.model, one.links, one.deed, sorted(one.spare)) for one in found]
    [('a', (('x', 'b'), ('y', 'c')), 'delete', ['s']), ('c', (), 'clear', [])]
    """
    merged = {}
    for one in holdings:
        old = merged.get(one.model, Holding(one.model))
        merged[one.model] = Holding(
            one.model, old.links + one.links, old.points + one.points,
            "delete" if "delete" in (old.deed, one.deed) else "clear",
            frozenset(old.spare) | frozenset(one.spare), frozenset(old.only) | frozenset(one.only), frozenset(old.also) | frozenset(one.also), {**old.neutral, **one.neutral},
        )
    return list(merged.values())


def name_marks(name):
    """A full name as it may stand in a text; one word alone is nobody's mark, and what stands in brackets is no name.

    >>> sorted(name_marks("  Ada   Prova (demo)"))
    ['Ada Prova', 'Prova Ada']
    >>> name_marks("Ada")
    set()
    """
    words = re.sub(r"\(.*?\)", " ", name or "").split()
    if len(words) < 2:
        return set()
    return {" ".join(words), " ".join([words[-1], *words[:-1]]), " ".join([*words[1:], words[0]])}


def phone_marks(phone):
    """A number as written, and as digits with and without the country's prefix.

    >>> sorted(phone_marks("+39 333 12.34.567"))
    ['+39 333 12.34.567', '3331234567', '393331234567']
    >>> sorted(phone_marks("333 1234567"))
    ['333 1234567', '3331234567', '393331234567']
    >>> phone_marks("112")
    set()
    """
    digits = re.sub(r"\D", "", phone or "")
    short = re.sub(r"^(0039|39)(?=\d{8})", "", digits)
    return {phone.strip(), short, f"39{short}"} if len(short) >= LEAST_DIGITS else set()


def spellings(marks):
    """Marks as they stand in a plain text and in HTML, the longest first.

    >>> spellings({"Ada D'Elia"})
    ['Ada D&#x27;Elia', 'Ada D&#39;Elia', "Ada D'Elia"]
    """
    found = set()
    for mark in filter(None, marks):
        escaped = html.escape(mark)
        found |= {mark, escaped, escaped.replace("&#x27;", "&#39;")}
    return sorted(found, key=lambda one: (-len(one), one))


def like_patterns(texts):
    """Patterns for ILIKE, which finds quickly where a closer look is worth it.

    >>> like_patterns(["a_b%"])
    ['%a\\\\_b\\\\%%']
    """
    return ["%" + re.sub(r"([\\%_])", r"\\\1", text) + "%" for text in texts]


def regular_expression(texts):
    """One expression for PostgreSQL that finds any of the texts as whole words: not Ada's address within Wanda's.

    >>> regular_expression(["a.b", "x@y.it"])
    '(?:(?<![[:alnum:]])|(?<=\\\\\\\\[nrt]))a\\\\.b(?![[:alnum:]])|(?<![[:alnum:]._+-])x@y\\\\.it(?![[:alnum:]_-]|\\\\.[[:alnum:]])'
    """
    return "|".join(map(_whole, texts))


def _whole(text):
    literal = re.sub(r"([.^$*+?()\[\]{}|\\])", r"\\\1", text)
    if "@" in text:
        return rf"(?<![[:alnum:]._+-]){literal}(?![[:alnum:]_-]|\.[[:alnum:]])"
    # in JSON a line break is written as a letter
    return rf"(?:(?<![[:alnum:]])|(?<=\\[nrt])){literal}(?![[:alnum:]])"
