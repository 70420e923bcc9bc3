from odoo.tests import BaseCase, tagged

from ..tools.bank_scoring import Candidates, is_certain, reference_fit
from ..tools.rf_reference import ALPHABET, is_valid_rf, make_rf, print_rf
from .common import FundCommon


def slips(reference):
    """Every way to mistype a reference by one slip: a wrong character, one too few, one too many, two swapped."""
    for place, char in enumerate(reference):
        yield from (reference[:place] + other + reference[place + 1:] for other in ALPHABET if other != char)
        yield reference[:place] + reference[place + 1:]
        yield from (reference[:place] + other + reference[place:] for other in ALPHABET)
        if reference[place:place + 2] != reference[place:place + 2][::-1]:
            yield reference[:place] + reference[place:place + 2][::-1] + reference[place + 2:]
    yield from (reference + other for other in ALPHABET)


@tagged("post_install", "-at_install")
class TestMistypedReferences(BaseCase):
    """Slips of the finger, all of them: no reference turns into another one's, and none is taken for certain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.references = [make_rf(f"CAL{number:06d}") for number in range(1, 400)]

    def test_no_slip_makes_another_references_text(self):
        known = set(self.references)
        for reference in self.references[::40]:
            self.assertFalse([slip for slip in slips(reference) if slip in known and slip != reference])

    def test_what_slips_by_the_check_digits_is_little(self):
        wrong = [slip for reference in self.references[::80] for slip in slips(reference) if slip != reference]
        self.assertLess(sum(map(is_valid_rf, wrong)) / len(wrong), 0.03)

    def test_no_slip_is_certain(self):
        """Even among many pledges of the same sum: at most a proposal. What still holds the whole reference, apart by a letter, is not mistyped."""
        candidates = Candidates({
            reference: {"reference": reference, "amount": 50, "ibans": {"IT49Z9999901600000000000025"}, "name": "Anna Inventata"} for reference in self.references[::27]
        })
        line = {"amount": 50, "iban": "IT49Z9999901600000000000025", "name": "ANNA INVENTATA"}
        for reference in self.references[27:100:54]:
            for slip in slips(reference):
                whole = slip.startswith(reference) and not slip[len(reference):].isdigit()
                for text in (slip, f"dono {print_rf(slip)} grazie"):
                    found = candidates.rank({**line, "text": text})
                    self.assertTrue(whole or not is_certain(found) or found[0][0] == reference == slip, text)

    def test_a_slip_is_still_proposed(self):
        reference = self.references[1]
        fits = [reference_fit(slip, reference) for slip in slips(reference) if slip != reference]
        self.assertGreater(sum(fit is not None for fit in fits) / len(fits), 0.95)


@tagged("post_install", "-at_install")
class TestMistypedTransfer(FundCommon):
    """The same on the bank's screen and in the batch: a person decides."""

    def test_a_mistyped_transfer_is_never_posted_without_a_look(self):
        pledge = self.pledge(50)
        digit = "1" if pledge.reference[-1] != "1" else "2"
        texts = [
            pledge.reference[:-1] + digit, pledge.reference[:-1], pledge.reference + digit, pledge.reference[:5] + pledge.reference[6:],
            pledge.reference[:-2] + pledge.reference[-1] + pledge.reference[-2] + "7", pledge.reference[4:], pledge.reference.replace("0", "O"),
        ]
        lines = self.env["account.bank.statement.line"].with_user(self.treasurer).browse(
            [self.bank_line(50, payment_ref=f"dono {text}", partner_name="INVENTED CITIZEN").id for text in texts],
        )
        self.assertNotIn("certain", lines.mapped("citta_certainty"))
        lines.action_citta_post_certain()
        self.env["account.bank.statement.line"]._citta_work_queue()
        self.assertFalse(lines.citta_donation_ids)
        self.assertEqual(lines[0].citta_pledge_id, pledge, "but it is proposed")
        self.assertIn("but for one slip", lines[0].citta_reasons)
