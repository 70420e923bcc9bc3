"""How well an incoming bank line fits an expected gift, and why. The treasurer sees the reasons and decides."""
import re
import unicodedata
from datetime import date  # noqa: F401 (used by the examples)
from typing import NamedTuple

from .rf_reference import normalise_rf, one_slip, rf_candidates

CERTAIN, LIKELY = 100, 60
POINTS = {
    "reference": 70,  # the reference is in the text, check digits right
    "amount": 30,  # exactly what is still open
    "mistyped": 35,  # the reference with one slip
    "iban": 25,  # the donor has paid from this account before
    "name": 20,  # the bank's name of the payer is the donor's
    "near_name": 10,  # most words of the name
    "date": 5,  # within the time it was expected
    "number": 15,  # our number without RF and check digits
}
NOT_WORDS = {"srl", "spa", "sas", "snc", "coop", "societa", "e", "di", "del", "della", "da", "il", "la", "ditta", "sig", "sigra", "dott"}


class Score(NamedTuple):
    """One candidate's points and the codes of what speaks for it."""

    points: int
    reasons: tuple


def words(name):
    """The words of a name without accents, order, case and legal forms.

    >>> sorted(words("Nicolò D'Ànnunzio S.r.l."))
    ['dannunzio', 'nicolo']
    """
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[.'`]", "", plain)
    return {word for word in re.findall(r"[a-z0-9]+", plain) if word not in NOT_WORDS}


def name_fit(given, known):
    """``name``, ``near_name`` or nothing.

    >>> name_fit("BIANCHI ESEMPIO MARTA", "Marta Bianchi Esempio"), name_fit("BIANCHI MARTA", "Marta Bianchi Esempio")
    ('name', 'near_name')
    >>> name_fit("MARIO ROSSI", "Marta Bianchi Esempio"), name_fit("", "Marta")
    (None, None)
    """
    left, right = words(given), words(known)
    if not left or not right:
        return None
    if left == right:
        return "name"
    common = len(left & right)
    return "near_name" if common >= 2 and common * 3 >= max(len(left), len(right)) * 2 else None


def reference_fit(text, reference):
    """``reference``, ``mistyped``, ``number`` or nothing.

    >>> reference_fit("GRAZIE rf51 cal0 0000 2", "RF51CAL000002"), reference_fit("RF51CAL00002", "RF51CAL000002")
    ('reference', 'mistyped')
    >>> reference_fit("RF51CAL0000021", "RF51CAL000002"), reference_fit("RF51CAL0000022026", "RF51CAL000002")
    ('mistyped', 'mistyped')
    >>> reference_fit("donazione CAL000002", "RF51CAL000002"), reference_fit("donazione", "RF51CAL000002")
    ('number', None)
    """
    reference = normalise_rf(reference)
    if not reference:
        return None
    if reference in rf_candidates(text):
        return "reference"
    flat = normalise_rf(text)
    size = len(reference)
    windows = {flat[start:start + length] for length in (size - 1, size, size + 1) for start in range(max(len(flat) - length + 1, 0))}
    if reference in windows or any(one_slip(window, reference) for window in windows):
        return "mistyped"
    return "number" if re.search(rf"(?<![0-9A-Z]){re.escape(reference[4:])}(?![0-9A-Z])", (text or "").upper()) else None


def date_fit(day, span):
    """Whether a movement came while it was expected.

    >>> date_fit(date(2026, 3, 1), (date(2026, 2, 1), date(2026, 3, 1))), date_fit(date(2026, 3, 1), (date(2026, 3, 2), None))
    (True, False)
    >>> date_fit(None, None)
    False
    """
    if not day or not span:
        return False
    first, last = span
    return first <= day and (last is None or day <= last)


def score(line, candidate):
    """Points of one candidate.

    :param dict line: ``text``, ``amount``, ``iban``, ``name`` of the bank line
    :param dict candidate: ``reference``, ``amount``, ``ibans``, ``name`` of what is expected
    :return: :class:`Score`

    >>> line = {"text": "RF51 CAL0 0000 2", "amount": 50.0, "iban": "IT58C9999901600000000000050", "name": "BIANCHI ESEMPIO MARTA"}
    >>> pledge = {"reference": "RF51CAL000002", "amount": 50.0, "ibans": set(), "name": "Marta Bianchi Esempio"}
    >>> score(line, pledge)
    Score(points=100, reasons=('reference', 'amount', 'name'))
    >>> score({**line, "text": "donazione"}, pledge)
    Score(points=50, reasons=('amount', 'name'))
    >>> score({**line, "text": "donazione"}, {**pledge, "ibans": {"IT58C9999901600000000000050"}})
    Score(points=75, reasons=('amount', 'iban', 'name'))
    >>> score({"text": "x", "amount": 7, "iban": "", "name": ""}, pledge)
    Score(points=0, reasons=())
    """
    found = [
        reference_fit(line["text"], candidate["reference"]),
        "amount" if round(100 * line["amount"]) == round(100 * (candidate["amount"] or 0)) else None,
        "iban" if line["iban"] and line["iban"] in candidate["ibans"] else None,
        name_fit(line["name"], candidate["name"]),
        "date" if date_fit(line.get("date"), candidate.get("dates")) else None,
    ]
    reasons = tuple(reason for reason in found if reason)
    points = min(sum(POINTS[reason] for reason in reasons), CERTAIN)
    # The amount or the time alone say nothing: many give fifty euro in these days.
    return Score(points, reasons) if set(reasons) - {"amount", "near_name", "date"} else Score(0, ())


def deletions(word):
    """A word, and what is left of it without one character: two words one slip apart have one of these in common.

    >>> sorted(deletions("CUT"))
    ['CT', 'CU', 'CUT', 'UT']
    """
    return {word, *(word[:place] + word[place + 1:] for place in range(len(word)))}


class Candidates:
    """What is expected, ready to be searched: of thousands a line is compared with those only that something may speak for.

    :param dict candidates: any key → as in :func:`score`
    :param bool slips: whether references with a slip are looked for
    """

    def __init__(self, candidates, slips=True):
        self._candidates, self._place = candidates, {key: place for place, key in enumerate(candidates)}
        self._by_sign, self._slips, self._sizes = {}, slips, set()
        for key, candidate in candidates.items():
            for sign in self._signs_of(candidate):
                self._by_sign.setdefault(sign, []).append(key)

    def rank(self, line):
        """All candidates that anything speaks for, best first; equal ones in the order given.

        :param dict line: as in :func:`score`
        :return: list of (key, :class:`Score`)
        """
        near = {key for sign in self._signs_in(line) for key in self._by_sign.get(sign, ())}
        scored = [(key, score(line, self._candidates[key])) for key in sorted(near, key=self._place.get)]
        return sorted(((key, found) for key, found in scored if found.points), key=lambda pair: -pair[1].points)

    def _signs_of(self, candidate):
        """By what a line may point to a candidate; each of another type or shape, so that none is taken for another."""
        reference = normalise_rf(candidate["reference"])
        yield from (("iban", iban) for iban in candidate["ibans"])
        yield frozenset(words(candidate["name"]))
        if reference:
            self._sizes.add(len(reference))
            yield from (("reference", reference), ("number", reference[4:]))
            yield from deletions(reference) if self._slips else ()

    def _signs_in(self, line):
        """By what a line points to candidates."""
        yield ("iban", line["iban"])
        yield from {frozenset(words(line["name"]))} - {frozenset()}
        yield from (("reference", reference) for reference in rf_candidates(line["text"]))
        yield from (("number", number) for number in re.findall(r"[0-9A-Z]+", (line["text"] or "").upper()))
        flat = normalise_rf(line["text"]) if self._slips else ""
        for length in {size + more for size in self._sizes for more in (-1, 0, 1)}:
            for start in range(len(flat) - length + 1):
                yield from deletions(flat[start:start + length])


def rank(line, candidates):
    """All candidates that anything speaks for, best first; equal ones in the order given.

    :param dict line: as in :func:`score`
    :param dict candidates: any key → as in :func:`score`
    :return: list of (key, :class:`Score`)

    >>> line = {"text": "RF51CAL000002", "amount": 50.0, "iban": "", "name": ""}
    >>> one = {"reference": "RF51CAL000002", "amount": 50.0, "ibans": set(), "name": ""}
    >>> [key for key, found in rank(line, {"a": {**one, "reference": "RF78CAL000001"}, "b": one})]
    ['b']
    """
    return Candidates(candidates).rank(line)


def is_certain(ranking):
    """Whether the best one may be posted without asking: reference and amount are right and no second one fits so well.

    >>> is_certain([("a", Score(100, ("reference", "amount")))]), is_certain([]), is_certain([("a", Score(75, ("amount", "iban", "name")))])
    (True, False, False)
    """
    if not ranking or not {"reference", "amount"} <= set(ranking[0][1].reasons):
        return False
    return len(ranking) == 1 or "reference" not in ranking[1][1].reasons
