"""The figures of each hour are what the orders say, whatever happens in which order and at once."""

from functools import partial

import pytest

from app import orders, trade
from app.clock import DAY, HOUR
from app.db import db, transaction
from tests.crowd import at_once
from tests.shop import Person
from tests.test_query_counts import counted

pytestmark = pytest.mark.both_databases
CLARA, DAN = Person("clara@example.com"), Person("dan@example.com")


def overview(shop):
    found = orders.read_overview(db.session, shop.now)
    db.session.rollback()
    return found


def test_sales_refunds_and_what_came_late(shop):
    shop.now = shop.now // DAY * DAY + 5 * HOUR
    shop.buy(CLARA)
    placed = shop.place(DAN)
    shop.pass_days(0, HOUR)
    transaction(trade.expire, shop.now)
    assert (overview(shop).today.sold_fen, overview(shop).today.conversion_bps) == (10000, 5000)
    shop.pass_days(0, 22 * HOUR)
    shop.pay(placed)
    late = overview(shop)
    assert (late.today.sold_fen, late.today.paid_orders, late.today.placed_paid) == (10000, 1, 0)
    assert (late.days[-2][1].sold_fen, late.days[-2][1].conversion_bps) == (10000, 10000)
    refund_id = shop.refund(placed, 2500, done=False)
    assert (overview(shop).today.refunded_fen, overview(shop).today.net_fen) == (2500, 7500)
    shop.pass_days(2)
    transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    month = overview(shop).month
    assert (month.sold_fen, month.refunded_fen, month.paid_orders) == (20000, 0, 2)


def test_yesterday_is_compared_to_the_hour_that_runs(shop):
    # Eleven and a half in Shanghai.
    shop.now = (shop.now // DAY * DAY) + 3 * HOUR + 1800
    shop.buy(CLARA)
    shop.now += 2 * HOUR
    shop.buy(DAN)
    shop.now += DAY - 2 * HOUR
    found = overview(shop)
    assert (found.today.sold_fen, found.yesterday_so_far.sold_fen) == (0, 10000)
    assert (found.until % DAY, found.days[-2][1].sold_fen) == (4 * HOUR, 20000)
    shop.pass_days(30)
    assert (overview(shop).month.sold_fen, overview(shop).month_before.sold_fen) == (0, 20000)


def test_profit_is_told_where_the_cost_is_known(shop):
    transaction(shop.product, "known", price_fen=8000, cost_fen=3000)
    placed = shop.buy(CLARA, slug="known", quantity=2)
    shop.buy(DAN)
    assert overview(shop).today.profit_fen == 16000 - 6000
    assert overview(shop).today.known_bps == 16000 * 10000 // 26000
    db.session.execute(db.text("SELECT 1"))
    with db.engine.connect().execution_options(write=True) as tx, tx.begin():
        tx.exec_driver_sql("UPDATE sku SET cost_fen = 1")
    # What was sold cost what it cost then.
    shop.refund(placed, 1000)
    assert overview(shop).today.profit_fen == 16000 - 1000 - 6000


def test_nothing_is_lost_while_it_is_counted_anew(app, shop):
    transaction(shop.product, "many", codes=40)
    buyers = [Person(f"b{number}@example.com") for number in range(12)]
    placed = [shop.place(one, slug="many", address=f"10.0.0.{n}") for n, one in enumerate(buyers)]
    paid = [shop.buy(one, slug="many", address=f"10.0.1.{n}") for n, one in enumerate(buyers[:6])]
    acts = [partial(shop.pay, one) for one in placed] + [partial(shop.refund, one, 100) for one in paid]
    acts += [partial(transaction, orders.rebuild_figures) for _ in range(3)]
    found = at_once(app, acts)
    assert not [one for one in found if isinstance(one, Exception)]
    assert orders.broken_figures(db.session) == 0
    assert overview(shop).today.sold_fen == 18 * 10000


def test_a_figure_that_was_changed_is_found_and_counted_anew(shop):
    shop.buy(CLARA)
    with db.engine.connect().execution_options(write=True) as tx, tx.begin():
        tx.exec_driver_sql("UPDATE figure SET sold_fen = sold_fen + 1")
    assert orders.broken_figures(db.session) == 1
    transaction(orders.rebuild_figures)
    assert overview(shop).today.sold_fen == 10000


def test_they_are_read_by_one_statement(shop):
    shop.buy(CLARA)
    with counted() as statements:
        overview(shop)
    assert len(statements) == 1
