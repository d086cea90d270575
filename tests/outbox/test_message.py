"""The outbox: a message once a subject, sent by one worker at a time, settled once."""

import pytest

from app import outbox
from app.db import db, transaction
from tests.conftest import NOW
from tests.crowd import at_once

pytestmark = pytest.mark.both_databases
LEASE_SECONDS = 60


@pytest.fixture
def message(app):
    transaction(outbox.put, "refund", "refund:ABC", NOW)
    (row,) = outbox.due(db.session, "refund", NOW)
    db.session.rollback()
    return row.id


def due(now, kind="refund", **options):
    found = [row.subject for row in outbox.due(db.session, kind, now, **options)]
    db.session.rollback()
    return found


def stored(column):
    value = db.session.execute(db.text(f"SELECT {column} FROM message")).scalar_one()
    db.session.rollback()
    return value


def test_it_is_written_once_a_subject(message):
    transaction(outbox.put, "refund", "refund:ABC", NOW + 5)
    assert due(NOW + 5) == ["refund:ABC"]
    assert stored("created_at") == NOW


def test_it_is_due_from_when_it_was_written_and_for_its_kind_only(message):
    assert due(NOW - 1) == []
    assert due(NOW) == ["refund:ABC"]
    assert due(NOW, kind="payout") == []


def test_the_longest_due_comes_first(app):
    for age in (1, 3, 2):
        transaction(outbox.put, "refund", f"refund:{age}", NOW - age)
    assert due(NOW) == ["refund:3", "refund:2", "refund:1"]
    assert due(NOW, limit=2) == ["refund:3", "refund:2"]


def test_of_two_workers_one_sends_it(app, message):
    claims = at_once(app, [lambda: transaction(outbox.claim, message, NOW, LEASE_SECONDS)] * 4)
    assert sorted(claims) == [False, False, False, True]
    assert stored("attempts") == 1
    assert due(NOW + LEASE_SECONDS - 1) == []
    assert due(NOW + LEASE_SECONDS) == ["refund:ABC"]


def test_it_shows_that_somebody_began_to_send_it(message):
    claimed = lambda: outbox.due(db.session, "refund", NOW + LEASE_SECONDS)[0].claimed_at  # noqa: E731
    assert claimed() is None
    transaction(outbox.claim, message, NOW, LEASE_SECONDS)
    assert claimed() == NOW
    transaction(outbox.put_off, message, "not sent", NOW + 5)
    assert claimed() is None


def test_it_can_be_put_off(message):
    transaction(outbox.put_off, message, "the provider sleeps" * 40, NOW + 60)
    assert due(NOW + 59) == []
    assert due(NOW + 60) == ["refund:ABC"]
    assert len(stored("reason")) == 300


@pytest.mark.parametrize("state", ["done", "failed"])
def test_it_is_settled_once(message, state):
    assert transaction(outbox.settle, message, state, "said so", NOW + 1)
    assert not transaction(outbox.settle, message, "done", "said so again", NOW + 2)
    assert (stored("state"), stored("reason"), stored("settled_at")) == (state, "said so", NOW + 1)
    assert not transaction(outbox.claim, message, NOW + 2, LEASE_SECONDS)
    transaction(outbox.put_off, message, "", NOW + 2)
    assert due(NOW + 1000) == []
    # A subject that was settled is not sent anew.
    transaction(outbox.put, "refund", "refund:ABC", NOW + 3)
    assert due(NOW + 1000) == []


def test_what_did_not_happen_sends_nothing(app):
    def act(tx):
        outbox.put(tx, "refund", "refund:NO", NOW)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        transaction(act)
    assert due(NOW) == []
