from odoo.tests import HttpCase, tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestRecognitionTour(FundCommon, HttpCase):
    """The treasurer's main screen in a real browser."""

    def test_a_treasurer_posts_a_recognised_gift_by_one_click(self):
        pledge = self.pledge(50)
        self.bank_line(50, payment_ref=f"invented transfer {pledge.reference}")
        self.start_tour("/odoo/gifts-to-recognise", "citta_recognition_tour", login="fund_treasurer")
        self.assertEqual(pledge.donation_ids.mapped("state"), ["posted"])
        self.assertEqual(self.figures()["received"], 50)
