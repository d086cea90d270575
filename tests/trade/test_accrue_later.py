"""When commission cannot be booked: the buyer has the goods, and the commission comes later, once."""

import pytest

from app import referral, trade
from app import shop as shop_room
from app.clock import MINUTE
from app.db import db, transaction
from app.payments import Verdict
from tests.shop import Person

pytestmark = pytest.mark.both_databases

REFUSE = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE INSERT ON commission BEGIN SELECT RAISE(ABORT, 'no commission today'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_commission() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no commission today'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON commission FOR EACH ROW EXECUTE FUNCTION refuse_commission()",
    ],
}
ALLOW = {"sqlite": "DROP TRIGGER refuse", "postgresql": "DROP TRIGGER refuse ON commission"}


def refuse():
    for statement in REFUSE[db.engine.dialect.name]:
        transaction(lambda tx, statement=statement: tx.exec_driver_sql(statement))


def allow():
    transaction(lambda tx: tx.exec_driver_sql(ALLOW[db.engine.dialect.name]))


@pytest.fixture
def people(shop):
    anna = shop.member("anna@example.com")
    return anna, shop.member("boris@example.com", via=anna)


@pytest.fixture
def placed(shop, people):
    """An order that was paid while the database took no commission."""
    placed = shop.place(Person("clara@example.com"), via=people[1])
    refuse()
    assert shop.pay(placed) is Verdict.ACCEPTED
    return placed


def retry(shop, seconds):
    return transaction(trade.retry_accruals, shop.now + seconds)


def earned(shop, people):
    return tuple(shop.wallet(person).held_fen for person in people)


def test_it_delivers_although_nothing_accrues(shop, people, placed):
    order = {"n": placed.number}
    assert (
        shop.count("SELECT count(*) FROM orders WHERE number = :n AND state = 'paid' AND delivered_at > 0", **order)
        == 1
    )
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1
    assert (earned(shop, people), shop.count("SELECT count(*) FROM tally")) == ((0, 0), 0)
    pending = "SELECT count(*) FROM accrual_pending JOIN orders ON orders.id = order_id WHERE number = :n"
    assert shop.count(pending, **order) == 1
    assert shop.count("SELECT attempts FROM accrual_pending") == 1
    assert shop.count("SELECT next_at FROM accrual_pending") == shop.now + MINUTE
    assert "no commission today" in shop.count("SELECT reason FROM accrual_pending")
    # Half of it would be worse than nothing: the buyer is bound when the commission is computed, and not before.
    assert shop.count("SELECT decided_at FROM attribution") is None
    assert shop.count("SELECT count(*) FROM edge") == 1


def test_it_pays_both_levels_once_when_it_can(shop, people, placed):
    allow()
    assert (retry(shop, MINUTE - 1), earned(shop, people)) == (0, (0, 0))
    assert retry(shop, MINUTE) == 1
    assert earned(shop, people) == (500, 1000)
    assert shop.count("SELECT count(*) FROM accrual_pending") == 0
    assert [retry(shop, seconds) for seconds in (MINUTE, 2 * MINUTE, 10**6)] == [0, 0, 0]
    assert (earned(shop, people), shop.count("SELECT count(*) FROM commission")) == ((500, 1000), 2)


def test_it_keeps_trying_while_it_cannot(shop, people, placed):
    assert retry(shop, MINUTE) == 0
    assert shop.count("SELECT attempts FROM accrual_pending") == 2
    assert shop.count("SELECT next_at FROM accrual_pending") == shop.now + 2 * MINUTE
    assert retry(shop, MINUTE + 1) == 0
    assert shop.count("SELECT attempts FROM accrual_pending") == 2
    allow()
    assert (retry(shop, 2 * MINUTE), earned(shop, people)) == (1, (500, 1000))


def test_one_orders_fault_keeps_no_other_from_its_commission(shop, people, placed):
    second = shop.place(Person("dora@example.com"), via=people[1])
    assert shop.pay(second) is Verdict.ACCEPTED
    allow()
    first_id = shop.count("SELECT id FROM orders WHERE number = :n", n=placed.number)
    # The first order's attribution is lost; the second is whole.
    saved = transaction(
        lambda tx: (
            tx.execute(db.text("SELECT * FROM attribution WHERE order_id = :id"), {"id": first_id}).mappings().one()
        )
    )
    transaction(lambda tx: tx.execute(db.text("DELETE FROM attribution WHERE order_id = :id"), {"id": first_id}))
    assert retry(shop, MINUTE) == 1
    assert earned(shop, people) == (500, 1000)
    assert shop.count("SELECT order_id FROM accrual_pending") == first_id
    columns = ", ".join(saved)
    values = ", ".join(f":{name}" for name in saved)
    transaction(lambda tx: tx.execute(db.text(f"INSERT INTO attribution ({columns}) VALUES ({values})"), dict(saved)))
    assert (retry(shop, 2 * MINUTE), earned(shop, people)) == (1, (1000, 2000))


def test_a_repeated_notice_does_not_accrue_what_was_put_off(shop, people, placed):
    query = shop.notice(placed, trade_number="T00000001")
    allow()
    assert shop.deliver(query) is Verdict.DUPLICATE
    assert earned(shop, people) == (0, 0)
    assert (retry(shop, MINUTE), earned(shop, people)) == (1, (500, 1000))


def test_not_even_a_mistake_in_the_network_keeps_the_goods(shop, people):
    """A setting of the wrong kind: the arithmetic fails in a way that nobody foresaw."""
    placed = shop.place(Person("clara@example.com"), via=people[1])
    query = shop.notice(placed)
    transaction(shop_room.change_settings, hold_days="a week")
    assert shop.deliver(query) is Verdict.ACCEPTED
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    assert (earned(shop, people), shop.count("SELECT count(*) FROM accrual_pending")) == ((0, 0), 1)
    transaction(shop_room.change_settings, hold_days=7)
    assert (retry(shop, MINUTE), earned(shop, people)) == (1, (500, 1000))


@pytest.mark.parametrize("what", ["released", "banned", "suspended"])
def test_what_happens_after_the_payment_changes_nothing_of_it(shop, people, what):
    """1.3.5, 1.4: both levels and their rights as they stood when the order was paid, however late they are computed."""
    placed = shop.place(people[1])
    refuse()
    shop.pay(placed)
    allow()
    told = {"reason": "x", "actor": "account:1", "now": shop.now + 5}
    if what == "released":
        transaction(trade.release_upline, people[1].account_id, shop.now + 5)
    else:
        transaction(trade.ban if what == "banned" else trade.suspend, shop.node(people[0]).id, **told)
    retry(shop, MINUTE)
    wallet = shop.wallet(people[0])
    due_fen = int(shop.count("SELECT base_fen FROM order_line")) // 10
    assert (wallet.held_fen, wallet.frozen_fen) == ((due_fen, 0) if what == "released" else (0, due_fen))


def test_who_joins_after_the_payment_does_not_earn_by_it(shop):
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna, joins=False)
    transaction(
        lambda tx: tx.exec_driver_sql("UPDATE node SET state = 'none', qualified_at = NULL WHERE account_id = 1")
    )
    placed = shop.place(boris)
    refuse()
    shop.pay(placed)
    allow()
    transaction(referral.qualify, shop.node(anna).id, source="free_join", terms_version="1", now=shop.now + 5)
    retry(shop, MINUTE)
    assert shop.wallet(anna).held_fen == 0
