import re

from markupsafe import Markup

from odoo import api, models
from odoo.tools import email_normalize, format_date

from ...tools import fiscal_code
from ...tools.contact import phone_key, phone_text
from ...tools.same_person import Keys, plain

COLUMNS = (
    "contact_name", "name", "email_from", "phone", "citta_fiscal_code", "citta_city_id", "citta_date_received", "description",
    "citta_preferred_time", "function", "citta_antenna_name", "citta_consent_proof",
)
PORTION = 2000  # rows of one transaction at least: a shorter list is taken as one piece
UNREADABLE = "?"  # in front of a date that could not be read
BULK = {
    # 400 arrivals are one event: no message, follower or mail for each
    "tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True,
    "citta_duplicates_known": True,
}


class IntakeImportMixin(models.AbstractModel):
    """Odoo's own import, for first contacts: every row gets an outcome, doubtful rows come in flagged, nothing by halves.

    Refused is a row without a name or whose territory cannot be known. Doubtful is one with a wrong fiscal code, e-mail or
    phone, without any contact, from a municipality that is none of ours, or that may be a double. What could not be stored
    is quoted in the reason.
    """

    _name = "citta.intake.import.mixin"
    _description = "Import of first contacts mixin"

    @api.model
    def load(self, fields, data):
        """Import rows of a list as first contacts when they are meant for the intake pipeline; else as core does.

        A long list comes in portions, each committed by itself: memory does not grow with it, and one that was cut off goes on
        where it stopped when the same file is imported again.
        """
        team = self.env.ref("citta_lavoro.crm_team_intake", raise_if_not_found=False)
        intake = team and self.env.context.get("default_team_id") == team.id
        if not (intake and self.env.context.get("import_file")):
            return super().load(fields, data)
        self.check_access("create")
        batch_sudo = self._get_import_known()
        if error := self._check_import(fields, batch_sudo):
            return {"ids": False, "messages": [{"type": "error", "message": error, "not_matching_error": True}], "nextrow": 0}
        first = self.env.context.get("citta_import_first_row", 1)
        begin = max(batch_sudo.next_row - first, 0)
        end = begin + max(self.env.context.get("_import_limit") or len(data), PORTION)
        following = end if end < len(data) else 0
        with self.env.cr.savepoint():
            rows = self._read_import_rows(fields, data[begin:end], first + begin)
            leads = self.with_context(**BULK).create([row["values"] for row in rows if not row["refused"]])
            batch = self._write_import(rows, leads, batch_sudo, following and first + following)
        return {"ids": leads.ids, "messages": [], "nextrow": following, "citta_import_summary": batch._summary()}

    # -- checks --------------------------------------------------------------

    @api.model
    def _get_import_known(self):
        """What is known of this very file."""
        digest = self.env.context.get("citta_import_digest")
        # sudo: whoever imported the file, its people are in already; only the day is told
        Import = self.env["citta.intake.import"].sudo()
        return Import.search([("digest", "=", digest)], limit=1) if digest else Import

    @api.model
    def _check_import(self, fields, known):
        """Why nothing of this file can be imported; False if it can."""
        if unknown := [name for name in fields if name not in COLUMNS]:
            return self.env._("These columns cannot be imported with first contacts: %(names)s.", names=", ".join(unknown))
        if not {"contact_name", "name"} & set(fields):
            return self.env._("No column holds the person's name.")
        if known and not known.next_row:
            return self.env._("This very file was imported on %(date)s already: nothing was imported again.", date=format_date(self.env, known.date))
        return False

    # -- rows ----------------------------------------------------------------

    @api.model
    def _read_import_rows(self, fields, data, first):
        """Values, doubts and refusals of the rows, numbered from ``first``; municipalities and doubles are looked up once."""
        cities, territories = self._get_import_cities()
        rows = [self._read_import_row(dict(zip(fields, cells, strict=True)), cities, territories) for cells in data]
        finder = self._get_duplicate_finder([row["keys"] for row in rows])
        stage = self.env.ref("citta_lavoro.crm_stage_intake_new")
        for number, row in enumerate(rows, first):
            row["number"] = number
            if not row["refused"]:
                self._check_import_double(row, finder)
                row["values"].update(self._get_import_flags(row, stage))
        return rows

    @api.model
    def _get_import_cities(self):
        """Municipalities by plain name and ISTAT code, and the territories, that the user may import for."""
        everywhere = self.env.user.has_group("citta_lavoro.group_citta_administrator")
        territories = self.env["citta.territory"].search([]) if everywhere else self.env.user.citta_territory_ids  # pylint: disable=no-search-all  # an administrator imports for all
        found = self.env["res.city"].search([("citta_territory_id", "in", territories.ids)])
        cities = {plain(city.with_context(lang=None).name): city for city in found}
        cities.update({city.citta_istat_code: city for city in found if city.citta_istat_code})
        return cities, territories

    @api.model
    def _read_import_row(self, cells, cities, territories):
        """One row: what is stored, what is doubtful about it, and whether it is refused."""
        cells = {name: " ".join((value or "").split()) if isinstance(value, str) else value for name, value in cells.items()}
        # a doubt is (message, what it quotes of the person)
        row = {"refused": [], "doubts": [], "duplicate": False}
        name = cells.get("contact_name") or cells.get("name")
        if not name or not plain(name):
            row["refused"].append(self.env._("No name."))
        values = {
            "contact_name": name, "name": name, "function": cells.get("function"), "citta_source": "import",
            "citta_antenna_name": cells.get("citta_antenna_name"), "citta_consent_proof": cells.get("citta_consent_proof"),
            **self._read_import_contact(cells, row),
            **self._read_import_city(cells, row, cities, territories),
            **self._read_import_rest(cells, row),
        }
        row["keys"] = Keys(values["citta_fiscal_code"] or "", email_normalize(values["email_from"]) or "", phone_key(values["phone"]) or "")
        row["values"] = values
        return row

    @api.model
    def _read_import_contact(self, cells, row):
        """Fiscal code, e-mail and phone, each kept only when it can be right."""
        code, email, phone = cells.get("citta_fiscal_code"), cells.get("email_from"), cells.get("phone")
        if code and (message := self._fiscal_code_message(code)):
            row["doubts"].append((message, fiscal_code.normal(code)))
            code = False
        if email and not email_normalize(email):
            row["doubts"].append((self.env._("“%(email)s” is no e-mail address.", email=email), email))
            email = False
        if phone and not phone_key(phone):
            row["doubts"].append((self.env._("“%(phone)s” is no telephone number.", phone=phone), phone))
            phone = False
        if not email and not phone:
            row["doubts"].append((self.env._("No way to reach the person: neither e-mail nor phone."), ""))
        return {
            "citta_fiscal_code": fiscal_code.normal(code) or False,
            "email_from": email or False,
            "phone": phone_text(phone) or False,
        }

    @api.model
    def _read_import_city(self, cells, row, cities, territories):
        """The municipality; without one, the only territory of the user."""
        text = cells.get("citta_city_id")
        # offices write “Segrate (MI)”
        city = cities.get(text) or cities.get(plain(re.sub(r"\(.*?\)", "", text or "")))
        if city:
            return {"citta_city_id": city.id, "citta_territory_id": city.citta_territory_id.id}
        if len(territories) != 1:
            row["refused"].append(self.env._("“%(city)s” is no municipality of yours: the territory cannot be known.", city=text or ""))
        elif text:
            row["doubts"].append((self.env._("“%(city)s” is no municipality of the territory.", city=text), ""))
        else:
            row["doubts"].append((self.env._("No municipality."), ""))
        return {"citta_city_id": False, "citta_territory_id": territories[:1].id}

    @api.model
    def _read_import_rest(self, cells, row):
        """Date, best time and note; what fits no field goes into the note."""
        values, notes = {}, [cells.get("description") or ""]
        date = cells.get("citta_date_received")
        if isinstance(date, str) and date.startswith(UNREADABLE):
            row["doubts"].append((self.env._("“%(date)s” is no date.", date=date.removeprefix(UNREADABLE)), ""))
        elif date:
            values["citta_date_received"] = date
        if time := cells.get("citta_preferred_time"):
            times = {plain(label): key for key, label in self._fields["citta_preferred_time"]._description_selection(self.env)}
            values["citta_preferred_time"] = times.get(plain(time)) or (time if time in times.values() else False)
            notes.append("" if values["citta_preferred_time"] else self.env._("Best time to call: %(time)s", time=time))
        values["description"] = Markup("").join(Markup("<p>%s</p>") % note for note in notes if note)
        return values

    @api.model
    def _check_import_double(self, row, finder):
        """Flag a row that shares a key with somebody known, or with an earlier row."""
        hits = finder.find(row["keys"])
        finder.add(("row", row["number"]), row["keys"])
        labels = {"fiscal_code": self.env._("fiscal code"), "email": self.env._("e-mail"), "phone": self.env._("phone")}
        for one, names in hits.items():
            row["duplicate"] = True
            keys = ", ".join(labels[name] for name in names)
            if isinstance(one, tuple):
                row["doubts"].append((self.env._("Possible double: same %(keys)s as row %(row)s.", keys=keys, row=one[1]), ""))
            else:
                row["doubts"].append((self.env._("Possible double: same %(keys)s as somebody known.", keys=keys), ""))

    @api.model
    def _get_import_flags(self, row, stage):
        """What every imported contact carries: free to take, in the first stage, with its doubts."""
        return {
            "user_id": False,
            "citta_body_id": False,
            "stage_id": stage.id,
            "citta_doubt": bool(row["doubts"]),
            "citta_doubt_reason": "\n".join(message for message, _value in row["doubts"]),
            "citta_duplicate_doubt": row["duplicate"],
        }

    # -- report --------------------------------------------------------------

    @api.model
    def _write_import(self, rows, leads, batch_sudo, next_row):
        """Keep what became of each row.

        :param batch_sudo: the report of the portions before, if there were any
        :param int next_row: with which row of the file the next portion begins; 0 when it is read to its end
        :return: the batch
        """
        outcomes = ["refused" if row["refused"] else "doubtful" if row["doubts"] else "taken" for row in rows]
        counts = {f"{name}_count": outcomes.count(name) for name in ("taken", "doubtful", "refused")}
        if batch_sudo:
            batch_sudo.write({"next_row": next_row, **{name: batch_sudo[name] + count for name, count in counts.items()}})
        else:
            # nobody may write the report by hand, only the import does
            batch_sudo = batch_sudo.create({
                "name": self.env.context.get("citta_import_name") or self.env._("Imported list"),
                "digest": self.env.context.get("citta_import_digest"),
                "user_id": self.env.uid,
                "territory_id": leads[:1].citta_territory_id.id or self.env.user.citta_territory_ids[:1].id,
                "next_row": next_row,
                **counts,
            })
        self._write_import_lines(rows, outcomes, leads, batch_sudo)
        leads.with_context(**BULK).write({"citta_import_id": batch_sudo.id})
        return batch_sudo.sudo(False)

    @api.model
    def _write_import_lines(self, rows, outcomes, leads, batch_sudo):
        """One line for each row, without the person's own words: those stay with the first contact, and go when it goes."""
        of_row = dict(zip([row["number"] for row in rows if not row["refused"]], leads.ids, strict=True))
        batch_sudo.line_ids.create([
            {
                "import_id": batch_sudo.id,
                "row": row["number"],
                "outcome": outcome,
                "reasons": "\n".join(row["refused"] or [text.replace(value, "…") if value else text for text, value in row["doubts"]]),
                "lead_id": of_row.get(row["number"]),
            }
            for row, outcome in zip(rows, outcomes, strict=True)
        ])
