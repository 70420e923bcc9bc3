"""Lets the tests import the launcher, and gives each a cache folder of its own."""
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "config"))


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder that is empty and thrown away; no server of the user's is seen."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("PGHOST", "PGSERVICE", "PGPORT", "PGUSER", "CITTA_ODOO"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "cache" / "citta-lavoro"
