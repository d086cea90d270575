"""What runs out unused is lost to the distributors too, where the product says so (distribution 1.10)."""

import pytest

from app import trade
from app.db import transaction
from tests.shop import Person
from tests.trade.disputing import Case

pytestmark = pytest.mark.both_databases


def test_the_figures_of_a_distributor_follow_what_is_lost(shop):
    """One of three uses in time: 3330 of 9990 fen are earned, and no page shows more."""
    anna = shop.member("anna@example.com")
    nature = {"vesting": "use_count", "uses": 3, "validity_days": 20, "forfeit_unused": True}
    transaction(shop.product, "lost", price_fen=9990, **nature)
    placed = shop.buy(Person("clara@example.com"), via=anna, slug="lost")
    line_id = shop.count("SELECT max(id) FROM order_line")
    transaction(trade.use, shop.order_id(placed), line_id, 1, "buyer", shop.now)
    shop.pass_days(20)
    assert shop.wallet(anna).available_fen == shop.count("SELECT net_fen FROM commission") == 333
    for figures in ("tally", "earning_day"):
        assert shop.count(f"SELECT sum(gross_fen) FROM {figures}") == 333


@pytest.fixture
def used(shop):
    """Clara's purchase with five uses, that run out on day 20 or sooner; what is unused then is lost to Anna, who earns on it."""

    def buy(uses, validity_days=20):
        anna = shop.member("anna@example.com")
        nature = {"vesting": "use_count", "uses": 5, "validity_days": validity_days, "forfeit_unused": True}
        transaction(shop.product, "lost", price_fen=10000, **nature)
        placed = shop.buy(Person("clara@example.com"), via=anna, slug="lost")
        line_id = shop.count("SELECT max(id) FROM order_line")
        transaction(trade.use, shop.order_id(placed), line_id, uses, "buyer", shop.now + 1)
        return anna, placed

    return buy


@pytest.mark.parametrize("what", ["dispute", "refund"])
def test_what_was_used_up_is_kept_though_it_runs_out_before_the_hold_ends(shop, used, what):
    """Three days of validity, seven of hold; on day four something looks at the line once more."""
    anna, placed = used(5, validity_days=3)
    if what == "dispute":
        case = Case(shop, placed)
        shop.pass_days(4)
        case.do(trade.withdraw_claim, actor="buyer")
    else:
        refund_id = shop.refund(placed, 100, done=False)
        shop.pass_days(4)
        transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    shop.pass_days(10)
    assert shop.wallet(anna).available_fen == 1000


@pytest.mark.parametrize(("uses", "earned_fen"), [(5, 1000), (4, 800)])
def test_a_refund_that_fails_after_the_rest_ran_out_takes_nothing(shop, used, uses, earned_fen):
    anna, placed = used(uses)
    refund_id = shop.refund(placed, 6000, done=False)
    shop.pass_days(20)
    transaction(trade.settle_refund, refund_id, state="failed", now=shop.now)
    shop.pass_days(1)
    assert shop.wallet(anna).available_fen == earned_fen
