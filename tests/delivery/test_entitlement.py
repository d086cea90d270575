"""A right to use: granted with the goods, started once, spent to nothing and never below, ended and given back."""

import pytest
from sqlalchemy.exc import DBAPIError

from app import clock, delivery, trade
from app.db import db, transaction
from app.delivery.entitlement import Right, grant
from app.errors import Refusal
from tests.shop import Person
from tests.test_query_counts import counted

pytestmark = pytest.mark.both_databases
DAY = clock.DAY


@pytest.fixture
def buy(shop):
    """Sell goods of a nature; returns the order, its line and what was placed."""

    def act(quantity=1, **nature):
        transaction(shop.product, "goods", **nature)
        placed = shop.buy(Person("clara@example.com"), slug="goods", quantity=quantity)
        return shop.order_id(placed), shop.count("SELECT max(id) FROM order_line"), placed

    return act


def right(order_id):
    found = delivery.rights_of_order(db.session, order_id)
    db.session.rollback()
    return next(iter(found.values()), None)


def test_instant_goods_carry_no_right(shop, buy):
    order_id, _, _ = buy()
    assert right(order_id) is None


def test_each_piece_brings_its_uses(shop, buy):
    order_id, _, _ = buy(quantity=3, vesting="use_count", uses=7, validity_days=30)
    found = right(order_id)
    assert (found.uses, found.uses_left, found.valid_to) == (21, 21, shop.now + 30 * DAY)


def test_what_is_unactivated_runs_out_after_ninety_days_where_the_product_says_nothing(shop, buy):
    order_id, line_id, _ = buy(vesting="first_use")
    assert right(order_id).valid_to == shop.now + 90 * DAY
    transaction(delivery.activate, line_id, "buyer", shop.now + DAY)
    assert (right(order_id).activated_at, right(order_id).valid_to) == (shop.now + DAY, None)


def test_validity_runs_from_the_activation(shop, buy):
    order_id, line_id, _ = buy(vesting="first_use", validity_days=30)
    transaction(delivery.activate, line_id, "buyer", shop.now + 30 * DAY - 1)
    assert right(order_id).valid_to == shop.now + 60 * DAY - 1


@pytest.mark.parametrize("nature", [{"vesting": "validity", "validity_days": 30}, {"vesting": "first_use"}])
def test_only_what_has_uses_is_used(shop, buy, nature):
    _, line_id, _ = buy(**nature)
    with pytest.raises(Refusal):
        transaction(delivery.use, line_id, 1, "buyer", shop.now)


def test_only_what_starts_with_its_first_use_is_activated(shop, buy):
    _, line_id, _ = buy(vesting="use_count", uses=7)
    with pytest.raises(Refusal):
        transaction(delivery.activate, line_id, "buyer", shop.now)


def test_uses_end_with_their_time_to_the_second(shop, buy):
    _, line_id, _ = buy(vesting="use_count", uses=7, validity_days=30)
    assert transaction(delivery.use, line_id, 1, "buyer", shop.now + 30 * DAY - 1) == 1
    with pytest.raises(Refusal):
        transaction(delivery.use, line_id, 1, "buyer", shop.now + 30 * DAY)


def test_a_refund_that_failed_gives_the_right_back(shop, buy):
    order_id, line_id, placed = buy(vesting="use_count", uses=7)
    refund_id = shop.refund(placed, 10000, done=False)
    assert right(order_id).ended_at == shop.now
    transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    transaction(trade.use, order_id, line_id, 1, "buyer", shop.now)
    assert right(order_id).uses_left == 6


def test_a_refund_of_a_part_leaves_the_right(shop, buy):
    order_id, _, placed = buy(vesting="use_count", uses=7)
    shop.refund(placed, 5000)
    assert right(order_id).ended_at is None


def test_who_used_what_is_kept_for_good(shop, buy):
    order_id, line_id, _ = buy(vesting="use_count", uses=7)
    transaction(trade.use, order_id, line_id, 2, "account:1", shop.now)
    event = db.session.execute(db.text("SELECT * FROM entitlement_event")).one()
    db.session.rollback()
    assert (event.line_id, event.kind, event.count, event.actor) == (line_id, "use", 2, "account:1")
    for statement in ("DELETE FROM entitlement_event", "UPDATE entitlement_event SET actor = 'nobody'"):
        with pytest.raises(DBAPIError):
            transaction(lambda tx, statement=statement: tx.exec_driver_sql(statement))


def test_a_refused_use_leaves_no_trace(shop, buy):
    order_id, line_id, _ = buy(vesting="use_count", uses=7)
    with pytest.raises(Refusal):
        transaction(trade.use, order_id, line_id, 8, "buyer", shop.now)
    assert shop.count("SELECT count(*) FROM entitlement_event") == 0


def test_however_many_rights_are_granted_by_one_statement(shop, buy):
    order_id, line_id, _ = buy()
    rights = [Right(line_id, "use_count", None, 7, 1)]
    with counted() as statements:
        transaction(grant, order_id, rights, shop.now)
    assert len([one for one in statements if "entitlement" in one]) == 1
    with counted() as statements:
        transaction(grant, order_id, [], shop.now)
    assert statements == []


@pytest.mark.parametrize(
    "changes",
    [
        "vesting = 'use_count'",
        "vesting = 'validity'",
        "uses = 7",
        "validity_days = 30",
        "forfeit_unused = (1 = 1)",
        "vesting = 'use_count', uses = 7, forfeit_unused = (1 = 1)",
        "vesting = 'first_use', validity_days = 0",
        "vesting = 'first_use', validity_days = 3651",
        "vesting = 'rent'",
        "refund_window_days = -1",
        "renewal_months = 0",
    ],
)
def test_the_database_takes_no_figures_that_do_not_fit_the_kind(shop, changes):
    with pytest.raises(DBAPIError):
        transaction(lambda tx: tx.exec_driver_sql(f"UPDATE product SET {changes}"))
