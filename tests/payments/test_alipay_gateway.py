"""Alipay takes payments: started, asked after and sent back, against a counterpart on an independent SDK."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from alipay import AliPay

from app.payments.gateways import GATEWAYS, GatewayUnreachable, NotSent
from tests.fakes.alipay_server import FAULTS, bare, key_pem
from tests.fakes.alipay_trade import public_text
from tests.payments.starting import NUMBER, asked, refund_wanted, wanted

ALIPAY = GATEWAYS["alipay"]


# Settings


def test_both_ways_to_know_alipay_do(alipay):
    assert ALIPAY.check_settings(alipay.settings()) == {}
    assert ALIPAY.check_settings(alipay.settings(trust="certificates")) == {}
    framed = f"-----BEGIN PUBLIC KEY-----\n{public_text(alipay.papers.alipay_key)}\n-----END PUBLIC KEY-----"
    assert ALIPAY.check_settings(alipay.settings(alipay_key=framed)) == {}


@pytest.mark.parametrize("field", ["app_id", "seller_id", "private_key", "trust", "alipay_key", "desk", "gateway"])
@pytest.mark.parametrize("value", ["", "1", " ", "１" * 16, "-----BEGIN PUBLIC KEY-----", None, 7])
def test_what_cannot_work_is_told_beside_its_field(alipay, field, value):
    """C31."""
    assert field in ALIPAY.check_settings(alipay.settings(**{field: value}))


def test_our_own_public_key_is_not_alipays(alipay):
    assert "alipay_key" in ALIPAY.check_settings(alipay.settings(alipay_key=public_text(alipay.papers.app_key)))


@pytest.mark.parametrize("field", ["app_certificate", "alipay_certificate", "root_certificate"])
def test_certificates_are_wanted_where_they_are_chosen(alipay, field):
    assert ALIPAY.check_settings(alipay.settings(**{field: ""})) == {}
    assert field in ALIPAY.check_settings(alipay.settings(trust="certificates", **{field: ""}))


@pytest.mark.parametrize("with_certificates", [False, True])
def test_keys_are_tried(alipay, with_certificates):
    alipay.with_certificates = with_certificates
    settings = alipay.settings(trust="certificates" if with_certificates else "keys")
    assert ALIPAY.try_keys(settings, 1_780_000_000).works
    foreign = alipay.settings(private_key=bare(alipay.papers.foreign_key))
    assert not ALIPAY.try_keys(foreign, 1_780_000_000).works
    with pytest.raises(GatewayUnreachable):
        ALIPAY.try_keys(alipay.settings(alipay_key=public_text(alipay.papers.foreign_key)), 1_780_000_000)


# Start


def test_on_a_computer_the_shop_shows_a_code(alipay):
    begun = ALIPAY.start(alipay.settings(), wanted())
    assert (begun.url, begun.qr_text) == (None, f"https://qr.alipay.com/{NUMBER.lower()}")
    content = alipay.trades[NUMBER]["content"]
    assert (content["total_amount"], content["subject"]) == ("12.30", f"订单 {NUMBER}")
    assert alipay.trades[NUMBER]["form"]["notify_url"] == "https://shop.example.com/hooks/payments/epay"


@pytest.mark.parametrize(
    ("device", "desk", "product"),
    [("pc", "page", "FAST_INSTANT_TRADE_PAY"), ("mobile", "qr", "QUICK_WAP_WAY"), ("wechat", "qr", "QUICK_WAP_WAY")],
)
def test_elsewhere_the_buyer_goes_to_a_signed_page(alipay, device, desk, product):
    begun = ALIPAY.start(alipay.settings(desk=desk), wanted(device=device))
    assert alipay.open(begun.url) == NUMBER
    assert alipay.trades[NUMBER]["content"]["product_code"] == product
    assert alipay.open(begun.url.replace("12.30", "00.01")) is None


def test_the_sdk_makes_the_same_signature(alipay):
    """The same parameters, signed by the SDK: the same text and the same key give the same signature."""
    begun = ALIPAY.start(alipay.settings(), wanted(device="mobile"))
    form = dict(parse_qsl(urlsplit(begun.url).query))
    theirs = AliPay(
        appid=form["app_id"],
        app_private_key_string=key_pem(alipay.papers.app_key),
        alipay_public_key_string=alipay.papers.alipay_key.public_key().public_bytes(*_spki()).decode(),
    )
    signed = {name: value for name, value in form.items() if name != "sign"}
    assert theirs._sign("&".join(f"{name}={value}" for name, value in sorted(signed.items()))) == form["sign"]


def _spki():
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return Encoding.PEM, PublicFormat.SubjectPublicKeyInfo


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault not in ("silent", "foreign certificate", "other name")]
)
def test_a_provider_that_does_not_answer_well_is_told_as_such(alipay, fault):
    """F08."""
    alipay.fault = fault
    for act in (
        lambda: ALIPAY.start(alipay.settings(), wanted()),
        lambda: ALIPAY.query(alipay.settings(), asked()),
    ):
        with pytest.raises(GatewayUnreachable):
            act()


def test_a_refusal_is_told_in_alipays_words(alipay):
    alipay.answer = {
        "code": "40006",
        "msg": "Insufficient Permissions",
        "sub_code": "ACQ.ACCESS_FORBIDDEN",
        "sub_msg": "无权限使用接口",
    }
    with pytest.raises(GatewayUnreachable, match="无权限使用接口"):
        ALIPAY.start(alipay.settings(), wanted())


# Query and refund


def test_a_query_tells_what_was_paid(alipay, paid_at_alipay):
    answer = ALIPAY.query(alipay.settings(), asked())
    assert (answer.paid, answer.trade_number, answer.amount_fen) == (True, paid_at_alipay["trade_no"], 1230)
    assert not ALIPAY.query(alipay.settings(), asked("P0000000")).paid
    alipay.trades[NUMBER]["status"] = "WAIT_BUYER_PAY"
    assert not ALIPAY.query(alipay.settings(), asked()).paid


def test_an_answer_about_another_payment_is_none(alipay, paid_at_alipay):
    alipay.answer = {
        "code": "10000",
        "out_trade_no": "P0000001",
        "trade_status": "TRADE_SUCCESS",
        "trade_no": "1",
        "total_amount": "12.30",
    }
    with pytest.raises(GatewayUnreachable):
        ALIPAY.query(alipay.settings(), asked())


def test_a_refund_is_sent_once_however_often_it_is_asked_for(alipay, paid_at_alipay):
    order = refund_wanted(trade_number=paid_at_alipay["trade_no"])
    for _ in range(2):
        assert ALIPAY.refund(alipay.settings(), order).state == "done"
    assert alipay.refunds == {"R1": 10}


def test_a_plain_no_is_a_no(alipay, paid_at_alipay):
    answer = ALIPAY.refund(alipay.settings(), refund_wanted(trade_number=paid_at_alipay["trade_no"], amount_fen=1231))
    assert (answer.state, alipay.refunds) == ("failed", {})
    assert "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL" in answer.reason


@pytest.mark.parametrize("fault", ["500", "html", "empty", "unsigned", "foreign key"])
def test_an_answer_that_is_lost_leaves_the_refund_doubtful(alipay, paid_at_alipay, fault):
    alipay.fault = fault
    order = refund_wanted(trade_number=paid_at_alipay["trade_no"])
    assert ALIPAY.refund(alipay.settings(), order).state == "doubtful"
    alipay.fault = None
    assert ALIPAY.refund(alipay.settings(), order).state == "done"


def test_nobody_there_is_not_sent(alipay, paid_at_alipay):
    alipay.__exit__()
    with pytest.raises(NotSent):
        ALIPAY.refund(alipay.settings(), refund_wanted())
    alipay.__enter__ = None
