"""Arithmetic of the work-design canvas: what a form changes in a block, and how two versions differ."""

MOST_LINES, LONGEST_LINE = 20, 200


def lines_of(text):
    """The entries of a text box: one a line, without bullets, blanks and doubles.

    >>> lines_of("- cucinare\\n\\n  cucinare \\n* ascoltare")
    ['cucinare', 'ascoltare']
    >>> len(lines_of("\\n".join(map(str, range(99)))))
    20
    """
    cleaned = (" ".join(line.strip().lstrip("-*•").split())[:LONGEST_LINE] for line in (text or "").splitlines())
    return list(dict.fromkeys(line for line in cleaned if line))[:MOST_LINES]


def changes(there, seen, wanted):
    """What a block's form asks for; what somebody else added meanwhile, which its writer never saw, stays.

    :param dict there: id → text of the block as it is now
    :param seen: ids that stood in the form when it was opened
    :param wanted: the texts it came back with
    :return: ids to take away, texts to add

    >>> changes({1: "a", 2: "b", 3: "new"}, {1, 2}, ["b", "c"])
    ([1], ['c'])
    >>> changes({1: "a"}, {1}, ["a"])
    ([], [])
    >>> changes({1: "a"}, set(), ["a"])
    ([], [])
    """
    gone = [key for key, text in there.items() if key in seen and text not in wanted]
    return gone, [text for text in wanted if text not in there.values()]


def compared(before, after):
    """Two versions of one block, side by side.

    :param before: the texts of the older version
    :param after: the texts of the newer one
    :return: (text, left out later) of the older, (text, came in) of the newer

    >>> compared(["a", "b"], ["b", "c"])
    ([('a', True), ('b', False)], [('b', False), ('c', True)])
    """
    return [(text, text not in after) for text in before], [(text, text not in before) for text in after]
