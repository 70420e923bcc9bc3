"""Builds the bundles of styles and scripts that pages and tests need; run inside Odoo.

Done once in a template instead of at the first page of each copy, where it takes half a minute. Odoo's own list also
holds the bundles of its JavaScript unit tests, which take as long again and which nobody opens here.
"""
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
