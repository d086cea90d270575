"""Group commit: who waits at once shares a transaction; a fault is one's own; nobody hears of a result before the commit."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from flask import request
from sqlalchemy import event, text

from app import group_commit
from app.db import db, transaction
from app.errors import Busy
from app.gate import turn
from app.group_commit import MOST_TOGETHER, transaction_together
from app.payments import Verdict
from app.savepoint import savepoint
from app.trade import inbox
from tests.shop import Person

NOTE = text("INSERT INTO setting (key, value) VALUES (:key, :value)")
COUNT = text("SELECT count(*) FROM setting WHERE key LIKE 'note%'")


def note(tx, key, *, fails=False):
    """Write a setting, and say in which transaction."""
    tx.execute(NOTE, {"key": f"note{key}", "value": "1"})
    if fails:
        raise ValueError(key)
    return id(tx.connection.dbapi_connection), tx.in_transaction()


def noted():
    db.session.rollback()
    return db.session.execute(COUNT).scalar_one()


class Crowd:
    """Callers in threads of their own, who all wait until the writer's place is given free."""

    def __init__(self, app):
        self.app, self.pool = app, ThreadPoolExecutor(40)

    def call(self, act, *arguments, **options):
        def within():
            with self.app.app_context():
                return transaction_together(act, *arguments, **options)

        return self.pool.submit(within)

    @staticmethod
    def wait_for(count):
        name, deadline = str(db.engine.url.database), time.monotonic() + 10
        while name not in group_commit._groups or len(group_commit._groups[name].waiting) < count:
            assert time.monotonic() < deadline, f"not all of {count} wait"
            time.sleep(0.005)


@pytest.fixture
def crowd(app):
    made = Crowd(app)
    yield made
    made.pool.shutdown()


@pytest.fixture
def commits(app):
    """How many transactions were committed from now on."""
    seen = []

    def see(connection):
        seen.append(connection)

    event.listen(db.engine, "commit", see)
    yield seen
    event.remove(db.engine, "commit", see)


def test_who_waits_at_once_shares_one_transaction(crowd, commits):
    with turn(db.engine):
        calls = [crowd.call(note, number) for number in range(8)]
        crowd.wait_for(8)
    assert len({call.result() for call in calls}) == 1
    assert noted() == 8
    assert len(commits) == 1


def test_no_more_than_so_many_go_together(crowd, commits):
    with turn(db.engine):
        calls = [crowd.call(note, number) for number in range(MOST_TOGETHER + 4)]
        crowd.wait_for(MOST_TOGETHER + 4)
    [call.result() for call in calls]
    assert noted() == MOST_TOGETHER + 4
    assert len(commits) == 2


def test_a_fault_is_told_to_its_own_caller_and_undoes_nothing_else(crowd, commits):
    with turn(db.engine):
        calls = [crowd.call(note, number, fails=number == 3) for number in range(6)]
        crowd.wait_for(6)
    with pytest.raises(ValueError, match="3"):
        calls[3].result()
    assert [call.exception() for call in calls if call is not calls[3]] == [None] * 5
    assert noted() == 5
    assert len(commits) == 1


def test_nobody_hears_of_a_result_before_the_commit(crowd):
    may_end, inside = threading.Event(), threading.Event()

    def slow(tx):
        inside.set()
        may_end.wait(10)
        return note(tx, "slow")

    with turn(db.engine):
        calls = [crowd.call(note, "quick")]
        crowd.wait_for(1)
        calls.append(crowd.call(slow))
        crowd.wait_for(2)
    inside.wait(10)
    assert not calls[0].done()
    assert noted() == 0
    may_end.set()
    assert calls[0].result() == calls[1].result()
    assert noted() == 2


def test_a_commit_that_fails_is_told_to_all_who_shared_it(crowd, monkeypatch):
    def broken(connection):
        raise OSError("the disk is full")

    with turn(db.engine):
        calls = [crowd.call(note, number) for number in range(4)]
        crowd.wait_for(4)
        event.listen(db.engine, "commit", broken)
    try:
        assert all(isinstance(call.exception(), OSError) for call in calls)
    finally:
        event.remove(db.engine, "commit", broken)
    assert noted() == 0
    # And the next finds the way free.
    crowd.call(note, "after").result()
    assert noted() == 1


def test_who_cannot_get_the_writers_place_in_time_is_told_so(crowd, monkeypatch):
    monkeypatch.setattr("app.gate.PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(group_commit, "PATIENCE_SECONDS", 0.2)
    with turn(db.engine):
        calls = [crowd.call(note, number) for number in range(3)]
        assert all(isinstance(call.exception(), Busy) for call in calls)
    assert noted() == 0
    crowd.call(note, "after").result()
    assert noted() == 1


def test_an_act_runs_with_what_its_caller_knows(crowd, app):
    def address(_tx):
        return request.remote_addr

    def within(of):
        with app.test_request_context(environ_base={"REMOTE_ADDR": of}):
            return transaction_together(address)

    with turn(db.engine):
        addresses = [f"192.0.2.{number}" for number in range(5)]
        calls = [crowd.pool.submit(within, of) for of in addresses]
        crowd.wait_for(5)
    assert [call.result() for call in calls] == addresses


def test_notices_that_arrive_at_once_are_settled_together_each_for_itself(crowd, shop, app, monkeypatch, commits):
    """Of four notices one breaks the shop's own code: it alone is refused, kept as failed, and pays when it comes again."""
    orders = [shop.place(Person(f"buyer{number}@example.com"), address=f"198.51.100.{number}") for number in range(4)]
    queries = [shop.notice(order) for order in orders]
    confirm, channel = inbox.confirm, shop.channel
    db.session.rollback()

    def breaks_once(tx, channel, notice, reading, now):
        verdict = confirm(tx, channel, notice, reading, now)
        if reading.payment_number == orders[2].payment_number:
            raise RuntimeError("a fault of ours")
        return verdict

    def deliver(query):
        with app.app_context():
            return shop.deliver(query, channel)

    monkeypatch.setattr(inbox, "confirm", breaks_once)
    commits.clear()
    with turn(db.engine):
        calls = [crowd.pool.submit(deliver, query) for query in queries]
        crowd.wait_for(4)
    verdicts = [call.result() for call in calls]
    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.FAILED, Verdict.ACCEPTED]
    monkeypatch.setattr(inbox, "confirm", confirm)
    assert shop.deliver(queries[2]) is Verdict.ACCEPTED
    assert shop.deliver(queries[0]) is Verdict.DUPLICATE


@pytest.mark.both_databases
def test_a_savepoint_undoes_what_is_in_it_alone_and_they_nest(app):
    def lost(tx):
        with savepoint(tx):
            note(tx, "not kept")
            with savepoint(tx):
                note(tx, "nor this")
            with savepoint(tx):
                note(tx, "inner", fails=True)

    def lost_in_part(tx):
        with savepoint(tx):
            note(tx, "second")
            with suppress(ValueError), savepoint(tx):
                note(tx, "deep", fails=True)

    def act(tx):
        note(tx, "first")
        with pytest.raises(ValueError, match="inner"):
            lost(tx)
        lost_in_part(tx)
        note(tx, "last")

    transaction(act)
    assert noted() == 3
