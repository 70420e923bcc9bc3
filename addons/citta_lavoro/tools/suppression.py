"""Hiding small numbers in published tables, also against subtraction from a total that is shown.

Rule: every number shown outside the team is at least five, or nought (which is nobody). Where a total stands beside
its parts, one hidden part would be the total less the others; so a second one is hidden with it, the smallest that
is left, and if there is none the total goes too.
"""

THRESHOLD = 5


def is_small(number, threshold=THRESHOLD):
    """Whether a number would point at few people.

    >>> [is_small(number) for number in (0, 1, 4, 5, 12)]
    [False, True, True, False, False]
    """
    return 0 < number < threshold


def suppress(cells, threshold=THRESHOLD):
    """The parts of a total, and the total; None for what must not be shown.

    :param cells: whole numbers, nought or more
    :return: (list of numbers or None, total or None)

    >>> suppress([12, 8, 30])
    ([12, 8, 30], 50)
    >>> suppress([12, 3, 30])   # 45 less 12 and 30 would give the 3 away
    ([None, None, 30], 45)
    >>> suppress([1, 2, 30])    # two hidden parts, but their sum is still small
    ([None, None, None], 33)
    >>> suppress([0, 3])        # nobody else to hide behind
    ([0, None], None)
    >>> suppress([4])
    ([None], None)
    >>> suppress([])
    ([], 0)
    """
    hidden = _hidden(cells, threshold)
    shown = [None if index in hidden else number for index, number in enumerate(cells)]
    rest = [cells[index] for index in hidden]
    alone = bool(hidden) and (len(rest) < 2 or is_small(sum(rest), threshold))
    total = sum(cells)
    return shown, None if alone or is_small(total, threshold) else total


def _hidden(cells, threshold):
    """The places to hide: small numbers, then the smallest others until their sum is no small number either."""
    hidden = {index for index, number in enumerate(cells) if is_small(number, threshold)}
    others = sorted((number, index) for index, number in enumerate(cells) if number and index not in hidden)
    while hidden and others and (len(hidden) < 2 or is_small(sum(cells[index] for index in hidden), threshold)):
        hidden.add(others.pop(0)[1])
    return hidden
