"""The compliance report: each figure of a month from sales that were really made, alerts told once, and a queue of one."""

import pytest

from app import outbox, referral, trade
from app import shop as shop_room
from app.db import db, transaction
from app.errors import Refusal
from tests.conftest import NOW
from tests.shop import Person

pytestmark = pytest.mark.both_databases
MONTH = referral.period_of(NOW)


def made(shop, period=MONTH):
    with db.engine.connect() as connection:
        inputs = trade.measure(connection, period)
    return transaction(trade.report, period, inputs, shop.now)


@pytest.fixture
def story(shop):
    """Anna brought Boris, Boris brought Clara. Clara buys, Boris buys, a stranger buys twice and gets one order back."""
    transaction(shop_room.change_settings, self_bps=0)
    anna = shop.member("a@example.com")
    boris = shop.member("b@example.com", via=anna)
    clara = shop.member("c@example.com", via=boris)
    shop.now += 60
    shop.buy(clara)
    shop.buy(boris)
    stranger = Person("d@example.com")
    shop.buy(stranger)
    shop.refund(shop.buy(stranger), 10000)
    return anna


def test_it_counts_what_was_sold_and_earned(shop, story):
    report = made(shop)
    assert (report.orders, report.gmv_fen) == (4, 30000)
    # Boris brought somebody; Clara and the stranger never did. Clara and Boris could earn when they bought.
    assert (report.never_promoting_fen, report.own_use_fen) == (20000, 20000)
    assert (report.level_1_fen, report.level_2_fen, report.level_2_payees) == (2000, 500, 1)
    assert (report.levels, report.commission_bps) == (2, 833)
    # Anna has 1500 of 2500: the best one of two.
    assert (report.earners, report.top_earners, report.top_fen, report.top_bps) == (2, 1, 1500, 6000)
    assert (report.participants, report.with_downline) == (4, 2)
    assert (report.tree_people, report.tree_levels, report.trees_over, report.alerts) == (3, 3, 0, ())


def test_a_month_without_sales_has_no_shares(shop):
    report = made(shop, "2020-01")
    assert (report.gmv_fen, report.never_promoting_bps, report.top_bps, report.alerts) == (0, None, None, ())


def test_a_tree_of_thirty_on_three_levels_is_told_once(shop):
    listen()
    anna = shop.member("a@example.com")
    boris = shop.member("b@example.com", via=anna)
    for number in range(27):
        shop.member(f"x{number}@example.com", via=boris, joins=False)
    assert made(shop).alerts == ()
    shop.member("y@example.com", via=boris, joins=False)
    assert (made(shop).alerts, made(shop).trees_over) == (("tree",), 1)
    assert shop.count("SELECT count(*) FROM message WHERE subject LIKE 'compliance.alert:%'") == 1
    assert referral.compliance_alerts(db.session) == ("tree",)


def listen():
    settings = {"key": "p7QzV3mKxW9aTbRcYdLe2f", "address": "https://api.day.app/push", "events": ["compliance.alert"]}
    values = {"carrier": "bark", "name": "Bark", "settings": settings, "enabled": True, "now": NOW}
    transaction(outbox.create_outlet, **values)


def test_it_waits_once_for_a_month_and_makes_it_by_day(shop):
    assert transaction(referral.ask_report, MONTH, shop.now) is True
    assert transaction(referral.ask_report, MONTH, shop.now) is False
    for odd in ("2999-01", "2026-13", "month", ""):
        with pytest.raises(Refusal):
            transaction(referral.ask_report, odd, shop.now)
    last = referral.period_of(referral.bounds_of(MONTH)[0] - 1)
    assert referral.due_periods(db.session, shop.now) == [last, MONTH]
    for period in (last, MONTH):
        made(shop, period)
    db.session.rollback()
    assert referral.waiting_periods(db.session) == []
    assert referral.due_periods(db.session, shop.now) == []
    assert referral.due_periods(db.session, shop.now + 86400) == [MONTH]
