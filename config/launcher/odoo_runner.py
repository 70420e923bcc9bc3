"""Starts Odoo's command line, for the launcher; run by the environment's Python.

``CITTA_ONLY_ADDONS`` (names with commas) restricts where Odoo looks for tests, and what its own linters read, to these
addons: without it a test run imports the tests of every installed module. With ``CITTA_TEST_LINT`` it is the tests of
the addon ``test_lint`` that are run, which need not be installed.
"""
import os
import sys

import odoo.cli


def restrict(names, linting):
    """Let the test loader and Odoo's linters see only the named addons."""
    from odoo.modules import module
    from odoo.tests import loader

    every, found = module.Manifest.all_addon_manifests, loader.get_test_modules
    module.Manifest.all_addon_manifests = staticmethod(
        lambda: [manifest for manifest in every() if manifest.name in names]
    )
    if linting:
        loader.get_test_modules = lambda name: found("test_lint") if name == "base" else []
    else:
        loader.get_test_modules = lambda name: found(name) if name in names else []


def main():
    """Run the command given on the command line."""
    names = os.environ.get("CITTA_ONLY_ADDONS")
    if names:
        restrict(names.split(","), bool(os.environ.get("CITTA_TEST_LINT")))
    odoo.cli.main()


if __name__ == "__main__":
    sys.path.pop(0)  # the launcher's folder, whose module names are not for Odoo
    main()
