{
    "name": "Cittadinanza al Lavoro",
    "summary": "A territorial programme against unemployment: people, observatories, labs, incubator, network",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Cittadinanza al Lavoro",
    "author": "Cittadinanza al Lavoro contributors",
    "website": "https://example.org/cittadinanza-al-lavoro",
    "license": "AGPL-3",
    "application": True,
    "depends": [
        "base_address_extended",
        "contacts",
        "calendar",
        "portal",
        "auth_signup",
        "crm",
        "website_crm",
        "website_event",
        "website_slides",
        "survey",
        "hr_skills",
        "privacy_lookup",
    ],
    "data": [
        "security/citta_groups.xml",
        # common
        "security/common/ir.model.access.csv",
        "views/common/workflow_log_views.xml",
        "views/common/claim_views.xml",
        # programme
        "security/programme/ir.model.access.csv",
        "security/programme/programme_rules.xml",
        "data/programme/res_city_data.xml",
        "views/programme/territory_views.xml",
        "views/programme/res_city_views.xml",
        "views/programme/programme_views.xml",
        "views/programme/kpi_views.xml",
        "views/programme/res_partner_views.xml",
        "views/programme/res_users_views.xml",
        # privacy
        "security/privacy/ir.model.access.csv",
        "security/privacy/privacy_rules.xml",
        "data/privacy/privacy_purpose_data.xml",
        "views/privacy/privacy_purpose_views.xml",
        "views/privacy/consent_views.xml",
        "views/privacy/access_log_views.xml",
        # people
        "security/people/ir.model.access.csv",
        "security/people/people_rules.xml",
        "data/people/crm_team_data.xml",
        # observatory
        # network
        # academy
        # incubator
        # menus last
        "views/menus.xml",
    ],
    "demo": [
        # programme
        "demo/programme/programme_demo.xml",
        # people
        # observatory
        # network
        # academy
        # incubator
    ],
    "assets": {
        "web.assets_backend": [
            "citta_lavoro/static/src/backend/**/*",
        ],
        "web.assets_frontend": [
            "citta_lavoro/static/src/frontend/**/*",
        ],
    },
}
