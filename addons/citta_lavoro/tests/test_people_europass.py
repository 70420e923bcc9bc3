from lxml import etree

from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CasePortalCommon
from .test_people_person_profile import FactsCommon

NAMESPACE = {"e": "http://europass.cedefop.europa.eu/Europass"}
ORDER = ["Identification", "Headline", "WorkExperienceList", "EducationList", "Skills"]


@tagged("post_install", "-at_install")
class TestEuropass(CasePortalCommon, FactsCommon):
    """A file that parses, says what the curriculum says, and nothing of the programme."""

    PATH = "/my/percorso/curriculum/europass"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = {"pathway_id": cls.pathway.id}
        cls.env["citta.experience"].create([
            {**case, "name": "Cook & baker <1>", "kind": "paid", "organisation": "Canteen", "place": "Pioltello", "date_from": "2014-09-01",
             "date_to": "2018-06-30", "description": "Two hundred meals\n& \x0bdiets"},
            {**case, "name": "Street party", "kind": "volunteer", "date_from": "2020-05-02"},
            {**case, "name": "Care", "kind": "care"},
            {**case, "name": "HACCP", "kind": "training", "organisation": "School"},
            {**case, "name": "Secret", "kind": "paid", "on_cv": False},
        ])
        teamwork = cls.env.ref("hr_skills.hr_skill_teamwork")
        cls.env["citta.person.skill"].create([
            {**case, "skill_id": cls.italian.id, "is_native": True}, {**case, "skill_id": cls.french.id, "level_id": cls.b1.id},
            {**case, "skill_id": cls.car.id}, {**case, "skill_id": cls.lorry.id, "on_cv": False}, {**case, "skill_id": teamwork.id},
        ])
        cls.pathway.partner_id.write({"name": "Ada Prova", "citta_fiscal_code": "RSSMRA80A01F205X", "citta_birth_date": "1980-01-01", "phone": "000-1234", "city": "Pioltello"})

    def read(self, response):
        self.assertEqual(response.status_code, 200)
        self.assertIn("application/xml", response.headers["Content-Type"])
        self.assertIn("curriculum-europass.xml", response.headers["Content-Disposition"])
        return etree.fromstring(response.content)

    def texts(self, root, path):
        return [node.text for node in root.findall(f".//{path}", NAMESPACE)]

    def test_the_file_of_the_person(self):
        root = self.read(self.page(self.PATH))
        self.assertEqual(etree.QName(root), etree.QName(NAMESPACE["e"], "SkillsPassport"))
        self.assertEqual(self.texts(root, "e:XSDVersion"), ["V3.4"])
        self.assertEqual((self.texts(root, "e:FirstName"), self.texts(root, "e:Surname")), (["Ada"], ["Prova"]))
        self.assertCountEqual(self.texts(root, "e:Position/e:Label"), ["Street party", "Cook & baker <1>", "Care"])
        self.assertEqual(self.texts(root, "e:Employer/e:Name"), ["Canteen"])
        self.assertEqual(self.texts(root, "e:Education/e:Title"), ["HACCP"])
        self.assertIn("Two hundred meals<br/>&amp; diets", self.texts(root, "e:Activities")[0])
        parts = [etree.QName(node).localname for node in root.find("e:LearnerInfo", NAMESPACE)]
        self.assertEqual(parts, [one for one in ORDER if one in parts])

    def test_languages_and_licences(self):
        root = self.read(self.page(self.PATH))
        self.assertEqual(self.texts(root, "e:MotherTongue/e:Description/e:Code"), ["it"])
        self.assertEqual(self.texts(root, "e:ForeignLanguage/e:Description/e:Code"), ["fr"])
        self.assertEqual(set(self.texts(root, "e:ProficiencyLevel/*")), {"B1"})
        self.assertEqual(self.texts(root, "e:Licence"), ["B"])
        self.assertIn("Teamwork", self.texts(root, "e:JobRelated/e:Description")[0])

    def test_dates_in_the_schemas_form(self):
        root = self.read(self.page(self.PATH))
        works = {one.findtext("e:Position/e:Label", namespaces=NAMESPACE): one for one in root.findall(".//e:WorkExperience", NAMESPACE)}
        ended = works["Cook & baker <1>"].find("e:Period/e:To", NAMESPACE)
        self.assertEqual(dict(ended.attrib), {"year": "2018", "month": "--06", "day": "---30"})
        self.assertEqual(works["Street party"].findtext("e:Period/e:Current", namespaces=NAMESPACE), "true")
        self.assertIsNone(works["Care"].find("e:Period", NAMESPACE))

    def test_nothing_that_is_not_for_it(self):
        self.env["citta.person.profile"].create({"pathway_id": self.pathway.id, "isee_band_id": self.low.id, "isee_date_end": self.today})
        text = self.page(self.PATH).text
        for hidden in ("RSSMRA80A01F205X", "1980", "Birthdate", "Secret", "Low band", "P-East", "ittadinanza", self.body_a.name):
            self.assertNotIn(hidden, text)

    def test_an_empty_curriculum_is_a_file_too(self):
        root = self.read(self.page(self.PATH, "p_bea"))
        self.assertFalse(root.findall(".//e:Skills", NAMESPACE) or root.findall(".//e:WorkExperienceList", NAMESPACE))

    def test_the_back_office(self):
        action = self.pathway.with_user(self.operator).action_download_europass()
        self.assertIn("Canteen", self.texts(self.read(self.page(action["url"], "p_operator")), "e:Employer/e:Name"))
        with mute_logger("odoo.http"):
            for login in ("p_operator_b", "p_operator_west", "p_employee", "p_ada", "p_bea"):
                self.assertEqual(self.page(action["url"], login).status_code, 404, login)
            self.assertEqual(self.page("/citta/curriculum/0/europass", "p_operator").status_code, 404)

    def test_whoever_has_no_pathway_has_no_file(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.page(self.PATH, "p_employee").status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(self.PATH, allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
