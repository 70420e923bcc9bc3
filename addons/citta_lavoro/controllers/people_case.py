from odoo.http import content_disposition, request

from .people_portal import PeoplePortal


class CasePortal(PeoplePortal):
    """What the person's pages of the case share: which pathway they are about, and how a paper is handed out."""

    def _get_my_case(self):
        """The pathway in hand: the newest open one, else the last closed one, which is only read.

        :return: one pathway, or none
        """
        return self._get_my_pathways().sorted(lambda one: (one.state != "closed", one.id), reverse=True)[:1]

    def _print_mine(self, report, records_sudo, filename):
        """A paper about the person, who was checked before.

        :param report: external id of the report's action
        :param records_sudo: the person's own records
        :param filename: what the file is called
        """
        # sudo: the records were found to be the person's own; the paper names the body and the programme, too
        engine = request.env["ir.actions.report"].sudo().with_context(force_report_rendering=True)
        content, _kind = engine._render_qweb_pdf(report, records_sudo.ids)
        return self._hand_out(content, filename)

    def _hand_out(self, content, filename):
        return request.make_response(content, [
            ("Content-Type", "application/pdf"),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", content_disposition(filename)),
            ("Cache-Control", "no-store"),
        ])
