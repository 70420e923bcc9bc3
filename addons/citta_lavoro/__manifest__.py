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
        "views/common/public_form_templates.xml",
        "views/common/classification_views.xml",
        "views/common/ir_actions_report_views.xml",
        "views/common/pdf_templates.xml",
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
        "security/people/pathway_rules.xml",
        "data/people/crm_team_data.xml",
        "data/people/pathway_stage_data.xml",
        "views/people/res_partner_views.xml",
        "views/people/pathway_stage_views.xml",
        "views/people/pathway_close_views.xml",
        "views/people/person_sensitive_views.xml",
        "views/people/note_views.xml",
        "views/people/goal_views.xml",
        "views/people/action_views.xml",
        "views/people/pathway_views.xml",
        "views/people/pathway_templates.xml",
        # observatory
        "security/observatory/ir.model.access.csv",
        "security/observatory/observatory_rules.xml",
        "views/observatory/event_event_views.xml",
        "views/observatory/need_views.xml",
        "views/observatory/observatory_views.xml",
        "views/observatory/indicator_value_views.xml",
        "views/observatory/indicator_views.xml",
        "views/observatory/need_templates.xml",
        # network
        "security/network/ir.model.access.csv",
        "security/network/network_rules.xml",
        "data/network/crm_team_data.xml",
        "data/network/ir_cron_data.xml",
        "views/network/res_partner_views.xml",
        "views/network/opportunity_views.xml",
        "views/network/application_views.xml",
        "views/network/member_views.xml",
        "views/network/commitment_views.xml",
        "views/network/service_views.xml",
        "views/network/crm_lead_views.xml",
        "views/network/form_field_templates.xml",
        "views/network/member_templates.xml",
        "views/network/opportunity_templates.xml",
        "views/network/application_templates.xml",
        # academy
        # incubator
        # menus last
        "views/menus.xml",
        "views/people/people_menus.xml",
        "views/observatory/observatory_menus.xml",
        "views/network/network_menus.xml",
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
        "citta_lavoro.report_assets": [
            "citta_lavoro/static/src/report/**/*",
        ],
    },
}
