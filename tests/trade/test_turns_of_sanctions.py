"""Acts that meet at the same moment take turns: none leaves a dispute that cannot end, or a payout that a ban did not see."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import current_app

from app import settlement, trade
from app.db import transaction
from tests.settlement.cashier import Cashier
from tests.shop import Person
from tests.trade.disputing import Case
from tests.trade.test_accrue_later import allow, refuse

pytestmark = pytest.mark.both_databases


def overlap(first, second):
    """Begin `second` in another thread while the transaction of `first` is open."""
    app = current_app._get_current_object()

    def other():
        with app.app_context():
            return transaction(second)

    with ThreadPoolExecutor(1) as pool:

        def slowly(tx):
            first(tx)
            waiting = pool.submit(other)
            time.sleep(0.4)
            return waiting

        return transaction(slowly).result(20)


def test_a_claim_during_a_late_accrual_can_be_ended(shop):
    boris, dora = shop.member("boris@example.com"), shop.member("dora@example.com")
    placed = shop.place(Person("clara@example.com"), via=boris)
    refuse()
    shop.pay(placed)
    allow()
    claim = {"order_number": placed.number, "claim": "x", "actor": "d", "now": shop.now + 61}
    node_id = shop.node(dora).id
    number = overlap(
        lambda tx: trade.retry_accruals(tx, shop.now + 61), lambda tx: trade.claim_commission(tx, node_id, **claim)
    )
    assert shop.wallet(boris).frozen_fen == 1000
    Case.of(shop, number).do(trade.withdraw_claim, actor="d")
    assert shop.wallet(boris).held_fen == 1000


def test_a_payout_that_is_asked_for_during_a_ban_is_rejected(shop):
    cashier, anna = Cashier(shop), shop.member("anna@example.com")
    cashier.payee(anna)
    shop.buy(Person("clara@example.com"), via=anna)
    shop.pass_days(7)
    node_id, settings, now = shop.node(anna).id, shop.settings, shop.now
    overlap(
        lambda tx: settlement.request_payout(tx, anna.account_id, 1000, settings, actor="a", now=now),
        lambda tx: trade.ban(tx, node_id, reason="fraud", actor="o", now=now),
    )
    assert shop.count("SELECT state FROM payout") == "rejected"
    assert shop.wallet(anna).frozen_fen == 1000
