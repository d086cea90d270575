"""Whose word a notice of WeChat Pay is (C24): signature, time, and a seal that only the account's own key opens."""

import json

import pytest

from tests.fakes.wechat_server import (
    APP_ID,
    KEY_ID,
    MERCHANT,
    SECRET,
    certificate_pem,
    issue,
    public_pem,
)
from tests.payments.starting import NOW, NUMBER
from tests.payments.wechat_notices import PAID, WECHAT, read, told

OTHER = "r9Wn4Bx7Tq2LmV6cZs8KpY3dHf5JgA1u"


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
