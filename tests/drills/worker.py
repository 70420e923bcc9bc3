"""One process of a drill: loads Odoo, says ``ready``, waits for ``go``, runs its script, prints a JSON answer."""

import importlib.util
import json
import logging
import os
import sys

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def load(path):
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("drill_script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(path, *arguments):
    config.parse_config(["-c", os.environ["CITTA_ODOO_CONF"], "-d", os.environ["CITTA_DB"]], setup_logging=False)
    logging.disable(logging.WARNING)
    registry = Registry(os.environ["CITTA_DB"])

    def environment(user_id=SUPERUSER_ID):
        """A fresh transaction of its own."""
        return api.Environment(registry.cursor(), user_id, {})

    script = load(path)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(script.run(environment, *arguments)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
