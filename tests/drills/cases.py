"""Cases of invented people for a drill, and their removal."""

from odoo import fields


def open_cases(env, name, count):
    """Active pathways in the first programme, each with an action.

    :param str name: what the people are called, with a number
    :return: the pathways
    """
    programme = env["citta.programme"].search([], limit=1)
    persons = env["res.partner"].create([{"name": f"{name} {index}", "citta_no_fiscal_code_reason": "not_given"} for index in range(count)])
    pathways = env["citta.pathway"].create([
        {"partner_id": person.id, "programme_id": programme.id, "body_id": programme.lead_partner_id.id, "referent_id": env.uid} for person in persons
    ])
    pathways.action_activate()
    env["citta.action"].create([{"name": name, "pathway_id": pathway.id} for pathway in pathways])
    return pathways


def remove_cases(env, name):
    """Take the people away again, also those that an interrupted drill left behind."""
    persons = env["res.partner"].with_context(active_test=False).search([("name", "=like", f"{name}%")])
    pathways = env["citta.pathway"].search([("partner_id", "in", persons.ids)])
    pathways.filtered(lambda one: one.state != "closed").write({
        "state": "closed", "outcome": "other", "closing_reason": name, "date_end": fields.Date.context_today(pathways),
    })
    pathways.unlink()
    persons.unlink()
