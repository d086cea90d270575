"""R07: nobody earns by splitting a purchase into crumbs: what is rounded is rounded down, every time."""

import pytest

from app.db import transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases
ORDERS = 60


@pytest.mark.parametrize("price_fen", [1, 5, 9, 19])
def test_crumbs_earn_no_more_than_the_rate(shop, price_fen):
    transaction(shop.product, "crumb", price_fen=price_fen, codes=ORDERS)
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    clara = Person("clara@example.com")
    for number in range(ORDERS):
        shop.buy(clara, via=boris, slug="crumb", address=f"10.7.0.{number}")
    base_fen = ORDERS * price_fen
    earned = shop.wallet(boris).held_fen, shop.wallet(anna).held_fen
    assert earned == (ORDERS * (price_fen // 10), ORDERS * (price_fen // 20))
    assert earned[0] * 10 <= base_fen
    assert earned[1] * 20 <= base_fen
    assert shop.count("SELECT count(*) FROM commission WHERE gross_fen = 0") == 0
