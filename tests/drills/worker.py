"""Processes of a drill: real ones, forked from one that has loaded Odoo, so that each starts at once.

A worker says ``ready``, waits for ``go``, runs its script and says its answer as one line of JSON.
"""

import importlib.util
import json
import logging
import os
import select
import signal
import sys
import time
import traceback

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def load_odoo(database, configuration):
    """Load the registry, for all processes to come; leaves no connection open.

    :param str database: its name
    :param str configuration: path of Odoo's configuration file
    """
    config.parse_config(["-c", configuration, "-d", database], setup_logging=False)
    Registry(database)
    sql_db.close_all()


def in_one_request(environment, function, *arguments):
    """Run in a transaction of its own, retried as Odoo retries a request.

    :param environment: as a script's ``run`` gets it
    :param function: called with the environment and the arguments
    :return: its answer
    """
    env = environment()
    with env.cr:
        return retrying(lambda: function(env, *arguments), env)


class Worker:
    """A process that runs ``run(environment, *arguments)`` of a script.

    :param str database: the database's name
    :param Path script: the file with ``run``
    :param arguments: texts
    """

    def __init__(self, database, script, arguments):
        here, there = os.pipe(), os.pipe()
        # a connection that is shared by two processes breaks for both
        sql_db.close_all()
        self.pid = os.fork()
        if not self.pid:
            os.dup2(there[0], 0)
            os.dup2(here[1], 1)
            _work(database, script, arguments)
        os.close(here[1])
        os.close(there[0])
        self._ears, self._mouth, self._heard = here[0], there[1], b""

    def go(self):
        """Let it begin."""
        os.write(self._mouth, b"go\n")

    def hear(self, timeout=240):
        """The next line that it says; an empty text if it ended without one.

        :param timeout: seconds
        :raise TimeoutError: it says nothing for that long
        """
        end = time.monotonic() + timeout
        while b"\n" not in self._heard:
            if not select.select([self._ears], [], [], max(end - time.monotonic(), 0))[0]:
                raise TimeoutError(f"a worker said nothing for {timeout} s")
            if not (more := os.read(self._ears, 65536)):
                return ""
            self._heard += more
        line, self._heard = self._heard.split(b"\n", 1)
        return line.decode()

    def kill(self):
        """End it with no warning, if it has not ended; the second time does nothing."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self._ears)
            os.close(self._mouth)
            self.pid = 0


def _work(database, script, arguments):
    """What happens in the new process, to its end."""
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    logging.disable(logging.WARNING)
    try:
        registry = Registry(database)
        registry.check_signaling()

        def environment(user_id=SUPERUSER_ID):
            """A fresh transaction of its own."""
            return api.Environment(registry.cursor(), user_id, {})

        run = _load_script(script).run
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(run(environment, *arguments)), flush=True)
    except BaseException:  # whatever it is, this process must not go on as the one it was forked from
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _load_script(path):
    spec = importlib.util.spec_from_file_location("drill_script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
