"""What runs out unused is lost to the distributors too, where the product says so (distribution 1.10)."""

import pytest

from app import trade
from app.db import transaction
from tests.shop import Person

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
