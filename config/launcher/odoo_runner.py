"""Starts Odoo's command line, for the launcher; run by the environment's Python.

``CITTA_ONLY_ADDONS`` (names with commas) restricts where Odoo looks for tests, and what its own linters read, to these
addons: without it a test run imports the tests of every installed module. With ``CITTA_TEST_LINT`` it is the tests of
the addon ``test_lint`` that are run, which need not be installed.
"""
import contextlib
import functools
import os
import sys

import odoo_assets
import odoo_caches

import odoo.cli

PATIENCE = 90  # seconds; Odoo's 12 are too few for the first rendering of a page where two suites share two cores


def restrict(ours):
    """Let the test loader see only our addons, and be patient with pages."""
    from odoo.tests import loader
    from odoo.tests.common import HttpCase

    HttpCase.url_open = functools.partialmethod(HttpCase.url_open, timeout=PATIENCE)
    odoo_caches.keep()

    found = loader.get_test_modules

    def modules(name):
        if name not in ours:
            return []
        from odoo.addons.base.models.ir_qweb import IrQweb

        odoo_assets.trust_template(IrQweb)
        return found(name)

    loader.get_test_modules = modules


def restrict_linters(ours):
    """Run Odoo's linters as if they were tests of ``base``, and let them complain about our addons only."""
    from odoo.modules import module
    from odoo.tests import loader

    every, found = module.Manifest.all_addon_manifests, loader.get_test_modules
    module.Manifest.all_addon_manifests = staticmethod(lambda: [one for one in every() if one.name in ours])

    def lint_modules(name):
        if name != "base":
            return []
        modules = found("test_lint")
        _restrict_registry_linters(ours)
        return modules

    loader.get_test_modules = lint_modules


def _restrict_registry_linters(ours):
    """Restrict the linters that look at all models: of the modules below ours nobody here can mend anything."""
    from odoo.addons.test_lint.tests import test_docstring, test_index, test_override_signatures

    test_index.BTREE_INDEX_IGNORE_FIELDS = FieldsOfOthers(ours, test_index.BTREE_INDEX_IGNORE_FIELDS)
    for case in (test_docstring.TestDocstring, test_override_signatures.TestLintOverrideSignatures):
        case.subTest = _only_ours(case.subTest, ours)


def _only_ours(sub_test, ours):
    """A ``subTest`` that overlooks what fails for a module of others."""

    @contextlib.contextmanager
    def restricted(self, msg=None, **parameters):
        if parameters.get("module") in ours:
            with sub_test(self, msg, **parameters):
                yield
        else:
            with contextlib.suppress(Exception):
                yield

    return restricted


class FieldsOfOthers:
    """Contains, by name, every field that no module of ours defines, and those that Odoo's linter ignores."""

    def __init__(self, ours, ignored):
        self.ours = ours
        self.ignored = ignored

    def __contains__(self, name):
        from odoo.modules.registry import Registry
        from odoo.tests.common import get_db_name

        model, _dot, field = name.rpartition(".")
        return name in self.ignored or Registry(get_db_name())[model]._fields[field]._module not in self.ours


def main():
    """Run the command given on the command line."""
    odoo_assets.name_by_content()
    ours = os.environ.get("CITTA_ONLY_ADDONS")
    if ours:
        (restrict_linters if os.environ.get("CITTA_TEST_LINT") else restrict)(ours.split(","))
    odoo.cli.main()


if __name__ == "__main__":
    sys.path.pop(0)  # the launcher's folder, whose module names are not for Odoo
    main()
