"""A person of whom everything is known, erased for good; and an erasure that is cut off in the middle."""

import base64
import io
import os
import time
import zipfile
from pathlib import Path

from odoo import fields
from odoo.fields import Command
from odoo.tools import config

NAME, EMAIL, PHONE, CODE = "Zoraide Quinterno", "zoraide.quinterno@posta.example", "+39 347 1029384", "QNTZRD80A41F205M"
WORDS = "sogna di aprire una liuteria"
NEEDLES = ["Zoraide", "Quinterno", EMAIL, "3471029384", "347 1029384", CODE, "aprire una liuteria"]


def run(environment, number, verb):
    return {"prepare": prepare, "erase": erase, "hang": hang, "grep": grep, "figures": figures}[verb](environment)


def prepare(environment):
    """Intake, pathway, plan, note, special data, application, idea, lab, survey, mail, meeting, files, portal login, a request."""
    env = environment()
    with env.cr:
        territory = env["citta.programme"].search([], limit=1).territory_id
        body = env["citta.programme"].search([], limit=1).lead_partner_id
        lead = env["crm.lead"].create({
            "team_id": env.ref("citta_lavoro.crm_team_intake").id, "contact_name": NAME, "email_from": EMAIL, "phone": PHONE, "user_id": False,
            "citta_fiscal_code": CODE, "citta_city_id": territory.city_ids[0].id, "citta_body_id": body.id, "citta_consent_proof": f"Armadio, {NAME}",
            "citta_programme_id": env["citta.programme"].search([], limit=1).id, "description": WORDS,
        })
        pathway = lead._open_pathway()
        accompany(env, pathway)
        leave_traces(env, pathway)
        return pathway.id


def accompany(env, pathway):
    """What the rooms write about a person in the course of the work."""
    person = pathway.partner_id
    person.write({"citta_birth_date": "1980-01-01", "citta_gender": "female", "street": f"Via {NAME}", "comment": WORDS, "image_1920": picture()})
    pathway.write({"referent_id": env.ref("base.user_admin").id})
    pathway.action_activate()
    users = env["res.users"].with_context(no_reset_password=True)
    users.create({
        "name": NAME, "login": EMAIL, "partner_id": person.id, "group_ids": [Command.set(env.ref("base.group_portal").ids)],
    })
    goal = env["citta.goal"].create({"name": WORDS, "pathway_id": pathway.id})
    env["citta.action"].create({"name": f"Chiamare {PHONE}", "pathway_id": pathway.id, "goal_id": goal.id})
    env["citta.note"].create({"text": WORDS, "pathway_id": pathway.id})
    fill_in_compass(env, pathway)
    env["citta.person.sensitive"].create({"partner_id": person.id, "health": WORDS})
    env["citta.privacy.request"].create({"kind": "access", "partner_id": person.id, "identity": "known", "text": WORDS}).action_verify()
    env["crm.lead"].create({
        "name": f"La liuteria di {NAME}", "team_id": env.ref("citta_lavoro.crm_team_incubator").id, "citta_pathway_id": pathway.id,
        "citta_idea": WORDS, "type": "opportunity",
    })
    opportunity = env["citta.opportunity"].search([("state", "=", "published"), ("territory_id", "=", pathway.territory_id.id)], limit=1)
    env["citta.application"].create({"pathway_id": pathway.id, "opportunity_id": opportunity.id, "message": WORDS})
    lab = env["event.event"].search([("citta_kind", "=", "lab"), ("date_end", ">", fields.Datetime.now())], limit=1)
    pathway._enrol_in_event(lab)
    pathway._enrol_in_channel(env["slide.channel"].search([("citta_territory_id", "=", pathway.territory_id.id)], limit=1))


def fill_in_compass(env, pathway):
    """One finished, one half; a comment that the page does not offer, sent all the same."""
    for finished in (True, False):
        compass = env["survey.user_input"]._open_citta("citta_compass", pathway, partner=pathway.partner_id)
        question = compass.survey_id.question_ids[0]
        compass._save_lines(question, str(question.suggested_answer_ids[0].id), WORDS)
        compass.user_input_line_ids.flush_recordset()
        if finished:
            compass._mark_done()


def leave_traces(env, pathway):
    """Words on other people's records, files, mails, a meeting, a telephone message."""
    person = pathway.partner_id
    pathway.message_post(body=f"{NAME}: {WORDS}", author_id=person.id, attachments=[("lettera.txt", f"{NAME} {WORDS}".encode())])
    other = env["citta.pathway"].search([("id", "!=", pathway.id)], limit=1)
    other.message_post(body=f"Viene con {NAME}, {PHONE}")
    env["ir.attachment"].create({
        "name": f"{NAME}.txt", "datas": base64.b64encode(f"{NAME} {EMAIL} {WORDS}".encode()), "res_model": "citta.pathway", "res_id": pathway.id,
    })
    env["mail.mail"].create({"subject": NAME, "body_html": WORDS, "email_to": EMAIL})
    env["calendar.event"].create({
        "name": NAME, "description": WORDS, "start": "2026-01-01 10:00:00", "stop": "2026-01-01 11:00:00",
        "partner_ids": [Command.set([person.id, env.ref("base.partner_admin").id])],
    })
    env["sms.sms"].create({"partner_id": person.id, "number": PHONE, "body": WORDS})
    env["privacy.lookup.wizard"].create({"name": NAME, "email": EMAIL}).action_lookup()
    pathway.activity_schedule("mail.mail_activity_data_todo", summary=NAME, user_id=env.ref("base.user_admin").id)
    env["citta.pathway.close"].create({
        "pathway_id": pathway.id, "outcome": "job", "outcome_note": WORDS, "closing_reason": NAME,
    }).action_confirm()


def picture():
    """A file in the store that only this person has."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>{NAME}</title></svg>'
    return base64.b64encode(svg.encode())


def person(env):
    """The person, by the number that the erasure leaves alone."""
    lead = env["crm.lead"].with_context(active_test=False).search([("contact_name", "=", NAME)], limit=1)
    return lead.partner_id


def erase(environment):
    """As the officer does it, with the collection of unused files that follows it."""
    env = environment()
    with env.cr:
        planned = env["citta.privacy.erasure"].search([("state", "=", "planned"), ("partner_id", "=", person(env).id)])
        erasure = planned or env["citta.privacy.erasure"].create({"partner_id": person(env).id})
        erasure.action_erase()
        state = erasure.state
    env = environment()
    with env.cr:
        env["ir.attachment"]._gc_file_store()
    return state


def hang(environment):
    """Stop after everything was emptied and before the end, and wait to be killed."""
    env = environment()
    with env.cr:
        type(env["citta.privacy.eraser"])._sweep = wait
        env["citta.privacy.erasure"].create({"partner_id": person(env).id}).action_erase()


def wait(*_arguments):
    """Say so, and wait."""
    os.write(1, b"in the middle\n")
    time.sleep(600)


def grep(environment):
    """Where the marks stand: every row of every table as the dump writes it, and every file of the store, packed ones too."""
    env = environment()
    found = []
    with env.cr:
        env.cr.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in env.cr.fetchall():
            target = io.StringIO()
            env.cr._obj.copy_expert(f"COPY {table} TO STDOUT", target)
            found += [f"{table}: {needle}" for needle in marks(target.getvalue())]
        for path in Path(config.filestore(env.cr.dbname)).rglob("*"):
            if path.is_file():
                found += [f"{path.parent.name}/{path.name}: {needle}" for needle in marks(unpacked(path.read_bytes()))]
    return found


def unpacked(content):
    """The text of a file, of an archive the texts of all that is in it."""
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b" ".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def marks(text):
    """The needles that a text holds, also as the database writes bytes."""
    low = text.lower()
    return [needle for needle in NEEDLES if needle.lower() in low or needle.encode().hex() in low]


def figures(environment):
    """What the programme counts of its people."""
    env = environment()
    with env.cr:
        counts = {}
        for model, by in (
            ("citta.pathway", ["territory_id", "state", "outcome", "age_class"]), ("citta.pathway", ["partner_id.citta_gender"]),
            ("citta.pathway", ["partner_id.city_id"]), ("crm.lead", ["team_id", "citta_source", "citta_city_id"]), ("citta.goal", ["state"]),
            ("citta.application", ["state"]), ("event.registration", ["event_id", "state"]), ("citta.consent", ["purpose_id", "channel"]),
        ):
            rows = env[model].with_context(active_test=False)._read_group([], by, ["__count"])
            counts[f"{model} {by}"] = sorted([str(row) for row in rows])
        counts["kpi"] = env["citta.kpi"].search([]).mapped("actual")
        return counts
