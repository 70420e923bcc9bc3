"""A curriculum as Europass reads it: the SkillsPassport XML, version 3.4, the last one of the CEDEFOP schema."""
import html
import re
from typing import NamedTuple

from lxml import etree

NAMESPACE = "http://europass.cedefop.europa.eu/Europass"
SCHEMA = "http://europass.cedefop.europa.eu/xml/v3.4.0/EuropassSchema.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
VERSION = "V3.4"
#: Categories of Directive 2006/126/EC, all that the schema knows.
LICENCES = ("AM", "A1", "A2", "A", "B1", "B", "BE", "C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE")
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
PROFICIENCY = ("Listening", "Reading", "SpokenInteraction", "SpokenProduction", "Writing")
# What XML 1.0 cannot hold at all, not even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EMAIL = re.compile(r"[^@\s]+@[^.@\s]+\.\S+")


class Experience(NamedTuple):
    """Something done, at work or to learn.

    :param title: the position, or what was learned
    :param organisation: for or with whom
    :param place: a municipality
    :param start: date, or None
    :param end: date, or None: it goes on, or is not known
    :param text: in a few words
    """

    title: str
    organisation: str = ""
    place: str = ""
    start: object = None
    end: object = None
    text: str = ""


class Curriculum(NamedTuple):
    """What goes into the file, and nothing else: no fiscal code, no birth date.

    :param locale: two letters
    :param name: full name
    :param work: list of :class:`Experience`
    :param education: list of :class:`Experience`
    :param mother_tongues: (code or empty, label) pairs
    :param languages: (code or empty, label, level or empty) triples
    :param trade: skills of a trade, as texts
    :param digital: digital skills, as texts
    :param licences: categories
    """

    locale: str
    name: str
    email: str = ""
    phone: str = ""
    city: str = ""
    headline: str = ""
    work: list = ()
    education: list = ()
    mother_tongues: list = ()
    languages: list = ()
    trade: list = ()
    digital: list = ()
    licences: list = ()


def clean(text):
    """A text that XML can hold.

    >>> clean(" Cook" + chr(0) + chr(12) + " & baker ")
    'Cook & baker'
    >>> clean(None)
    ''
    """
    return _IMPOSSIBLE.sub("", text or "").strip()


def split_name(name):
    """First name and surname; what stands in brackets is no name. Of several words the first is the first name.

    >>> split_name("Adele De Inventati (demo)")
    ('Adele', 'De Inventati')
    >>> split_name("Adele")
    ('Adele', '')
    """
    first, _space, rest = " ".join(re.sub(r"\(.*?\)", " ", clean(name)).split()).partition(" ")
    return first, rest


def rich(text):
    """A text where the schema's readers expect HTML: its own signs are escaped, its lines kept.

    >>> rich("Bread & <b>\\ncakes")
    '<p>Bread &amp; &lt;b&gt;<br/>cakes</p>'
    """
    return f"<p>{'<br/>'.join(html.escape(line, quote=False) for line in clean(text).splitlines())}</p>" if clean(text) else ""


def add(parent, tag, text=None, **attributes):
    """A new element below another; without text an empty one."""
    node = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", **attributes)
    node.text = clean(text) or None
    return node


def add_text(parent, tag, text):
    """A new element, only where there is a text."""
    return add(parent, tag, text) if clean(text) else None


def add_label(parent, tag, label, code=""):
    """A coded label: the code first, where there is one."""
    node = add(parent, tag)
    add_text(node, "Code", code)
    add_text(node, "Label", label)
    return node


def add_date(parent, tag, day):
    """A date in the schema's way: its parts in the lexical form of XML Schema.

    >>> import datetime
    >>> node = add_date(etree.Element("x"), "From", datetime.date(2014, 9, 1))
    >>> dict(node.attrib)
    {'year': '2014', 'month': '--09', 'day': '---01'}
    """
    return add(parent, tag, year=f"{day.year:04}", month=f"--{day.month:02}", day=f"---{day.day:02}")


def add_period(parent, one):
    """From and to; without a beginning there is no period, without an end it still goes on."""
    if not one.start:
        return
    node = add(parent, "Period")
    add_date(node, "From", one.start)
    if one.end:
        add_date(node, "To", one.end)
    else:
        add(node, "Current", "true")


def add_organisation(parent, tag, one):
    """For or with whom, and where."""
    if not clean(one.organisation) and not clean(one.place):
        return
    node = add(parent, tag)
    add_text(node, "Name", one.organisation)
    if clean(one.place):
        add_text(add(add(add(node, "ContactInfo"), "Address"), "Contact"), "Municipality", one.place)


def add_identification(parent, cv):
    """Name and how to reach the person, as on the printed curriculum."""
    node = add(parent, "Identification")
    first, last = split_name(cv.name)
    name = add(node, "PersonName")
    add_text(name, "FirstName", first)
    add_text(name, "Surname", last)
    contact = add(node, "ContactInfo")
    if clean(cv.city):
        add_text(add(add(contact, "Address"), "Contact"), "Municipality", cv.city)
    if _EMAIL.fullmatch(clean(cv.email)):
        add(add(contact, "Email"), "Contact", cv.email)
    if clean(cv.phone):
        add(add(add(contact, "TelephoneList"), "Telephone"), "Contact", cv.phone)


def add_experiences(parent, cv):
    """Work, then education."""
    if cv.work:
        listed = add(parent, "WorkExperienceList")
        for one in cv.work:
            node = add(listed, "WorkExperience")
            add_period(node, one)
            add_label(node, "Position", one.title)
            add_text(node, "Activities", rich(one.text))
            add_organisation(node, "Employer", one)
    if cv.education:
        listed = add(parent, "EducationList")
        for one in cv.education:
            node = add(listed, "Education")
            add_period(node, one)
            add_text(node, "Title", one.title)
            add_text(node, "Activities", rich(one.text))
            add_organisation(node, "Organisation", one)


def add_languages(parent, cv):
    """Mother tongues, then the others with one level for all they are used for."""
    if not cv.mother_tongues and not cv.languages:
        return
    node = add(parent, "Linguistic")
    if cv.mother_tongues:
        listed = add(node, "MotherTongueList")
        for code, label in cv.mother_tongues:
            add_label(add(listed, "MotherTongue"), "Description", label, code)
    if cv.languages:
        listed = add(node, "ForeignLanguageList")
        for code, label, level in cv.languages:
            language = add(listed, "ForeignLanguage")
            add_label(language, "Description", label, code)
            if level in LEVELS:
                proficiency = add(language, "ProficiencyLevel")
                for name in PROFICIENCY:
                    add(proficiency, name, level)


def add_skills(parent, cv):
    """Languages, skills of a trade, digital skills, licences, in the schema's order."""
    licences = [one for one in LICENCES if one in cv.licences]
    if not any((cv.mother_tongues, cv.languages, cv.trade, cv.digital, licences)):
        return
    node = add(parent, "Skills")
    add_languages(node, cv)
    for tag, texts in (("JobRelated", cv.trade), ("Computer", cv.digital)):
        if texts:
            add_text(add(node, tag), "Description", rich("\n".join(texts)))
    if licences:
        description = add(add(node, "Driving"), "Description")
        for one in licences:
            add(description, "Licence", one)


def build(cv, now):
    """The file.

    :param cv: a :class:`Curriculum`
    :param datetime now: in UTC
    :return: bytes

    >>> import datetime
    >>> made = build(Curriculum("it", "Ada Prova", licences=["B", "Z"]), datetime.datetime(2026, 1, 2))
    >>> root = etree.fromstring(made)
    >>> root.findtext(f".//{{{NAMESPACE}}}Surname"), [one.text for one in root.iter(f"{{{NAMESPACE}}}Licence")]
    ('Prova', ['B'])
    """
    root = etree.Element(f"{{{NAMESPACE}}}SkillsPassport", nsmap={None: NAMESPACE, "xsi": XSI}, locale=cv.locale)
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    info = add(root, "DocumentInfo")
    moment = f"{now:%Y-%m-%dT%H:%M:%S}.000Z"
    for tag, text in (
        ("DocumentType", "ECV"), ("CreationDate", moment), ("LastUpdateDate", moment), ("XSDVersion", VERSION), ("Generator", "Odoo"),
        ("EuropassLogo", "true"),
    ):
        add(info, tag, text)
    learner = add(root, "LearnerInfo")
    add_identification(learner, cv)
    if clean(cv.headline):
        headline = add(learner, "Headline")
        add_label(headline, "Type", "", "preferred_job")
        add_label(headline, "Description", cv.headline)
    add_experiences(learner, cv)
    add_skills(learner, cv)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
