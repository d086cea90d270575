"""F16: a shop that is served twice from one folder works, and its jobs run once: of two workers one leads."""

import sqlite3
import time

import pytest

from tests.commands.serving import Serving

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("load")]
LEADER = "SELECT holder FROM lease WHERE name = 'worker'"


def asked(folder, query):
    connection = sqlite3.connect(f"file:{folder / 'shop.sqlite3'}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchone()[0]
    finally:
        connection.close()


def test_the_second_works_and_leads_when_the_first_ends(shop, instance):
    folder = instance
    first = Serving(folder, WORKERS="1").until_it_answers("/readyz")
    second = None
    try:
        leader, products = asked(folder, LEADER), asked(folder, "SELECT count(*) FROM product")
        second = Serving(folder, WORKERS="1").until_it_answers("/readyz")
        first.until_it_answers("/readyz")
        assert asked(folder, LEADER) == leader
        assert asked(folder, "SELECT count(*) FROM product") == products
        assert first.end() == 0
        deadline = time.monotonic() + 30
        while asked(folder, LEADER) == leader and time.monotonic() < deadline:
            time.sleep(0.2)
        assert asked(folder, LEADER) != leader
        second.until_it_answers("/readyz")
        for run in (first, second):
            assert "Traceback" not in run.said()
    finally:
        first.end()
        if second is not None:
            assert second.end() == 0
