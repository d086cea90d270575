"""WeChat Pay from end to end: a payment, its notices at the callback address, refunds, and what a stranger may send there."""

import json

import pytest

from app import payments, trade
from app.db import transaction
from app.payments import Verdict
from tests.fakes.wechat_server import WechatServer
from tests.hooks.caller import NOTHING, ONE, Caller
from tests.payments.starting import begin
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
PAID, BACK = "TRANSACTION.SUCCESS", "REFUND.SUCCESS"
# The sale is booked, and anna's commission.
SOLD = ONE | {"booked": 2}
STATE, REFUNDED = "SELECT state FROM refund", "SELECT sum(refunded_fen) FROM order_line"


@pytest.fixture
def provider(shop):
    with WechatServer(now=shop.now) as server:
        yield server


@pytest.fixture
def account(shop, provider):
    values = {"gateway": "wechat", "name": "微信支付", "settings": provider.settings(), "enabled": True}
    transaction(payments.create_channel, slug="wechat", **values, now=shop.now)
    return transaction(payments.channel_by_slug, "wechat")


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def placed(shop, account, provider, anna):
    """An order of 100 yuan whose buyer looks at the code, and pays."""
    order = shop.place(CLARA, via=anna, channel="wechat")
    transaction(payments.note_start, order.payment_number, begin(account, order.payment_number, method="wxpay"))
    provider.pay(order.payment_number)
    return order


@pytest.fixture
def caller(app, shop):
    return Caller(app, shop)


@pytest.fixture
def tell(caller, provider):
    """Deliver a notice as WeChat Pay does; returns the status and the code of the answer."""

    def deliver(body, headers=None, content_type="application/json", slug="wechat", **options):
        own = provider.headers(body, **options) if headers is None else headers
        told = {"data": body, "headers": own, "content_type": content_type}
        status, text = caller.send(body, slug=slug, method="POST", **told)
        return status, json.loads(text)["code"] if slug == "wechat" else text

    return deliver


@pytest.fixture
def paid(provider, placed, tell):
    assert tell(provider.sealed(PAID, provider.payment(placed.payment_number))) == (200, "SUCCESS")
    return placed


def send(shop, placed, fen):
    return shop.refund(placed, fen, way="gateway", done=False), trade.send_refunds(shop.now)


def told(provider, refund, status="SUCCESS", **changes):
    return provider.sealed(f"REFUND.{status}", provider.refunded(refund, status, **changes), original="refund")


def test_a_payment_delivers_once(caller, provider, placed, tell, shop, anna):
    """C16: and the nonce that was used before says nothing new."""
    body = provider.sealed(PAID, provider.payment(placed.payment_number))
    assert [tell(body) for _ in range(5)] == [(200, "SUCCESS")] * 5
    assert caller.verdicts() == ["accepted"] + ["duplicate"] * 4
    assert (caller.effects(), shop.wallet(anna).held_fen) == (SOLD, 1000)
    assert shop.count("SELECT trade_number FROM payment") == provider.orders[placed.payment_number]["transaction_id"]
    assert "wechatpay-signature: " in shop.count("SELECT headers FROM notice ORDER BY id LIMIT 1")


def test_a_stranger_is_refused_and_kept(caller, provider, placed, tell, shop):
    """C24."""
    number = placed.payment_number
    body = provider.sealed(PAID, provider.payment(number))
    signed = provider.headers(body)
    attacks = [
        {"headers": {}},
        {"headers": signed | {"Wechatpay-Signature": ""}},
        {"headers": signed | {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + signed["Wechatpay-Signature"][19:]}},
        {"headers": signed | {"Wechatpay-Signature-Type": "MD5"}},
        {"body": body.replace(b'"id"', b'"iD"'), "headers": signed},
        {"body": json.dumps(json.loads(body), indent=1).encode(), "headers": signed},
        {"body": b"x" * 1_000_000, "headers": signed},
        {"content_type": "text/plain"},
        {"serial": "PUB_KEY_ID_0000000000000001"},
        {"key": provider.papers.foreign_key},
        {"key": provider.papers.merchant_key},
        {"at": shop.now - 301},
        {"at": shop.now + 301},
        {"body": provider.sealed(PAID, provider.payment(number), flip=True)},
        {"body": provider.sealed(PAID, provider.payment(number), secret="r9Wn4Bx7Tq2LmV6cZs8KpY3dHf5JgA1u")},
    ]
    for attack in attacks:
        assert tell(**({"body": body} | attack)) == (400, "FAIL")
    assert set(caller.verdicts()) == {"malformed", "forged"}
    assert len(caller.verdicts()) == len(attacks)
    assert caller.effects() == NOTHING
    assert tell(body) == (200, "SUCCESS")
    assert caller.effects() == SOLD


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"mchid": "1900000109"}, "foreign"),
        ({"appid": "wx0000000000000000"}, "foreign"),
        ({"amount": {"total": 1, "currency": "CNY"}}, "short"),
        ({"amount": {"total": 10001, "currency": "CNY"}}, "overpaid"),
        ({"amount": {"total": 10000, "currency": "USD"}}, "wrong_currency"),
        ({"trade_state": "REFUND"}, "not_paid"),
        ({"trade_state": "USERPAYING"}, "not_paid"),
        ({"out_trade_no": "P0000000"}, "unknown"),
    ],
)
def test_what_does_not_fit_the_payment_pays_nothing(caller, provider, placed, tell, changes, verdict):
    """C06, C09, C10, C14, C29: signed and sealed well, and about something else."""
    assert tell(provider.sealed(PAID, provider.payment(placed.payment_number, **changes))) == (200, "SUCCESS")
    assert (caller.verdicts(), caller.effects()["paid"], caller.effects()["sold"]) == ([verdict], 0, 0)


def test_a_notice_of_another_channels_payment_changes_nothing(caller, provider, account, tell, shop):
    """C02, C05."""
    other = shop.place(Person("dora@example.com"), address="192.0.2.9")
    provider.opened(other.payment_number)
    body = provider.sealed(PAID, provider.payment(other.payment_number))
    assert tell(body) == (200, "SUCCESS")
    assert tell(body, slug="sandbox")[0] == 400
    assert (caller.verdicts(), caller.effects()["paid"]) == (["wrong_channel", "malformed"], 0)


def test_one_transfer_pays_one_order(caller, provider, paid, tell, shop, account):
    """C19, C20."""
    second = shop.place(Person("dora@example.com"), channel="wechat", address="192.0.2.9")
    begin(account, second.payment_number, method="wxpay")
    provider.pay(second.payment_number)
    reused = provider.orders[paid.payment_number]["transaction_id"]
    tell(provider.sealed(PAID, provider.payment(second.payment_number, transaction_id=reused)))
    tell(provider.sealed(PAID, provider.payment(paid.payment_number, transaction_id="4200" + "7" * 24)))
    assert caller.verdicts() == ["accepted", "reused_trade", "double_paid"]
    assert caller.effects()["sold"] == 1


def test_the_buyers_way_back_pays_nothing(visitor, caller, provider, placed, tell):
    """C25: return before notice, with whatever parameters, and notice before return."""
    provider.orders[placed.payment_number]["trade_state"] = "NOTPAY"
    visitor.get(f"/orders/{placed.number}?key={placed.secret}")
    for query in ("", "?paid=1", "?trade_state=SUCCESS&out_trade_no=" + placed.payment_number):
        visitor.get(f"/orders/{placed.number}/payment/return{query}")
    assert caller.effects() == NOTHING
    provider.pay(placed.payment_number)
    assert tell(provider.sealed(PAID, provider.payment(placed.payment_number))) == (200, "SUCCESS")
    visitor.get(f"/orders/{placed.number}/payment/return")
    assert caller.effects() == SOLD
    assert "PS-0" in visitor.get(f"/orders/{placed.number}").text


def test_a_lost_notice_is_healed_by_asking(provider, placed, account, caller, tell, shop):
    provider.orders[placed.payment_number]["trade_state"] = "NOTPAY"
    trade.ask(account, placed.payment_number, shop.now)
    assert caller.effects() == NOTHING
    provider.pay(placed.payment_number)
    assert trade.ask(account, placed.payment_number, shop.now) is Verdict.ACCEPTED
    assert caller.effects() == SOLD
    assert tell(provider.sealed(PAID, provider.payment(placed.payment_number))) == (200, "SUCCESS")
    assert caller.effects() == SOLD


def test_a_channel_without_keys_has_no_address(caller, provider, shop):
    """C01."""
    body = provider.sealed(PAID, {})
    status, _text = caller.send(body, slug="wechat", method="POST", data=body, headers=provider.headers(body))
    assert (status, caller.effects()) == (404, NOTHING)


# Refunds


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
