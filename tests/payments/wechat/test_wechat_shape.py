"""The shape of a notice of WeChat Pay: headers, body, and the types of what was sealed."""

import json

import pytest

from tests.payments.starting import NOW, NUMBER
from tests.payments.wechat_notices import PAID, WECHAT, read, told


@pytest.mark.parametrize("name", ["Timestamp", "Nonce", "Signature", "Serial"])
@pytest.mark.parametrize("value", [None, "", " ", "１", "é", "x" * 5000, "\0"])
def test_headers_without_shape_are_refused(provider, body, name, value):
    headers = {
        key: one for key, one in provider.headers(body).items() if key != f"Wechatpay-{name}" or value is not None
    }
    if value is not None:
        headers[f"Wechatpay-{name}"] = value
    assert read(provider, body, headers=headers).verdict == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"Wechatpay-Signature": "A" * 344}, {"Wechatpay-Signature": "true"}, {"Wechatpay-Signature": "A" * 343 + "="},
        {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"}, {"Wechatpay-Signature-Type": "MD5"},
        {"Wechatpay-Timestamp": "-1"}, {"Wechatpay-Timestamp": "1e9"}, {"Wechatpay-Timestamp": f"{NOW}.0"},
        {"Wechatpay-Timestamp": f"{NOW}\n"}, {"Wechatpay-Timestamp": "9" * 40}, {"Wechatpay-Nonce": "a\nb"},
    ],
)  # fmt: skip
def test_another_signature_is_malformed(provider, body, change):
    assert read(provider, body, headers=provider.headers(body) | change).verdict == "malformed"


def test_deliveries_that_are_none(provider, body):
    """C13, C21."""
    for reading in (
        read(provider, body, method="GET"),
        read(provider, body, method="PUT"),
        read(provider, body, query=b"out_trade_no=1"),
        read(provider, body, content_type="text/plain"),
        read(provider, body, content_type="application/x-www-form-urlencoded"),
        read(provider, body, content_type=""),
        read(provider, b'{"a": "' + b"9" * 1_000_000 + b'"}'),
        read(provider, body, headers={}),
    ):
        assert reading.verdict == "malformed"
    assert read(provider, body, content_type="application/json; charset=utf-8").paid


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "7", '"x"', "{", '{"event_type": NaN}', "[" * 60000, '{"a": 1, "a": 2}', "{}"]
)
def test_a_body_that_is_no_notice_is_malformed(provider, text):
    assert read(provider, text.encode()).verdict == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"event_type": None}, {"event_type": 7}, {"event_type": ["TRANSACTION.SUCCESS"]}, {"event_type": "transaction.success"},
        {"resource_type": "plain"}, {"resource_type": None}, {"resource": None}, {"resource": []}, {"resource": {}},
    ],
)  # fmt: skip
def test_a_notice_of_another_shape_is_malformed(provider, change):
    assert read(provider, provider.sealed(PAID, provider.payment(NUMBER), **change)).verdict == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "AES"}, {"algorithm": None}, {"nonce": ""}, {"nonce": "short"}, {"nonce": "é" * 12}, {"nonce": 7},
        {"associated_data": 7}, {"associated_data": []}, {"ciphertext": ""}, {"ciphertext": "?" * 60}, {"ciphertext": 7},
        {"ciphertext": None}, {"ciphertext": "A" * 20},
    ],
)  # fmt: skip
def test_a_seal_without_shape_is_malformed(provider, change):
    whole = json.loads(provider.sealed(PAID, provider.payment(NUMBER)))
    changed = json.dumps(whole | {"resource": whole["resource"] | change}).encode()
    assert read(provider, changed).verdict == "malformed"


def test_what_adds_nothing_may_be_left_out(provider):
    whole = json.loads(provider.sealed(PAID, provider.payment(NUMBER), original=""))
    for change in ({"associated_data": None}, {"associated_data": ""}):
        assert read(provider, json.dumps(whole | {"resource": whole["resource"] | change}).encode()).paid


@pytest.mark.parametrize(
    "inside", [b"", b"[]", b"null", b"\xff\xfe", b'{"mchid": "1", "mchid": "2"}', b"{}", b"not json at all"]
)
def test_what_was_sealed_has_to_be_a_payment(provider, inside):
    verdict = read(provider, provider.sealed(PAID, inside)).verdict
    assert verdict == "malformed"


def test_a_name_that_comes_twice_inside_is_malformed(provider):
    text = json.dumps(provider.payment(NUMBER))
    assert read(provider, provider.sealed(PAID, text.encode())).paid
    twice = text[:-1] + ', "out_trade_no": "P0000000"}'
    assert read(provider, provider.sealed(PAID, twice.encode())).verdict == "malformed"


@pytest.mark.parametrize(
    "total", ["1230", 12.3, 1230.0, True, None, 0, -1230, "1e2", "１２３０", 10**12, [1230], {"fen": 1230}]
)
def test_an_amount_is_a_whole_number_of_fen(provider, total):
    """C08."""
    assert told(provider, amount={"total": total, "currency": "CNY"}).verdict == "malformed"


@pytest.mark.parametrize("currency", [None, "", "cny", "CN", "ＣＮＹ", 156, ["CNY"], "CNY "])
def test_a_currency_is_three_letters(provider, currency):
    assert told(provider, amount={"total": 1230, "currency": currency}).verdict == "malformed"


def test_another_currency_is_told(provider):
    """C10."""
    assert told(provider, amount={"total": 1230, "currency": "USD"}).currency == "USD"


@pytest.mark.parametrize("name", ["appid", "mchid", "out_trade_no", "transaction_id", "trade_state", "amount"])
@pytest.mark.parametrize("value", [None, "left out", 7, True, [], {}, ""])
def test_every_part_has_its_type(provider, name, value):
    thing = provider.payment(NUMBER) | {name: value}
    if value == "left out":
        del thing[name]
    reading = read(provider, provider.sealed(PAID, thing))
    if name == "trade_state" and value == "":
        assert (reading.verdict, reading.paid) == ("valid", False)
    else:
        assert reading.verdict == "malformed"


@pytest.mark.parametrize(
    "state", ["REFUND", "NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR", "ACCEPT", "success"]
)
def test_a_state_that_is_not_paid(provider, state):
    """C14."""
    reading = told(provider, trade_state=state)
    assert (reading.verdict, reading.paid) == ("valid", False)


@pytest.mark.parametrize(
    "kind", ["TRANSACTION.PAY_BACK", "PAYSCORE.USER_PAID", "COUPON.USE", "MCHTRANSFER.BILL.FINISHED"]
)
def test_other_kinds_of_notices_are_not_ours_to_act_on(provider, kind):
    reading = told(provider, kind)
    assert (reading.verdict, reading.concerns_us, reading.paid) == ("valid", False, False)
    assert reading.merchant == WECHAT.merchant(provider.settings())
