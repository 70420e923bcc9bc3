"""Who may do what, as one table: ``tests/repo/access_matrix.csv``.

The table is the decision; the access files of the addons must agree with it (``test_security.py``). After a wanted change of
rights: ``python -m tests.repo.access_matrix --write``, then read the difference line by line before committing it. Without
``--write`` it prints what differs and changes nothing.
"""
import csv
import io
import sys
from pathlib import Path

from . import source

TABLE = Path(__file__).with_name("access_matrix.csv")
COLUMNS = ("model", "group", "read", "write", "create", "unlink")
RIGHTS = ("perm_read", "perm_write", "perm_create", "perm_unlink")


def actual():
    """(model, group) → the four rights, as the access files of both addons give them; several lines add up."""
    found = {}
    for path, _line, row in source.access_lines():
        group = source.full_id(row["group_id:id"], source.module_of(path)) if row["group_id:id"] else "everybody"
        key = (source.model_of_id(row["model_id:id"]), group)
        before = found.get(key, "0000")
        found[key] = "".join("1" if row[name] == "1" or old == "1" else "0" for name, old in zip(RIGHTS, before, strict=True))
    return found


def decided():
    """The same, as the table decides."""
    with open(TABLE, encoding="utf-8", newline="") as handle:
        return {(row["model"], row["group"]): "".join(row[name] for name in COLUMNS[2:]) for row in csv.DictReader(handle)}


def differences(wanted, found):
    """One line for each pair of model and group on which the two disagree."""
    return [
        f"{model} for {group}: decided {wanted.get((model, group), 'nothing')}, given {found.get((model, group), 'nothing')}"
        for model, group in sorted(wanted.keys() | found.keys()) if wanted.get((model, group)) != found.get((model, group))
    ]


def as_csv(rights):
    """The table's text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((model, group, *flags) for (model, group), flags in sorted(rights.items()))
    return out.getvalue()


def main(arguments):
    """Print the differences; with ``--write`` make the table equal to the access files."""
    for line in differences(decided() if TABLE.exists() else {}, actual()):
        print(line)
    if "--write" in arguments:
        TABLE.write_text(as_csv(actual()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
