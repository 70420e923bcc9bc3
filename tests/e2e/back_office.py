"""The web client as a partner of the programme uses it: few verbs, named as a user would."""

import re

from playwright.sync_api import expect


class BackOffice:
    """One window of the web client.

    :param person: a logged-in ``Person``
    :param root: the part of the page that is meant, such as a dialogue
    """

    def __init__(self, person, root=None):
        self.person = person
        self.page = person.page
        self.root = root or person.page

    def open(self, path):
        """Open an action by its readable address and wait until it is drawn."""
        self.page.goto(f"/odoo/{path}")
        self.page.wait_for_selector(".o_action_manager .o_content")
        return self

    def search(self, text):
        """Look for a text with the search box."""
        box = self.page.locator(".o_searchview_input")
        box.fill(text)
        expect(self.page.locator(".o_searchview_autocomplete")).to_contain_text(text)
        box.press("Enter")
        expect(self.page.locator(".o_searchview_facet", has_text=text)).to_be_visible()

    def choose(self, *texts):
        """Open the card or row that shows all the texts: the list may still be the one before the search."""
        shown = "".join(f':has-text("{text}")' for text in texts)
        self.page.locator(f".o_kanban_record{shown}, .o_data_row{shown} .o_data_cell").first.click()
        self.page.wait_for_selector(".o_form_view")

    def press(self, name, confirm=False):
        """Press a button by its technical name; ``confirm`` also answers the question that it asks."""
        self.root.locator(f'button[name="{name}"]:visible').first.click()
        if confirm:
            self.page.locator(".modal-footer .btn-primary").click()
            self.page.wait_for_selector(".modal", state="detached")

    def write(self, field, text):
        """Type into a text, number or date field; a date that is filled in is a button until it is pressed.

        Tab would open the calendar of a day's field behind it, over what is below.
        """
        filled = self.field(field).locator("button.o_input:visible")
        if filled.count():
            filled.first.click()
        box = self.field(field).locator("input:visible, textarea:visible, .odoo-editor-editable:visible").first
        box.fill(text)
        box.blur()

    def pick(self, field, text):
        """Choose a record in a many2one field."""
        box = self.field(field).locator("input").first
        box.click()
        box.fill(text)
        self.page.locator(f'.o-autocomplete--dropdown-item:has-text("{text}")').first.click()

    def select(self, field, label):
        """Choose a value in a selection field."""
        self.field(field).locator("input, .o_select_menu_toggler").first.click()
        self.page.locator(f'.o_select_menu_item:has-text("{label}")').first.click()

    def save(self):
        """Save the form and wait until it is saved."""
        self.page.locator(".o_form_button_save").click()
        self.page.wait_for_selector(".o_form_saved, .o_form_status_indicator_buttons.invisible", state="attached")

    def expect_state(self, value):
        """Wait until the status bar stands on a state."""
        current = self.page.locator(f'.o_statusbar_status button[data-value="{value}"]')
        expect(current).to_have_class(re.compile("o_arrow_button_current"))

    def add_line(self, field):
        """Add a row to an editable list, and give it back."""
        lines = self.field(field)
        lines.locator(".o_field_x2many_list_row_add a, .o_field_x2many_list_row_add button").first.click()
        return lines.locator(".o_selected_row")

    def tab(self, name):
        """Show a page of the notebook."""
        self.page.locator(f'.o_notebook .nav-link[name="{name}"]').click()

    def field(self, name):
        """The widget of a field."""
        return self.root.locator(f'.o_field_widget[name="{name}"]').first

    def rows(self, field):
        """The rows of a list within the form."""
        return self.field(field).locator(".o_data_row")
