"""`settle`: time passes for the operator, and the ledger is the one that the worker would have written."""

import pytest

from app import clock
from app.commands.worker import run_job
from tests.conftest import NOW
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def test_it_releases_as_of_a_given_time(app, shop):
    anna = shop.member("anna@example.com")
    shop.buy(Person("clara@example.com"), via=anna)
    run = app.test_cli_runner().invoke
    early = run(args=["settle", "--now", "2026-09-28T14:13:19+00:00"])
    assert (early.exit_code, early.output.split()[1]) == (0, "0")
    due = run(args=["settle", "--now", "2026-09-28T22:13:20+08:00"])
    assert due.output == "Settled 1 lines as of 2026-09-28T14:13:20Z.\n"
    assert shop.wallet(anna).available_fen == 1000
    assert run(args=["settle", "--now", "soon"]).exit_code == 2


def test_the_worker_gives_the_same(app, shop):
    anna = shop.member("anna@example.com")
    shop.buy(Person("clara@example.com"), via=anna)
    with clock.frozen(NOW + 7 * clock.DAY):
        assert run_job(app, "settle", "one")
    assert shop.wallet(anna).available_fen == 1000
