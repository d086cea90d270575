"""The provider's fee: booked with the sale, a part of a fen is a fen (distribution E22)."""

import pytest

from app import payments
from app.db import transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def book(shop, fee_bps, paid_fen):
    settings = {"name": "测试", "settings": {}, "enabled": True}
    transaction(payments.change_channel, "sandbox", terms=payments.Terms(fee_bps=fee_bps), **settings)
    transaction(shop.product, "priced", price_fen=paid_fen)
    shop.buy(Person("clara@example.com"), slug="priced")
    posted = "SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = :account"
    accounts = ("exp:gateway_fee", "asset:gateway:sandbox", "income:sales")
    return [shop.count(posted, account=account) for account in accounts]


@pytest.mark.parametrize(
    ("fee_bps", "paid_fen", "fee_fen"),
    [(60, 10000, 60), (60, 999, 6), (0, 999, 0), (1, 1, 1), (1000, 999, 100), (60, 16667, 101)],
)
def test_it_is_rounded_up_and_comes_off_what_the_provider_holds(shop, fee_bps, paid_fen, fee_fen):
    assert book(shop, fee_bps, paid_fen) == [fee_fen, paid_fen - fee_fen, -paid_fen]


def test_commission_is_of_the_price_and_not_of_what_is_left(shop):
    """E22: the shop bears the fee."""
    transaction(
        payments.change_channel, "sandbox", name="测试", settings={}, enabled=True, terms=payments.Terms(fee_bps=60)
    )
    anna = shop.member("anna@example.com")
    shop.buy(Person("clara@example.com"), via=anna)
    assert shop.wallet(anna).held_fen == 1000


def test_a_refund_sends_the_whole_price_back_and_the_fee_stays(shop):
    transaction(
        payments.change_channel, "sandbox", name="测试", settings={}, enabled=True, terms=payments.Terms(fee_bps=60)
    )
    placed = shop.buy(Person("clara@example.com"))
    shop.refund(placed, 10000, way="gateway")
    left = "SELECT sum(amount_fen) FROM posting WHERE account = :account"
    assert shop.count(left, account="asset:gateway:sandbox") == -60
    assert shop.count(left, account="exp:gateway_fee") == 60
