{
    "name": "Cittadinanza al Lavoro: Solidarity fund",
    "summary": "Gifts, matching by sponsors, bank reconciliation, receipts and transparency of a solidarity fund",
    "version": "19.0.1.0.0",
    "category": "Accounting/Solidarity fund",
    "author": "Cittadinanza al Lavoro contributors",
    "website": "https://example.org/cittadinanza-al-lavoro",
    "license": "AGPL-3",
    "application": True,
    "depends": [
        "citta_lavoro",
        "l10n_it",
        "account_payment",
        "website_payment",
        "account_reconcile_oca",
        "account_statement_import_camt",
        "account_statement_import_file_reconcile_oca",
    ],
    "data": [
        "security/fund_groups.xml",
        "security/ir.model.access.csv",
        "security/fund_rules.xml",
        "data/fund_data.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_frontend": [
            "citta_fund/static/src/frontend/**/*",
        ],
    },
}
