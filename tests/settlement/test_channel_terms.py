"""What a channel asks for: the provider's fee is booked with the sale (E22), and commission waits as long as it says."""

import pytest

from app import payments
from app.db import db, transaction
from tests.shop import KEY, Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def dear(shop):
    """A channel that keeps 0.6% and whose payments are disputed late."""
    settings = {"merchant_id": "1001", "key": KEY}
    row = {"slug": "dear", "gateway": "sandbox", "name": "贵", "settings": settings, "enabled": True}
    transaction(payments.create_channel, terms=payments.Terms(fee_bps=60, hold_days=30), now=shop.now, **row)
    anna = shop.member("anna@example.com")
    return shop.member("boris@example.com", via=anna), anna


def buy(shop, via, price_fen):
    transaction(shop.product, f"x{price_fen}", price_fen=price_fen)
    placed = shop.place(Person("clara@example.com"), via=via, slug=f"x{price_fen}", channel="dear")
    channel = payments.channel_by_slug(db.session, "dear")
    assert shop.deliver(shop.notice(placed), channel) is payments.Verdict.ACCEPTED


def of(shop, account):
    return shop.count("SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account LIKE :name", name=account)


@pytest.mark.parametrize(
    ("paid", "fee", "l1", "l2", "pool", "left"), [(10000, 60, 1000, 500, 100, 8340), (999, 6, 99, 49, 9, 836)]
)
def test_every_fen_of_a_sale_is_accounted_for(shop, dear, paid, fee, l1, l2, pool, left):
    buy(shop, dear[0], paid)
    shop.pass_days(30)
    found = (of(shop, "exp:gateway_fee"), shop.wallet(dear[0]).available_fen, shop.wallet(dear[1]).available_fen)
    assert found == (fee, l1, l2)
    assert -of(shop, "liab:pool:%") == pool
    assert of(shop, "asset:gateway:dear") == paid - fee
    assert -of(shop, "income:sales") - fee - l1 - l2 - pool == left


def test_the_longer_hold_counts(shop, dear):
    buy(shop, dear[0], 10000)
    shop.pass_days(29)
    assert shop.wallet(dear[0]).available_fen == 0
    shop.pass_days(1)
    assert shop.wallet(dear[0]).available_fen == 1000


def test_the_fee_can_be_taken_off_before_commission(shop, dear):
    from app import shop as room

    transaction(room.change_settings, commission_base="net_of_fee")
    buy(shop, dear[0], 10000)
    assert (shop.wallet(dear[0]).held_fen, shop.wallet(dear[1]).held_fen) == (994, 497)
    placed = type("Placed", (), {"number": shop.count("SELECT number FROM orders")})
    shop.refund(placed, 5000)
    assert shop.wallet(dear[0]).held_fen == 494
    shop.refund(placed, 5000)
    assert (shop.wallet(dear[0]).held_fen, shop.wallet(dear[1]).held_fen) == (0, 0)
