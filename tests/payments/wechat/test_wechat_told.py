"""What a notice of WeChat Pay tells of refunds; and reading it never raises, and tells no secret."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from app.payments.gateways import Notice
from tests.fakes.wechat_server import (
    APP_ID,
    SECRET,
    private_pem,
)
from tests.payments.starting import NOW, NUMBER
from tests.payments.wechat_notices import BACK, JSON, PAID, WECHAT, delivery, read


def refunded(provider, status="SUCCESS", kind=None, **changes):
    refund = provider.refund(NUMBER, 1000)
    thing = provider.refunded(refund, status, **changes)
    return refund, read(provider, provider.sealed(kind or f"REFUND.{status}", thing, original="refund"))


def test_a_refund_is_told_of_by_wechat_pays_number(provider):
    refund, reading = refunded(provider)
    assert (reading.verdict, reading.paid, reading.tells_of_payment) == ("valid", False, False)
    assert (reading.refund_number, reading.refunded_fen, reading.amount_fen) == (refund["refund_id"], 1000, 1230)
    assert (reading.payment_number, reading.trade_number) == (NUMBER, refund["transaction_id"])
    assert (reading.merchant, reading.method, reading.refund_failed) == (
        WECHAT.merchant(provider.settings()),
        "wxpay",
        False,
    )


def test_a_refund_that_was_closed_failed(provider):
    refund, reading = refunded(provider, "CLOSED")
    assert (reading.refund_number, reading.refund_failed) == (refund["refund_id"], True)


def test_a_refund_that_the_bank_sent_back_is_settled_at_wechat_pay(provider):
    refund, reading = refunded(provider, "ABNORMAL")
    assert (reading.verdict, reading.concerns_us, reading.refund_number) == ("valid", False, None)
    assert refund["refund_id"] in reading.reason


def test_a_refund_of_another_merchant_is_not_ours(provider):
    assert refunded(provider, mchid="1900000109")[1].merchant == f"{APP_ID}/1900000109"


@pytest.mark.parametrize(
    "changes",
    [
        {"refund_id": None}, {"refund_id": 7}, {"mchid": None}, {"out_trade_no": ""}, {"transaction_id": []}, {"amount": None},
        {"amount": {"total": 1230}}, {"amount": {"total": 1230, "refund": "1000"}}, {"amount": {"total": 1230, "refund": 0}},
        {"amount": {"total": True, "refund": 1}}, {"refund_status": "PROCESSING"}, {"refund_status": None}, {"refund_status": True},
        {"refund_status": "CLOSED"},
    ],
)  # fmt: skip
def test_a_refund_without_shape_is_malformed(provider, changes):
    assert refunded(provider, **changes)[1].verdict == "malformed"


# And whatever else there is


@given(
    body=st.binary(max_size=300),
    headers=st.dictionaries(
        st.sampled_from(["wechatpay-signature", "wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial"]),
        st.text(max_size=400),
    ),
    method=st.sampled_from(["POST", "GET"]),
    content_type=st.sampled_from([JSON, "", "text/html"]),
)
@limits(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_reading_never_raises(provider, body, headers, method, content_type):
    reading = WECHAT.read(provider.settings(), Notice(method, b"", body, content_type, headers), NOW)
    assert reading.verdict in ("malformed", "forged")


@given(
    thing=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["mchid", "appid", "amount", "total", "refund", "currency", "out_trade_no"]),
                inner,
                max_size=5,
            )
        ),
    )
)
@limits(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_sealed_reading_never_raises(provider, thing):
    for kind in (PAID, BACK):
        inside = json.dumps(thing).encode()
        reading = read(provider, provider.sealed(kind, inside))
        assert (reading.verdict, reading.paid) == ("malformed", False)


def test_no_reason_holds_a_secret(provider, body):
    bad = [provider.sealed(PAID, provider.payment(NUMBER), flip=True), b"{}", body]
    pem = private_pem(provider.papers.merchant_key)[60:120]
    for one in bad:
        for notice in (delivery(provider, one), delivery(provider, one, headers={})):
            reason = WECHAT.read(provider.settings(), notice, NOW).reason
            assert SECRET not in reason
            assert pem not in reason


@pytest.mark.parametrize(("accepted", "code"), [(True, "SUCCESS"), (False, "FAIL")])
def test_the_answer_is_the_protocols(accepted, code):
    body, content_type = WECHAT.acknowledge(accepted)
    assert (json.loads(body)["code"], content_type) == (code, JSON)
    assert ("message" in json.loads(body)) is not accepted
