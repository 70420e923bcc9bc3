"""Builds the bundles of styles and scripts that pages and tests need; run inside Odoo.

Done once in a template instead of at the first page of each copy, where it takes half a minute. Odoo's own list also
holds the bundles of its JavaScript unit tests, which take as long again and which nobody opens here.
"""
import functools
import zlib
from pathlib import Path

UNUSED = (
    "web.assets_unit_tests", "web.assets_unit_tests_setup", "web.tests_assets", "web.qunit_suite_tests",
    "web.__assets_tests_call__", "mail.assets_discuss_public_test_tours", "mail.assets_public", "api_doc.assets",
    "spreadsheet.public_spreadsheet", "snailmail.report_assets_snailmail", "web.assets_web_dark",
)


def wanted(names):
    """The bundles worth building, sorted.

    >>> wanted({"web.tests_assets", "web.assets_web"})
    ['web.assets_web']
    """
    return sorted(set(names) - set(UNUSED))


def build(env):
    """Build the bundles that are missing, and keep them."""
    qweb = env["ir.qweb"]
    scripts, styles = qweb._get_bundles_to_pregenarate()
    for bundle in wanted(scripts):
        qweb._get_asset_bundle(bundle, css=False, js=True).js()
    for bundle in wanted(styles):
        qweb._get_asset_bundle(bundle, css=True, js=False).css()
    env.cr.commit()


def trust_template(qweb):
    """Let Odoo's test runner build no bundles: those in use are in the template, others are built when asked for.

    :param qweb: the class of the model ``ir.qweb``
    """
    qweb._pregenerate_assets_bundles = lambda _self: []


def name_by_content():
    """Let a bundle's version follow what is in its files, and not when they were written.

    A fresh clone has the same files with other dates: with those, every bundle of the template would be built again.
    """
    from odoo.modules import loading

    load = loading.load_openerp_module

    def load_and_name(name):
        load(name)
        if name == "base":
            from odoo.addons.base.models import ir_asset

            ir_asset._glob_static_file = functools.partial(_with_sums, ir_asset._glob_static_file)
            loading.load_openerp_module = load

    loading.load_openerp_module = load_and_name


def _with_sums(find, pattern):
    """What Odoo finds, with a sum of each file's content in the place of its date."""
    return [(path, checksum(path, date)) for path, date in find(pattern)]


@functools.cache
def checksum(path, _date):
    """A number that changes with the content of a file.

    :param _date: of its last change, so that a file that is written anew is read anew
    """
    return zlib.crc32(Path(path).read_bytes())
