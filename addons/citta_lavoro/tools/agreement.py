"""The fingerprints of an agreement: of the plan it was made from, and of the paper that is signed."""
import hashlib
import json


def plan_digest(goals, actions):
    """A fingerprint of what was agreed: a deed that was done meanwhile does not change it, another deed or term does.

    :param goals: (text, term) of the goals that hold
    :param actions: (text, who, term) of the actions that hold

    >>> one = plan_digest([("a", None)], [("x", "person", "2026-01-01"), ("y", "operator", None)])
    >>> one == plan_digest([("a", None)], [("y", "operator", None), ("x", "person", "2026-01-01")])
    True
    >>> one == plan_digest([("a", None)], [("x", "person", "2026-02-01"), ("y", "operator", None)])
    False
    """
    rows = [sorted([str(part or "") for part in row] for row in rows) for rows in (goals, actions)]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def paper_digest(content):
    """The SHA-256 of a file, as anybody can compute it again.

    >>> paper_digest(b"abc")[:8]
    'ba7816bf'
    """
    return hashlib.sha256(content).hexdigest()
