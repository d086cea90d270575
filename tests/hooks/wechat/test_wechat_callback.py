"""WeChat Pay from end to end: a payment, its notice at the callback address, and what a stranger may send there."""

import json

import pytest

from app import trade
from app.payments import Verdict
from tests.hooks.caller import NOTHING, ONE
from tests.payments.starting import begin
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
PAID, BACK = "TRANSACTION.SUCCESS", "REFUND.SUCCESS"
# The sale is booked, and anna's commission.
SOLD = ONE | {"booked": 2}
STATE, REFUNDED = "SELECT state FROM refund", "SELECT sum(refunded_fen) FROM order_line"


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
