"""Drills: several real processes against one real database, as on a busy server.

They need a database with the demo and Odoo's configuration file, named by ``CITTA_DB`` and ``CITTA_ODOO_CONF``;
``./citta test drills`` provides both.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKER = Path(__file__).with_name("worker.py")


class Drill:
    """Starts workers together and collects what each of them answers."""

    def __init__(self, database, configuration):
        self.environment = {**os.environ, "CITTA_DB": database, "CITTA_ODOO_CONF": configuration}

    def start(self, script, *arguments):
        """Start one worker process.

        :param Path script: a Python file with ``run(env_factory, *arguments)``, which returns something JSON can hold
        """
        command = [sys.executable, str(WORKER), str(script), *map(str, arguments)]
        return subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def together(self, script, processes, *arguments, timeout=240):
        """Run the same script in several processes that start at the same moment.

        :return: the answers, one per process
        """
        workers = [self.start(script, number, *arguments) for number in range(processes)]
        try:
            for worker in workers:
                assert worker.stdout.readline().strip() == "ready"
            for worker in workers:
                worker.stdin.write("go\n")
                worker.stdin.flush()
            outputs = [worker.communicate(timeout=timeout)[0] for worker in workers]
        finally:
            for worker in workers:
                worker.kill()
        assert all(worker.returncode == 0 for worker in workers), outputs
        return [json.loads(output.splitlines()[-1]) for output in outputs]

    def alone(self, script, *arguments):
        """Run the script in one process, for setting up and for counting afterwards."""
        return self.together(script, 1, *arguments)[0]


@pytest.fixture(scope="session")
def drill():
    database, configuration = os.environ.get("CITTA_DB"), os.environ.get("CITTA_ODOO_CONF")
    if not (database and configuration):
        pytest.fail("CITTA_DB and CITTA_ODOO_CONF must name a database; run ./citta test drills")
    return Drill(database, configuration)
