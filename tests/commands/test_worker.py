"""The worker: its jobs do their work, one worker leads, and a job that fails keeps nobody from theirs."""

from importlib import import_module

import pytest

from app import accounts, clock, trade
from app.commands.jobs import JOBS
from app.commands.worker import LEASE_SECONDS, run_job
from app.db import transaction
from tests.conftest import NOW
from tests.shop import Person

both = pytest.mark.both_databases
EXPIRED = 86400
ANNA = Person("anna@example.com")
LEADER = "SELECT holder FROM lease WHERE name = 'worker'"


@both
def test_expire_gives_the_cards_back(app, shop):
    shop.place(ANNA, quantity=3)
    assert run_job(app, "expire", "one")
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 3
    with clock.frozen(NOW + EXPIRED):
        assert run_job(app, "expire", "one")
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 0
    assert shop.count("SELECT state FROM orders") == "expired"


def test_expire_takes_more_than_one_batch(app, shop):
    transaction(shop.product, "many", codes=250)
    for number in range(250):
        shop.place(Person(f"b{number}@example.com"), slug="many", address=f"10.0.0.{number}")
    with clock.frozen(NOW + EXPIRED):
        run_job(app, "expire", "one")
    assert shop.count("SELECT count(*) FROM orders WHERE state = 'pending'") == 0


@both
def test_accrue_computes_what_was_put_off(app, shop, monkeypatch):
    bob = shop.member("bob@example.com")

    def fail(*_arguments):
        raise ValueError("arithmetic")

    with monkeypatch.context() as broken:
        broken.setattr(import_module("app.trade.confirm"), "accrue", fail)
        shop.buy(ANNA, via=bob)
    assert shop.count("SELECT count(*) FROM commission") == 0
    with clock.frozen(NOW + 86400):
        run_job(app, "accrue", "one")
    assert shop.count("SELECT count(*) FROM commission") == 1
    assert shop.count("SELECT count(*) FROM accrual_pending") == 0


def test_tidy_forgets_sessions_that_are_over(app, shop):
    anna = shop.member("anna@example.com")
    transaction(accounts.open_session, anna.account_id, "buyer", NOW)
    assert shop.count("SELECT count(*) FROM session") == 1
    with clock.frozen(NOW + 400 * 86400):
        run_job(app, "tidy", "one")
    assert shop.count("SELECT count(*) FROM session") == 0


@both
def test_of_two_workers_one_leads(app, shop):
    done = []
    JOBS["note"] = lambda: done.append("did")
    try:
        assert run_job(app, "note", "one")
        assert not run_job(app, "note", "two")
        assert shop.count(LEADER) == "one"
        with clock.frozen(NOW + LEASE_SECONDS - 1):
            assert not run_job(app, "note", "two")
        with clock.frozen(NOW + LEASE_SECONDS):
            assert run_job(app, "note", "two")
            assert not run_job(app, "note", "one")
        assert shop.count(LEADER) == "two"
    finally:
        del JOBS["note"]
    assert len(done) == 2


def test_a_job_that_fails_stops_no_other(app, shop, monkeypatch, caplog):
    def fail(_now):
        raise RuntimeError("the gateway's wire is cut")

    monkeypatch.setattr(trade, "ask_due", fail)
    shop.place(ANNA)
    with clock.frozen(NOW + EXPIRED):
        assert not run_job(app, "ask", "one")
        assert run_job(app, "expire", "one")
        monkeypatch.undo()
        assert run_job(app, "ask", "one")
    assert "job ask failed" in caplog.text
    assert shop.count("SELECT state FROM orders") == "expired"
