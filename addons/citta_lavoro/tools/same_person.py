"""Whether two records may speak of one person: by fiscal code, e-mail or telephone."""
import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple


def plain(text):
    """A name without accents, case, signs and double blanks, to compare with.

    >>> plain("  NICOLÒ  D'Alò "), plain("nicolo d alo"), plain(None), plain("—")
    ('nicolo d alo', 'nicolo d alo', '', '')
    """
    text = unicodedata.normalize("NFD", text or "")
    text = "".join(one for one in text if unicodedata.category(one) != "Mn").casefold()
    return " ".join(re.findall(r"\w+", text))


class Keys(NamedTuple):
    """What a person is found again by; each may be empty."""

    fiscal_code: str
    email: str
    phone: str


def shared(one, other):
    """The names of the keys that two records share; none when their fiscal codes differ, whatever else they share.

    >>> anna = Keys("RCCMNL83S18D969H", "a@x.example", "+393331234567")
    >>> shared(anna, Keys("", "a@x.example", "+393331234567")), shared(anna, Keys("RCCMNL83S18D969H", "", ""))
    (['email', 'phone'], ['fiscal_code'])
    >>> shared(anna, Keys("CNTCHR83T41D969D", "a@x.example", "")), shared(anna, Keys("", "", ""))
    ([], [])
    """
    if one.fiscal_code and other.fiscal_code and one.fiscal_code != other.fiscal_code:
        return []
    return [name for name in Keys._fields if getattr(one, name) and getattr(one, name) == getattr(other, name)]


class Finder:
    """Records to look among, by their keys; a look-up costs nothing however many there are.

    >>> finder = Finder()
    >>> finder.add("anna", Keys("", "a@x.example", "+39333")); finder.add("bruno", Keys("", "", "+39333"))
    >>> finder.find(Keys("", "a@x.example", "+39333"))
    {'anna': ['email', 'phone'], 'bruno': ['phone']}
    >>> finder.find(Keys("", "", "+39333"), besides="bruno"), finder.find(Keys("", "", ""))
    ({'anna': ['phone']}, {})
    """

    def __init__(self):
        self._found = defaultdict(list)

    def add(self, record, keys):
        """Make a record findable."""
        for pair in zip(Keys._fields, keys, strict=True):
            if pair[1]:
                self._found[pair].append((record, keys))

    def find(self, keys, besides=None):
        """Record → names of the shared keys."""
        candidates = [one for pair in zip(Keys._fields, keys, strict=True) if pair[1] for one in self._found.get(pair, ())]
        hits = {record: shared(keys, theirs) for record, theirs in candidates if record != besides}
        return {record: names for record, names in hits.items() if names}
