"""Refunds through WeChat Pay from end to end: the shop's own, those made at WeChat Pay, early, late and refused ones."""

import pytest

from app import trade
from tests.hooks.caller import ONE
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
PAID, BACK = "TRANSACTION.SUCCESS", "REFUND.SUCCESS"
# The sale is booked, and anna's commission.
SOLD = ONE | {"booked": 2}
STATE, REFUNDED = "SELECT state FROM refund", "SELECT sum(refunded_fen) FROM order_line"


def send(shop, placed, fen):
    return shop.refund(placed, fen, way="gateway", done=False), trade.send_refunds(shop.now)


def told(provider, refund, status="SUCCESS", **changes):
    return provider.sealed(f"REFUND.{status}", provider.refunded(refund, status, **changes), original="refund")


def test_a_refund_of_ours_is_booked_once(caller, provider, paid, tell, shop, anna):
    assert send(shop, paid, 4000)[1] == 1
    (refund,) = provider.refunds.values()
    assert shop.count("SELECT reference FROM refund") == refund["refund_id"]
    assert [tell(told(provider, refund)) for _ in range(2)] == [(200, "SUCCESS")] * 2
    assert caller.verdicts() == ["accepted", "duplicate", "duplicate"]
    assert (shop.count(STATE), shop.count(REFUNDED), shop.wallet(anna).held_fen) == ("done", 4000, 600)
    assert shop.count("SELECT sum(amount_fen) FROM posting WHERE account = 'asset:gateway:wechat'") == 6000


@pytest.mark.parametrize(("status", "state", "left"), [("SUCCESS", "done", 4000), ("CLOSED", "failed", 0)])
def test_one_that_takes_its_time_is_settled_by_its_notice(
    caller, provider, paid, tell, shop, anna, status, state, left
):
    provider.refund_status = "PROCESSING"
    assert send(shop, paid, 4000)[1] == 0
    (refund,) = provider.refunds.values()
    assert (shop.count(STATE), shop.count("SELECT reference FROM refund")) == ("doubtful", refund["refund_id"])
    # What the bank sent back waits at WeChat Pay: nothing is settled by that.
    assert tell(told(provider, refund, "ABNORMAL")) == (200, "SUCCESS")
    assert shop.count(STATE) == "doubtful"
    assert [tell(told(provider, refund, status)) for _ in range(2)] == [(200, "SUCCESS")] * 2
    assert caller.verdicts() == ["accepted", "not_paid", "accepted", "duplicate"]
    assert (shop.count(STATE), shop.count("SELECT count(*) FROM refund")) == (state, 1)
    assert (shop.count(REFUNDED), shop.wallet(anna).held_fen) == (left, 1000 - left // 10)


def test_wechat_pay_is_told_where_to_tell_of_a_refund(provider, paid, shop):
    shop.refund(paid, 4000, way="gateway", done=False)
    assert trade.send_refunds(shop.now, "https://shop.example.com") == 1
    assert provider.calls[-1][2]["notify_url"] == "https://shop.example.com/hooks/payments/wechat"


def test_one_whose_answer_nobody_understood_is_settled_by_its_notice(caller, provider, paid, tell, shop):
    provider.faults = {"POST": "lost", "GET": "500"}
    assert send(shop, paid, 4000)[1] == 0
    assert (shop.count(STATE), len(provider.refunds)) == ("doubtful", 1)
    assert trade.send_refunds(shop.now + 86400) == 0
    (refund,) = provider.refunds.values()
    assert tell(told(provider, refund)) == (200, "SUCCESS")
    assert (shop.count(STATE), shop.count("SELECT count(*) FROM refund"), len(provider.refunds)) == ("done", 1, 1)


def test_one_made_at_wechat_pay_is_booked_once(caller, provider, paid, tell, shop, anna):
    for fen in (3000, 7000):
        body = told(provider, provider.refund(paid.payment_number, fen))
        assert [tell(body) for _ in range(3)] == [(200, "SUCCESS")] * 3
    assert caller.verdicts() == ["accepted"] + ["accepted", "duplicate", "duplicate"] * 2
    assert (shop.count("SELECT count(*) FROM refund"), shop.count(REFUNDED), shop.wallet(anna).held_fen) == (
        2,
        10000,
        0,
    )


def test_one_that_comes_before_the_payment_waits_for_it(caller, provider, placed, tell, shop, anna):
    """C27."""
    refund = told(provider, provider.refund(placed.payment_number, 10000))
    payment = provider.sealed(PAID, provider.payment(placed.payment_number))
    assert [tell(one) for one in (refund, refund, payment, refund, payment)] == [(200, "SUCCESS")] * 5
    assert caller.verdicts() == ["parked", "duplicate", "accepted", "duplicate", "duplicate"]
    assert (shop.count(STATE), shop.count(REFUNDED), shop.wallet(anna).held_fen) == ("done", 10000, 0)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"mchid": "1900000109"}, "foreign"),
        ({"amount": {"total": 10000, "refund": 10001}}, "refund_unfit"),
        ({"transaction_id": "4200" + "7" * 24}, "refund_unfit"),
    ],
)
def test_one_that_does_not_fit_is_kept_for_the_merchant(caller, provider, paid, tell, shop, changes, verdict):
    body = told(provider, provider.refund(paid.payment_number, 4000), **changes)
    assert tell(body) == (200, "SUCCESS")
    assert (caller.verdicts(), shop.count(REFUNDED)) == (["accepted", verdict], 0)


def test_a_refused_refund_is_as_if_it_had_not_been_asked_for(provider, paid, shop, anna):
    provider.refund(paid.payment_number, 9000)
    assert send(shop, paid, 4000)[1] == 0
    assert (shop.count(STATE), shop.count(REFUNDED), shop.wallet(anna).held_fen) == ("failed", 0, 1000)
