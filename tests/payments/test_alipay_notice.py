"""What Alipay sends: strict in shape, signed by Alipay's key, and a refund is no payment once more."""

import json
from urllib.parse import parse_qsl, urlencode

import pytest

from app.payments.gateways import GATEWAYS, Notice
from tests.fakes.alipay_trade import public_text
from tests.payments.starting import NUMBER

ALIPAY = GATEWAYS["alipay"]
FORM = "application/x-www-form-urlencoded"


def read(alipay, body, **settings):
    return ALIPAY.read(alipay.settings(**settings), Notice("POST", b"", body.encode(), FORM), 0)


def test_a_good_notice(alipay, paid_at_alipay):
    reading = read(alipay, alipay.notice(NUMBER))
    assert (reading.verdict, reading.paid, reading.amount_fen) == ("valid", True, 1230)
    assert (reading.payment_number, reading.trade_number) == (NUMBER, paid_at_alipay["trade_no"])
    assert reading.merchant == ALIPAY.merchant(alipay.settings())
    assert read(alipay, alipay.notice(NUMBER), trust="certificates").paid


@pytest.mark.parametrize("status", ["WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_PENDING", "", None])
def test_a_status_that_is_not_paid(alipay, paid_at_alipay, status):
    """C14."""
    reading = read(alipay, alipay.notice(NUMBER, trade_status=status))
    assert (reading.verdict, reading.paid) == ("valid", False)


def test_finished_is_paid_too(alipay, paid_at_alipay):
    assert read(alipay, alipay.notice(NUMBER, trade_status="TRADE_FINISHED")).paid


def test_a_foreign_signature_is_forged(alipay, paid_at_alipay):
    assert read(alipay, alipay.notice(NUMBER, key=alipay.papers.foreign_key)).verdict == "forged"
    assert read(alipay, alipay.notice(NUMBER, key=alipay.papers.app_key)).verdict == "forged"


def test_without_a_sound_key_nothing_verifies(alipay, paid_at_alipay):
    for key in ("", "AAAA", public_text(alipay.papers.app_key)):
        assert read(alipay, alipay.notice(NUMBER), alipay_key=key).verdict == "forged"


@pytest.mark.parametrize("name", ["total_amount", "out_trade_no", "trade_no", "app_id", "seller_id", "trade_status"])
def test_a_change_on_the_way_is_forged(alipay, paid_at_alipay, name):
    form = dict(parse_qsl(alipay.notice(NUMBER)))
    assert read(alipay, urlencode(form | {name: "2088000000000002"})).verdict == "forged"
    assert read(alipay, urlencode({key: value for key, value in form.items() if key != name})).verdict == "forged"
    assert read(alipay, urlencode(form | {"new": "1"})).verdict == "forged"


@pytest.mark.parametrize(
    "change",
    [
        {"sign": ""},
        {"sign": "x"},
        {"sign": "A" * 344},
        {"sign": "１" * 344},
        {"sign_type": "RSA"},
        {"sign_type": "MD5"},
        {"charset": "gbk"},
    ],
)
def test_another_signature_is_refused(alipay, paid_at_alipay, change):
    form = dict(parse_qsl(alipay.notice(NUMBER))) | change
    assert read(alipay, urlencode(form)).verdict in ("malformed", "forged")


@pytest.mark.parametrize("value", ["1e2", "１２.３０", "12.30 ", "-12.30", "NaN", "12,30", "", None])
def test_an_amount_is_spelled_in_one_way(alipay, paid_at_alipay, value):
    """C08."""
    assert read(alipay, alipay.notice(NUMBER, total_amount=value)).verdict == "malformed"


def test_shapes_that_are_none(alipay, paid_at_alipay):
    """C13, C21."""
    body = alipay.notice(NUMBER)
    for notice in (
        Notice("POST", b"", b"", FORM),
        Notice("POST", b"", f"{body}&total_amount=0.01".encode(), FORM),
        Notice("POST", b"total_amount=0.01", body.encode(), FORM),
        Notice("POST", b"", body.encode(), "application/json"),
        Notice("POST", b"", body.encode(), ""),
        Notice("PUT", b"", body.encode(), FORM),
        Notice("POST", b"", b"a=" + b"9" * 1_000_000, FORM),
        Notice("POST", b"", b"\xff\xfe=1", FORM),
        Notice("POST", b"", b"%FF=1&sign=%00", FORM),
        Notice("POST", b"", json.dumps(dict(parse_qsl(body))).encode(), FORM),
    ):
        assert ALIPAY.read(alipay.settings(), notice, 0).verdict == "malformed"


def test_a_return_is_asked_about_before_it_is_believed(alipay, paid_at_alipay):
    """C25."""
    query = alipay.notice(NUMBER, trade_status=None, notify_id=None).encode()
    reading = ALIPAY.read(alipay.settings(), Notice("GET", query, b"", ""), 0)
    assert (reading.verdict, reading.needs_query) == ("valid", True)


def test_a_refund_at_alipays_own_site_is_told_of_as_a_total(alipay, paid_at_alipay):
    reading = read(alipay, alipay.notice(NUMBER, refund_fee="2.30", gmt_refund="2026-02-01 10:00:00.123"))
    assert (reading.refunded_fen, reading.refund_is_total) == (230, True)
    assert reading.refund_number == f"{paid_at_alipay['trade_no']}-230"
    assert read(alipay, alipay.notice(NUMBER, refund_fee="x")).verdict == "malformed"


@pytest.mark.parametrize("asked_by", ["R1", "the trade", None])
def test_who_asked_for_a_refund_is_not_told_by_its_number(alipay, paid_at_alipay, asked_by):
    """Recorded notices of refunds at Alipay's own site bear the trade's number there."""
    number = paid_at_alipay["trade_no"] if asked_by == "the trade" else asked_by
    reading = read(alipay, alipay.notice(NUMBER, refund_fee="2.30", out_biz_no=number, gmt_refund=None))
    assert (reading.verdict, reading.refunded_fen, reading.refund_is_total) == ("valid", 230, True)
