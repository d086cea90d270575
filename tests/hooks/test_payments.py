"""The callback address: what it answers, what it keeps, and what it changes, for every notice that a provider may send."""

import pytest

from app import payments
from app.db import transaction
from tests.hooks.caller import NOTHING, ONE
from tests.payments.notices import KEY, SETTINGS
from tests.shop import Person

CLARA = Person("clara@example.com")


@pytest.fixture
def placed(shop, epay):
    return shop.place(CLARA, channel="epay")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_delivers_for_a_good_notice(caller, placed, method):
    assert caller.send(caller.signed(placed), method=method) == (200, "success")
    assert caller.kept() == [("accepted", "callback", method)]
    assert caller.effects() == ONE


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_takes_the_notices_of_the_test_channel_alike(shop, caller, method):
    order = shop.place(CLARA)
    assert caller.send(shop.notice(order), slug="sandbox", method=method) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["accepted"], ONE)


@pytest.mark.parametrize("money", ["100", "100.0", "100.00"])
def test_it_takes_an_amount_in_every_plain_spelling(caller, placed, money):
    """C07."""
    for _ in range(2):
        assert caller.send(caller.signed(placed, money=money)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["accepted", "duplicate"], ONE)


@pytest.mark.parametrize(
    "money", ["1e2", "１００.００", "100.00 ", "-100.00", "NaN", "100,00", "100.001", "0x64", "", None]
)
def test_it_refuses_an_amount_in_any_other(caller, placed, money):
    """C08."""
    assert caller.send(caller.signed(placed, money=money)) == (400, "fail")
    assert (caller.verdicts(), caller.effects()) == (["malformed"], NOTHING)


@pytest.mark.parametrize(("money", "verdict"), [("0.01", "short"), ("99.99", "short"), ("100.01", "overpaid")])
def test_it_keeps_another_amount_for_the_merchant(caller, placed, money, verdict):
    """C06, C09: signed with the right key, and still no goods."""
    assert caller.send(caller.signed(placed, money=money)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == ([verdict], NOTHING)


@pytest.mark.parametrize(
    "sign", ["true", "[]", "{}", "1", "", None, "f" * 32, "F" * 32, "g" * 32, "０" * 32, "é", "x" * 40000, "0" * 31]
)
def test_it_refuses_a_signature_that_is_none(caller, placed, sign):
    """C13."""
    values = {name: value for name, value in (caller.signed(placed) | {"sign": sign}).items() if value is not None}
    for method in ("GET", "POST"):
        assert caller.send(values, method=method) == (400, "fail")
    assert set(caller.verdicts()) <= {"malformed", "forged"}
    assert (len(caller.verdicts()), caller.effects()) == (2, NOTHING)


def test_it_refuses_a_signature_in_capitals(caller, placed):
    """C13."""
    values = caller.signed(placed)
    assert caller.send(values | {"sign": values["sign"].upper()}) == (400, "fail")
    assert (caller.verdicts(), caller.effects()) == (["malformed"], NOTHING)


@pytest.mark.parametrize("key", ["", "1001", KEY[:-1], KEY.lower()])
def test_it_refuses_a_signature_by_another_key(caller, placed, key):
    """C03."""
    assert caller.send(caller.signed_by(key, placed)) == (400, "fail")
    assert (caller.verdicts(), caller.effects()) == (["forged"], NOTHING)


@pytest.mark.parametrize("status", ["TRADE_CLOSED", "WAIT_BUYER_PAY", "trade_success", "1", "", None])
def test_it_changes_nothing_until_the_provider_says_paid(caller, placed, status):
    """C14: and the same payment may still be made afterwards."""
    assert caller.send(caller.signed(placed, trade_status=status)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["not_paid"], NOTHING)
    assert caller.send(caller.signed(placed)) == (200, "success")
    assert caller.effects() == ONE


def test_it_answers_twenty_repeats_and_delivers_once(caller, placed):
    """C16."""
    answers = {caller.send(caller.signed(placed)) for _ in range(20)}
    assert answers == {(200, "success")}
    assert (caller.verdicts(), caller.effects()) == (["accepted"] + ["duplicate"] * 19, ONE)


def test_it_takes_one_transfer_for_one_order_only(shop, caller, placed):
    """C19."""
    other = shop.place(Person("dora@example.com"), channel="epay")
    for order in (placed, other):
        assert caller.send(caller.signed(order)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["accepted", "reused_trade"], ONE)


def test_it_keeps_a_second_transfer_for_a_paid_order(caller, placed):
    """C20."""
    for trade_no in ("T1", "T2"):
        assert caller.send(caller.signed(placed, trade_no=trade_no)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["accepted", "double_paid"], ONE)


@pytest.mark.parametrize("pid", ["1002", "01001", "1001-"])
def test_it_keeps_what_was_paid_to_another_merchant(caller, placed, pid):
    """C29: signed by the platform, and none of ours."""
    assert caller.send(caller.signed(placed, pid=pid)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["foreign"], NOTHING)


@pytest.mark.parametrize("method", ["wxpay", "qqpay", "ALIPAY"])
def test_it_keeps_what_was_paid_in_another_way(caller, placed, method):
    """C30."""
    assert caller.send(caller.signed(placed, type=method)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["wrong_method"], NOTHING)


@pytest.mark.parametrize(
    "extra",
    [{"notify_url": "https://shop/x"}, {"return_url": ""}, {"clientip": "::1"}, {"device": "pc"}, {"name": "x&y"}],
)
def test_it_refuses_what_only_our_own_forms_have_and_asks(shop, caller, placed, extra):
    """C22, C30: rightly signed or not; the worker asks the provider then."""
    assert caller.send(caller.signed(placed, **extra)) == (400, "fail")
    assert (caller.verdicts(), caller.effects()) == (["malformed"], NOTHING)
    assert shop.count("SELECT query_at FROM payment") == shop.now


def test_it_does_not_believe_an_unknown_key_while_nobody_can_be_asked(shop, caller, placed):
    """C30: stored, answered, and asked about again later."""
    assert caller.send(caller.signed(placed, surprise="1")) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["unconfirmed"], NOTHING)
    assert shop.count("SELECT query_at FROM payment") == shop.now


def test_it_keeps_what_no_payment_of_ours_is_named_in(caller, placed):
    assert caller.send(caller.signed(placed, out_trade_no="NOSUCHNUMBER")) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["unknown"], NOTHING)


def test_it_keeps_what_came_to_the_address_of_another_channel(shop, caller, placed):
    """C05: the same merchant and key, and an order of the other channel."""
    settings = SETTINGS | {"api_url": "http://127.0.0.1:9/"}
    other = {"gateway": "epay", "name": "易支付二", "settings": settings, "enabled": True, "now": shop.now}
    transaction(payments.create_channel, slug="epay-2", **other)
    assert caller.send(caller.signed(placed), slug="epay-2") == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["wrong_channel"], NOTHING)


def test_it_delivers_what_came_after_the_order_expired_while_there_are_goods(shop, caller, placed):
    caller.expire(placed)
    assert caller.send(caller.signed(placed)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["accepted"], ONE)
    assert shop.count("SELECT count(*) FROM card WHERE state = 'available'") == 19


def test_it_keeps_what_came_after_the_goods_were_gone(shop, caller, placed):
    caller.expire(placed)
    for number in (1, 2):
        shop.buy(Person(f"p{number}@example.com"), quantity=10, address=f"198.51.100.{number}")
    assert caller.send(caller.signed(placed)) == (200, "success")
    assert caller.verdicts()[-1] == "late"
    assert shop.count("SELECT count(*) FROM stray WHERE state = 'open'") == 1


def test_it_listens_for_a_channel_that_was_switched_off(caller, placed):
    """C04."""
    settings = {**SETTINGS, "api_url": "http://127.0.0.1:9/"}
    transaction(payments.change_channel, "epay", name="易支付", settings=settings, enabled=False)
    assert caller.send(caller.signed(placed)) == (200, "success")
    assert (caller.verdicts(), caller.effects()) == (["accepted"], ONE)
