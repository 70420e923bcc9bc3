"""Drills: several real processes against one real database, as on a busy server.

They need a database with the demo and Odoo's configuration file, named by ``CITTA_DB`` and ``CITTA_ODOO_CONF``;
``./citta test drills`` provides both.
"""

import json
import os

import pytest
from worker import Worker, load_odoo


class Drill:
    """Starts workers together and collects what each of them answers."""

    def __init__(self, database):
        self.database = database

    def start(self, script, *arguments):
        """Start one worker; it waits for ``go()``.

        :param Path script: a Python file with ``run(env_factory, *arguments)``, which returns something JSON can hold
        """
        worker = Worker(self.database, script, [str(one) for one in arguments])
        assert worker.hear() == "ready"
        return worker

    def together(self, script, processes, *arguments, timeout=240):
        """Run the same script in several processes that start at the same moment.

        :return: the answers, one per process
        """
        workers = []
        try:
            workers.extend(self.start(script, number, *arguments) for number in range(processes))
            for worker in workers:
                worker.go()
            answers = [worker.hear(timeout) for worker in workers]
        finally:
            for worker in workers:
                worker.kill()
        assert all(answers), "a worker died: its error stands above"
        return [json.loads(answer) for answer in answers]

    def alone(self, script, *arguments):
        """Run the script in one process, for setting up and for counting afterwards."""
        return self.together(script, 1, *arguments)[0]


@pytest.fixture(scope="session")
def drill():
    database, configuration = os.environ.get("CITTA_DB"), os.environ.get("CITTA_ODOO_CONF")
    if not (database and configuration):
        pytest.fail("CITTA_DB and CITTA_ODOO_CONF must name a database; run ./citta test drills")
    load_odoo(database, configuration)
    return Drill(database)
