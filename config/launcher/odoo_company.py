"""Makes the main company of a new database an Italian one with the Italian chart of accounts; run inside Odoo."""


def make_italian(env):
    """Set country, currency and chart of accounts of the main company, as a treasurer would in the settings.

    Odoo's further modules for Italian companies are left to whoever wants them: ``install_mode`` keeps the change of
    country from bringing them in.
    """
    company = env.ref("base.main_company")
    italy = env.ref("base.it")
    italy.currency_id.active = True
    company.with_context(install_mode=True).write({"country_id": italy.id, "currency_id": italy.currency_id.id})
    env["account.chart.template"].try_loading("it", company, install_demo=False)
    env.cr.commit()
