"""What a notice of WeChat Pay has to be before it is believed (C24): signature, time, seal, and the types of what is inside."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from app.payments.gateways import Notice
from tests.fakes.wechat_server import (
    APP_ID,
    KEY_ID,
    MERCHANT,
    SECRET,
    WechatServer,
    certificate_pem,
    issue,
    private_pem,
    public_pem,
)
from tests.payments.starting import NOW, NUMBER
from tests.payments.wechat_notices import JSON, WECHAT, delivery, read

PAID, BACK = "TRANSACTION.SUCCESS", "REFUND.SUCCESS"
OTHER = "r9Wn4Bx7Tq2LmV6cZs8KpY3dHf5JgA1u"


@pytest.fixture(scope="module")
def server():
    server = WechatServer()
    yield server
    server._http.server_close()


@pytest.fixture
def provider(server):
    server.orders, server.refunds, server.with_certificates = {}, {}, False
    server.opened(NUMBER, 1230)
    return server


@pytest.fixture
def body(provider):
    return provider.sealed(PAID, provider.payment(NUMBER))


def told(provider, kind=PAID, **changes):
    return read(provider, provider.sealed(kind, provider.payment(NUMBER, **changes)))


def test_a_good_notice(provider, body):
    reading = read(provider, body)
    assert (reading.verdict, reading.paid, reading.amount_fen, reading.currency) == ("valid", True, 1230, "CNY")
    assert (reading.payment_number, reading.trade_number) == (NUMBER, provider.orders[NUMBER]["transaction_id"])
    assert (reading.merchant, reading.method) == (WECHAT.merchant(provider.settings()), "wxpay")
    assert not reading.needs_query


def test_the_shape_that_the_documents_show_is_read(provider):
    """The example of a payment in WeChat Pay's documents, with every field there is."""
    whole = {
        "transaction_id": "1217752501201407033233368018", "amount": {"payer_total": 100, "total": 100, "currency": "CNY",
        "payer_currency": "CNY"}, "mchid": MERCHANT, "trade_state": "SUCCESS", "bank_type": "CMC", "promotion_detail": [
        {"amount": 100, "wechatpay_contribute": 0, "coupon_id": "109519", "scope": "GLOBAL", "merchant_contribute": 0,
        "name": "单品惠-6", "other_contribute": 0, "currency": "CNY", "stock_id": "931386", "goods_detail": []}],
        "success_time": "2018-06-08T10:34:56+08:00", "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}, "out_trade_no":
        "1217752501201407033233368018", "appid": APP_ID, "trade_state_desc": "支付成功", "trade_type": "MICROPAY", "attach":
        "自定义数据", "scene_info": {"device_id": "013467007045764"},
    }  # fmt: skip
    reading = read(provider, provider.sealed(PAID, whole))
    assert (reading.verdict, reading.paid, reading.amount_fen) == ("valid", True, 100)


def test_certificates_recognise_wechat_pay_too(provider, body):
    provider.with_certificates = True
    settings = provider.settings(trust="certificates")
    assert read(provider, body, settings=settings).paid
    # The serial number begins with a zero, which some leave out.
    short = provider.headers(body) | {"Wechatpay-Serial": provider.serial.lstrip("0").lower()}
    assert read(provider, body, settings=settings, headers=short).paid
    assert read(provider, body).verdict == "forged"
    both = certificate_pem(issue(provider.papers.foreign_key, 77)) + certificate_pem(provider.papers.platform)
    assert read(provider, body, settings=provider.settings(trust="certificates", certificates=both)).paid
    crossed = provider.headers(body) | {"Wechatpay-Serial": f"{77:040X}"}
    assert read(provider, body, settings=settings | {"certificates": both}, headers=crossed).verdict == "forged"


# C24


def test_a_body_that_was_altered_by_one_byte_is_forged(provider, body):
    headers = provider.headers(body)
    for place in range(0, len(body), 7):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert read(provider, changed, headers=headers).verdict == "forged"
    for changed in (body + b" ", body[:-1], b"", body + b"\n"):
        assert read(provider, changed, headers=headers).verdict == "forged"


def test_a_body_that_was_written_anew_is_forged(provider, body):
    headers = provider.headers(body)
    for changed in (
        json.dumps(json.loads(body)),
        json.dumps(json.loads(body), indent=2),
        json.dumps(json.loads(body), sort_keys=True),
    ):
        assert read(provider, changed.encode(), headers=headers).verdict == "forged"
    pretty = json.dumps(json.loads(body), indent=2).encode()
    assert read(provider, pretty).paid


@pytest.mark.parametrize(
    "serial", ["PUB_KEY_ID_0000000000000001", "0" * 40, "7132D72A03E93CDDF8C03BBD1F37EEDF", KEY_ID.lower()]
)
def test_a_key_that_is_not_known_is_forged(provider, body, serial):
    assert read(provider, body, headers=provider.headers(body, serial=serial)).verdict == "forged"


@pytest.mark.parametrize("seconds", [-301, 301, -(10**6), 10**9])
def test_a_time_outside_of_five_minutes_is_forged(provider, body, seconds):
    assert read(provider, body, now=NOW + seconds).verdict == "forged"
    assert read(provider, body, now=NOW + (300 if seconds > 0 else -300)).paid
    # A time that was not signed is no time at all.
    late = provider.headers(body) | {"Wechatpay-Timestamp": str(NOW + seconds)}
    assert read(provider, body, now=NOW + seconds, headers=late).verdict == "forged"


def test_a_nonce_that_is_used_again_signs_nothing_else(provider, body):
    headers = provider.headers(body)
    other = provider.sealed(PAID, provider.payment(NUMBER, out_trade_no="P0000000"))
    assert read(provider, other, headers=headers).verdict == "forged"
    assert read(provider, body, headers=headers | {"Wechatpay-Nonce": "another"}).verdict == "forged"


def test_a_seal_that_was_broken_is_forged_though_it_is_signed(provider):
    payment = provider.payment(NUMBER)
    assert read(provider, provider.sealed(PAID, payment, flip=True)).verdict == "forged"
    whole = json.loads(provider.sealed(PAID, payment))
    for change in (
        {"nonce": "fdasflkja485"},
        {"associated_data": "refund"},
        {"associated_data": ""},
        {"associated_data": None},
    ):
        changed = json.dumps(whole | {"resource": whole["resource"] | change}).encode()
        assert read(provider, changed).verdict == "forged"


def test_a_probe_is_refused(provider, body):
    """WeChat Pay sends wrong signatures of its own, and wants them refused."""
    headers = provider.headers(body)
    for probe in ("WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"][19:], "WECHATPAY/SIGNTEST/abc"):
        assert read(provider, body, headers=headers | {"Wechatpay-Signature": probe}).verdict == "forged"


# Whose word it is


def test_a_foreign_signature_is_forged(provider, body):
    for key in (provider.papers.foreign_key, provider.papers.merchant_key):
        assert read(provider, body, headers=provider.headers(body, key=key)).verdict == "forged"


def test_what_wechat_pay_signed_for_another_merchant_does_not_open(provider):
    """Anybody may be a merchant of WeChat Pay and name our address, with our numbers inside; but not with our APIv3 key."""
    assert read(provider, provider.sealed(PAID, provider.payment(NUMBER), secret=OTHER)).verdict == "forged"
    assert read(provider, provider.sealed("PAYSCORE.USER_PAID", {}, secret=OTHER)).verdict == "forged"


@pytest.mark.parametrize(
    "change",
    [
        {"secret": ""},
        {"secret": "x" * 32},
        {"secret": SECRET[:-1]},
        {"wechat_key": ""},
        {"key_id": ""},
        {"private_key": ""},
    ],
)
def test_without_sound_keys_nothing_verifies(provider, body, change):
    """C03 and its kin, however the settings came to be so."""
    assert read(provider, body, settings=provider.settings(**change)).verdict == "forged"
    empty = provider.sealed(PAID, provider.payment(NUMBER), secret="\0" * 32)
    assert read(provider, empty, settings=provider.settings(secret="")).verdict == "forged"


def test_our_own_public_key_verifies_nothing(provider, body):
    ours = provider.papers.merchant_key
    settings = provider.settings(wechat_key=public_pem(ours))
    assert read(provider, body, settings=settings, headers=provider.headers(body, key=ours)).verdict == "forged"


def test_another_merchant_or_application_is_not_ours(provider):
    """C29: `judge` compares."""
    assert told(provider, mchid="1900000109").merchant == f"{APP_ID}/1900000109"
    assert told(provider, appid="wx0000000000000000").merchant == f"wx0000000000000000/{MERCHANT}"


# Shapes


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


# Refunds


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
