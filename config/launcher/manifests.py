"""What our addons' manifests say, read without Odoo."""
import ast

from . import paths
from .errors import CittaError

# A change in these folders changes no database.
NOT_IN_DATABASE = ("tests", "__pycache__", "src", "node_modules")


def read(addon):
    """The manifest of one of our addons.

    :raises CittaError: when it is missing or no Python literal
    """
    path = paths.ADDONS / addon / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CittaError(f"{path} is missing.", "get a complete copy of the project.") from error
    except (ValueError, SyntaxError) as error:
        raise CittaError(f"{path} is not a valid manifest: {error}", "correct it.") from error


def ours():
    """The names of our addons that are there, in the order of installation."""
    return [name for name in paths.OUR_ADDONS if (paths.ADDONS / name / "__manifest__.py").exists()]


def third_party(addons=None):
    """The modules of others that our addons depend on directly, sorted."""
    names = {name for addon in addons or ours() for name in read(addon).get("depends", [])}
    return sorted(names - set(paths.OUR_ADDONS))


def addons_digest():
    """A digest of everything in our addons that a database is built from."""
    return paths.tree_digest(paths.ADDONS, skip=NOT_IN_DATABASE)
