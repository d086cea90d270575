"""Uses take turns with the commission that was put off, and with refunds: none is lost, and none is spent after its refund."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import current_app

from app import trade
from app.db import transaction
from app.errors import Refusal
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@contextmanager
def meanwhile(act, *args):
    """Run an act in another thread while the body's transaction is open; yields its future."""
    app = current_app._get_current_object()

    def run():
        with app.app_context():
            return transaction(act, *args)

    with ThreadPoolExecutor(1) as pool:
        yield lambda: pool.submit(run)


@pytest.fixture
def bought(shop, monkeypatch):
    """Seven uses that Clara bought through Anna, whose commission could not be computed yet."""
    anna = shop.member("anna@example.com")
    transaction(shop.product, "goods", price_fen=999, vesting="use_count", uses=7)

    def fail(*_):
        raise RuntimeError("the network is away")

    with monkeypatch.context() as patch:
        # The name app.trade.confirm is the act; its module is meant.
        patch.setattr(sys.modules["app.trade.confirm"], "accrue", fail)
        placed = shop.buy(Person("clara@example.com"), via=anna, slug="goods")
    return placed, shop.order_id(placed), shop.count("SELECT max(id) FROM order_line"), anna


def test_a_use_during_the_late_accrual_is_earned(shop, bought):
    _, order_id, line_id, anna = bought
    shop.now += 600
    with meanwhile(trade.use, order_id, line_id, 3, "account:1", shop.now) as use:

        def accrue_slowly(tx):
            assert trade.retry_accruals(tx, shop.now) == 1
            waiting = use()
            time.sleep(0.3)
            return waiting

        transaction(accrue_slowly).result(10)
    shop.pass_days(7)
    assert shop.wallet(anna).available_fen == 42


def test_a_use_that_waited_for_the_refund_of_the_whole_is_refused(shop, bought):
    _, order_id, line_id, _ = bought
    with meanwhile(trade.use, order_id, line_id, 1, "account:1", shop.now) as use:

        def refund_slowly(tx):
            trade.refund(tx, order_id, amount_fen=999, way="hand", reason="test", actor="account:1", now=shop.now)
            waiting = use()
            time.sleep(0.3)
            return waiting

        with pytest.raises(Refusal):
            transaction(refund_slowly).result(10)
    assert shop.count("SELECT uses_left FROM entitlement") == 7
    assert shop.count("SELECT count(*) FROM entitlement_event") == 0
