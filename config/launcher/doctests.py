"""Runs the examples in docstrings: of our addons' ``tools`` packages, which do without Odoo, and of the launcher."""
import doctest
import importlib
import importlib.util
import sys
from pathlib import Path


def load(package, folder):
    """Import every module of a folder as a package of its own, so that the addon around it stays unloaded."""
    init = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(package, init, submodule_search_locations=[str(folder)])
    sys.modules[package] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[package])
    for path in sorted(folder.glob("*.py")):
        if path.stem not in ("__init__", "odoo_runner"):
            yield importlib.import_module(f"{package}.{path.stem}")


def main(folders):
    """Run all examples; prints ``attempted failed`` as the last line and returns the exit code."""
    attempted = failed = 0
    for folder in map(Path, folders):
        package = "launcher" if folder.name == "launcher" else f"{folder.parent.name}_tools"
        for module in load(package, folder):
            result = doctest.testmod(module)
            attempted += result.attempted
            failed += result.failed
    print("%d %d" % (attempted, failed))
    return int(bool(failed))


if __name__ == "__main__":
    sys.path.pop(0)
    sys.exit(main(sys.argv[1:]))
