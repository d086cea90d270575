"""Our signature against an independent one: what epay-sdk signs we accept, and what we sign it accepts."""

from urllib.parse import parse_qsl, urlencode

import pytest
from epay_sdk import CreateOrderRequest, EPayClient, EPayConfig, EPaySignError
from hypothesis import given
from hypothesis import strategies as st

from app.payments.gateways.sandbox import sign_notice
from app.payments.gateways.signature import is_signed, sign, signed
from tests.payments.notices import KEY, SDK, SETTINGS, fields, get, post, read, signed_query

# epay-sdk strips white space from values before it signs; the protocol does not say so, and we send none at the ends.
values = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)
names = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)


@given(st.dictionaries(names, values, max_size=8))
def test_it_signs_as_epay_sdk_does(parameters):
    assert sign(parameters, KEY) == SDK.sign(parameters)
    assert SDK.verify_sign(signed(parameters, KEY))
    assert is_signed(parameters | {"sign": SDK.sign(parameters)}, KEY)


def test_it_signs_a_vector_that_can_be_worked_out_by_hand():
    # md5("a=1&b=2&c=3" + key): sorted by name, without empty values, sign and sign_type.
    parameters = {"c": "3", "a": "1", "b": "2", "d": "", "sign": "x", "sign_type": "MD5"}
    assert sign(parameters, "0123456789abcdef") == "7a07c4171aaeb1ea944f834ebbb8ce2b"


@pytest.mark.parametrize("deliver", [get, post])
def test_it_accepts_a_notice_that_epay_sdk_signed(deliver):
    reading = read(deliver(signed_query()))
    assert (reading.verdict, reading.paid, reading.needs_query, reading.reason) == ("valid", True, False, "")
    assert (reading.merchant, reading.payment_number, reading.trade_number) == ("1001", "P7K2M9QX", "20260131120000001")
    assert (reading.amount_fen, reading.currency, reading.method) == (10000, "CNY", "alipay")


def test_epay_sdk_accepts_a_notice_of_the_test_gateway():
    query = sign_notice(SETTINGS, payment_number="P7K2M9QX", trade_number="T1", method="alipay", money="12.30")
    result = SDK.verify_callback(dict(parse_qsl(query)))
    assert (result.pid, result.out_trade_no, result.trade_no, result.money) == ("1001", "P7K2M9QX", "T1", "12.30")
    assert SDK.is_trade_success({"trade_status": result.trade_status})


def test_epay_sdk_refuses_what_we_sign_with_another_key():
    query = sign_notice(
        SETTINGS | {"key": "another-good-key-4711"}, payment_number="P", trade_number="T", method="alipay", money="1.00"
    )
    with pytest.raises(EPaySignError):
        SDK.verify_callback(dict(parse_qsl(query)))


def test_it_refuses_what_epay_sdk_signs_with_another_key():
    other = EPayClient(EPayConfig(pid="1001", key="another-good-key-4711", base_url="https://a", environment="sandbox"))
    assert read(get(urlencode(fields() | {"sign": other.sign(fields())}))).verdict == "forged"


def test_an_order_form_of_epay_sdk_is_no_notice():
    request = CreateOrderRequest("P7K2M9QX", "订单", "100.00", "https://shop/hook", "https://shop/back", "alipay")
    reading = read(get(urlencode(SDK.build_create_order_params(request))))
    assert (reading.verdict, reading.needs_query, reading.paid) == ("malformed", True, False)
