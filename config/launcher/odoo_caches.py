"""Keeps what Odoo compiled between one test and the next; used by the runner of tests inside Odoo.

Odoo's test cases empty every cache of the registry after each test, so that a third of the time goes into compiling the
same page templates and finding the same files of styles and scripts. What a cache holds can only be wrong after the
roll-back if the data behind it was changed in the test, and then Odoo itself has emptied it: each ``clear_cache`` notes
its name here, and what was noted is emptied again afterwards, after the test or after the class that did it.
"""
# Emptied after every test as before: they follow users, rules and the records that pages show.
ALWAYS = ("default", "templates.cached_values")


class Changed:
    """Which caches were emptied since the last roll-back: by the class before its tests, and by the test."""

    def __init__(self):
        self.by_class = set()
        self.by_test = set()

    def note(self, names):
        """A cache was emptied because the data behind it changed."""
        self.by_test.update(names)

    def test_begins(self):
        """What was changed so far stays until the class ends.

        >>> changed = Changed(); changed.note({"assets"}); changed.test_begins(); changed.note({"stable"})
        >>> sorted(changed.rolled_back()), sorted(changed.class_ended())
        (['stable'], ['assets'])
        """
        self.by_class |= self.by_test
        self.by_test = set()

    def rolled_back(self):
        """The caches to empty after a test."""
        names, self.by_test = self.by_test, set()
        return names

    def class_ended(self):
        """The caches to empty after the last test of a class."""
        names, self.by_class, self.by_test = self.by_class | self.by_test, set(), set()
        return names


def keep():
    """Let the test cases of Odoo empty only the caches whose data a test or a class has changed."""
    from odoo.orm import registry
    from odoo.tests.common import TransactionCase

    changed = Changed()
    clear_cache, set_up, set_up_class = registry.Registry.clear_cache, TransactionCase.setUp, TransactionCase.setUpClass.__func__

    def empty(self, names):
        for name in (*ALWAYS, *names):
            self._Registry__caches[name].clear()

    def noted_clear_cache(self, *names):
        clear_cache(self, *names)
        changed.note(cache for name in names or ("default",) for cache in registry._CACHES_BY_KEY[name])

    def noted_set_up(self):
        changed.test_begins()
        set_up(self)

    def noted_set_up_class(cls):
        cls.addClassCleanup(lambda: empty(cls.registry, changed.class_ended()))
        set_up_class(cls)

    registry.Registry.clear_cache = noted_clear_cache
    registry.Registry.clear_all_caches = lambda self: empty(self, changed.rolled_back())
    TransactionCase.setUp = noted_set_up
    TransactionCase.setUpClass = classmethod(noted_set_up_class)
