"""Alipay takes payments: started, told of, asked after and sent back, against a counterpart on an independent SDK."""

import json
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from alipay import AliPay

from app import payments, trade
from app.db import transaction
from app.payments import http
from app.payments.gateways import GATEWAYS, GatewayUnreachable, Notice, NotSent
from tests.fakes.alipay_server import FAULTS, bare, key_pem, pem
from tests.fakes.alipay_trade import AlipayTrade, public_text
from tests.payments.starting import NUMBER, asked, refund_wanted, wanted
from tests.shop import Person

ALIPAY = GATEWAYS["alipay"]
FORM = "application/x-www-form-urlencoded"
HOOK = "/hooks/payments/alipay"


@pytest.fixture
def server(monkeypatch):
    # The counterpart signs in Python, which takes its time on a busy machine.
    monkeypatch.setattr(http, "TIMES", httpx.Timeout(8))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 10.0)
    with AlipayTrade() as server:
        yield server


@pytest.fixture
def paid(server):
    ALIPAY.start(server.settings(), wanted())
    server.pay(NUMBER)
    return server.trades[NUMBER]


def read(server, body, **settings):
    return ALIPAY.read(server.settings(**settings), Notice("POST", b"", body.encode(), FORM), 0)


# Settings


def test_both_ways_to_know_alipay_do(server):
    assert ALIPAY.check_settings(server.settings()) == {}
    assert ALIPAY.check_settings(server.settings(trust="certificates")) == {}
    framed = f"-----BEGIN PUBLIC KEY-----\n{public_text(server.papers.alipay_key)}\n-----END PUBLIC KEY-----"
    assert ALIPAY.check_settings(server.settings(alipay_key=framed)) == {}


@pytest.mark.parametrize("field", ["app_id", "seller_id", "private_key", "trust", "alipay_key", "desk", "gateway"])
@pytest.mark.parametrize("value", ["", "1", " ", "１" * 16, "-----BEGIN PUBLIC KEY-----", None, 7])
def test_what_cannot_work_is_told_beside_its_field(server, field, value):
    """C31."""
    assert field in ALIPAY.check_settings(server.settings(**{field: value}))


def test_our_own_public_key_is_not_alipays(server):
    assert "alipay_key" in ALIPAY.check_settings(server.settings(alipay_key=public_text(server.papers.app_key)))


@pytest.mark.parametrize("field", ["app_certificate", "alipay_certificate", "root_certificate"])
def test_certificates_are_wanted_where_they_are_chosen(server, field):
    assert ALIPAY.check_settings(server.settings(**{field: ""})) == {}
    assert field in ALIPAY.check_settings(server.settings(trust="certificates", **{field: ""}))


@pytest.mark.parametrize("with_certificates", [False, True])
def test_keys_are_tried(server, with_certificates):
    server.with_certificates = with_certificates
    settings = server.settings(trust="certificates" if with_certificates else "keys")
    assert ALIPAY.try_keys(settings, 1_780_000_000).works
    foreign = server.settings(private_key=bare(server.papers.foreign_key))
    assert not ALIPAY.try_keys(foreign, 1_780_000_000).works
    with pytest.raises(GatewayUnreachable):
        ALIPAY.try_keys(server.settings(alipay_key=public_text(server.papers.foreign_key)), 1_780_000_000)


# Start


def test_on_a_computer_the_shop_shows_a_code(server):
    begun = ALIPAY.start(server.settings(), wanted())
    assert (begun.url, begun.qr_text) == (None, f"https://qr.alipay.com/{NUMBER.lower()}")
    content = server.trades[NUMBER]["content"]
    assert (content["total_amount"], content["subject"]) == ("12.30", f"订单 {NUMBER}")
    assert server.trades[NUMBER]["form"]["notify_url"] == "https://shop.example.com/hooks/payments/epay"


@pytest.mark.parametrize(
    ("device", "desk", "product"),
    [("pc", "page", "FAST_INSTANT_TRADE_PAY"), ("mobile", "qr", "QUICK_WAP_WAY"), ("wechat", "qr", "QUICK_WAP_WAY")],
)
def test_elsewhere_the_buyer_goes_to_a_signed_page(server, device, desk, product):
    begun = ALIPAY.start(server.settings(desk=desk), wanted(device=device))
    assert server.open(begun.url) == NUMBER
    assert server.trades[NUMBER]["content"]["product_code"] == product
    assert server.open(begun.url.replace("12.30", "00.01")) is None


def test_the_sdk_makes_the_same_signature(server):
    """The same parameters, signed by the SDK: the same text and the same key give the same signature."""
    begun = ALIPAY.start(server.settings(), wanted(device="mobile"))
    form = dict(parse_qsl(urlsplit(begun.url).query))
    theirs = AliPay(
        appid=form["app_id"],
        app_private_key_string=key_pem(server.papers.app_key),
        alipay_public_key_string=server.papers.alipay_key.public_key().public_bytes(*_spki()).decode(),
    )
    signed = {name: value for name, value in form.items() if name != "sign"}
    assert theirs._sign("&".join(f"{name}={value}" for name, value in sorted(signed.items()))) == form["sign"]


def _spki():
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return Encoding.PEM, PublicFormat.SubjectPublicKeyInfo


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault not in ("silent", "foreign certificate", "other name")]
)
def test_a_provider_that_does_not_answer_well_is_told_as_such(server, fault):
    """F08."""
    server.fault = fault
    for act in (
        lambda: ALIPAY.start(server.settings(), wanted()),
        lambda: ALIPAY.query(server.settings(), asked()),
    ):
        with pytest.raises(GatewayUnreachable):
            act()


def test_a_refusal_is_told_in_alipays_words(server):
    server.answer = {
        "code": "40006",
        "msg": "Insufficient Permissions",
        "sub_code": "ACQ.ACCESS_FORBIDDEN",
        "sub_msg": "无权限使用接口",
    }
    with pytest.raises(GatewayUnreachable, match="无权限使用接口"):
        ALIPAY.start(server.settings(), wanted())


# Notices


def test_a_good_notice(server, paid):
    reading = read(server, server.notice(NUMBER))
    assert (reading.verdict, reading.paid, reading.amount_fen) == ("valid", True, 1230)
    assert (reading.payment_number, reading.trade_number) == (NUMBER, paid["trade_no"])
    assert reading.merchant == ALIPAY.merchant(server.settings())
    assert read(server, server.notice(NUMBER), trust="certificates").paid


@pytest.mark.parametrize("status", ["WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_PENDING", "", None])
def test_a_status_that_is_not_paid(server, paid, status):
    """C14."""
    reading = read(server, server.notice(NUMBER, trade_status=status))
    assert (reading.verdict, reading.paid) == ("valid", False)


def test_finished_is_paid_too(server, paid):
    assert read(server, server.notice(NUMBER, trade_status="TRADE_FINISHED")).paid


def test_a_foreign_signature_is_forged(server, paid):
    assert read(server, server.notice(NUMBER, key=server.papers.foreign_key)).verdict == "forged"
    assert read(server, server.notice(NUMBER, key=server.papers.app_key)).verdict == "forged"


def test_without_a_sound_key_nothing_verifies(server, paid):
    for key in ("", "AAAA", public_text(server.papers.app_key)):
        assert read(server, server.notice(NUMBER), alipay_key=key).verdict == "forged"


@pytest.mark.parametrize("name", ["total_amount", "out_trade_no", "trade_no", "app_id", "seller_id", "trade_status"])
def test_a_change_on_the_way_is_forged(server, paid, name):
    form = dict(parse_qsl(server.notice(NUMBER)))
    assert read(server, urlencode(form | {name: "2088000000000002"})).verdict == "forged"
    assert read(server, urlencode({key: value for key, value in form.items() if key != name})).verdict == "forged"
    assert read(server, urlencode(form | {"new": "1"})).verdict == "forged"


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
def test_another_signature_is_refused(server, paid, change):
    form = dict(parse_qsl(server.notice(NUMBER))) | change
    assert read(server, urlencode(form)).verdict in ("malformed", "forged")


@pytest.mark.parametrize("value", ["1e2", "１２.３０", "12.30 ", "-12.30", "NaN", "12,30", "", None])
def test_an_amount_is_spelled_in_one_way(server, paid, value):
    """C08."""
    assert read(server, server.notice(NUMBER, total_amount=value)).verdict == "malformed"


def test_shapes_that_are_none(server, paid):
    """C13, C21."""
    body = server.notice(NUMBER)
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
        assert ALIPAY.read(server.settings(), notice, 0).verdict == "malformed"


def test_a_return_is_asked_about_before_it_is_believed(server, paid):
    """C25."""
    query = server.notice(NUMBER, trade_status=None, notify_id=None).encode()
    reading = ALIPAY.read(server.settings(), Notice("GET", query, b"", ""), 0)
    assert (reading.verdict, reading.needs_query) == ("valid", True)


def test_a_refund_at_alipays_own_site_is_told_of_as_a_total(server, paid):
    reading = read(server, server.notice(NUMBER, refund_fee="2.30", gmt_refund="2026-02-01 10:00:00.123"))
    assert (reading.refunded_fen, reading.refund_is_total) == (230, True)
    assert reading.refund_number == f"{paid['trade_no']}-20260201100000123"
    assert read(server, server.notice(NUMBER, refund_fee="x")).verdict == "malformed"


def test_a_refund_that_the_shop_sent_is_no_payment_once_more(server, paid):
    reading = read(server, server.notice(NUMBER, refund_fee="2.30", out_biz_no="R1", gmt_refund="2026-02-01 10:00:00"))
    assert (reading.verdict, reading.paid, reading.refund_number, reading.concerns_us) == ("valid", False, None, False)


# Query and refund


def test_a_query_tells_what_was_paid(server, paid):
    answer = ALIPAY.query(server.settings(), asked())
    assert (answer.paid, answer.trade_number, answer.amount_fen) == (True, paid["trade_no"], 1230)
    assert not ALIPAY.query(server.settings(), asked("P0000000")).paid
    server.trades[NUMBER]["status"] = "WAIT_BUYER_PAY"
    assert not ALIPAY.query(server.settings(), asked()).paid


def test_an_answer_about_another_payment_is_none(server, paid):
    server.answer = {
        "code": "10000",
        "out_trade_no": "P0000001",
        "trade_status": "TRADE_SUCCESS",
        "trade_no": "1",
        "total_amount": "12.30",
    }
    with pytest.raises(GatewayUnreachable):
        ALIPAY.query(server.settings(), asked())


def test_a_refund_is_sent_once_however_often_it_is_asked_for(server, paid):
    order = refund_wanted(trade_number=paid["trade_no"])
    for _ in range(2):
        assert ALIPAY.refund(server.settings(), order).state == "done"
    assert server.refunds == {"R1": 10}


def test_a_plain_no_is_a_no(server, paid):
    answer = ALIPAY.refund(server.settings(), refund_wanted(trade_number=paid["trade_no"], amount_fen=1231))
    assert (answer.state, server.refunds) == ("failed", {})
    assert "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL" in answer.reason


@pytest.mark.parametrize("fault", ["500", "html", "empty", "unsigned", "foreign key"])
def test_an_answer_that_is_lost_leaves_the_refund_doubtful(server, paid, fault):
    server.fault = fault
    order = refund_wanted(trade_number=paid["trade_no"])
    assert ALIPAY.refund(server.settings(), order).state == "doubtful"
    server.fault = None
    assert ALIPAY.refund(server.settings(), order).state == "done"


def test_nobody_there_is_not_sent(server, paid):
    server.__exit__()
    with pytest.raises(NotSent):
        ALIPAY.refund(server.settings(), refund_wanted())
    server.__enter__ = None


# From end to end


@pytest.fixture
def channel(shop, server):
    row = {"slug": "alipay", "gateway": "alipay", "name": "支付宝", "settings": server.settings(), "enabled": True}
    transaction(payments.create_channel, **row, now=shop.now)
    from app.db import db

    found = payments.channel_by_slug(db.session, "alipay")
    db.session.rollback()
    return found


@pytest.fixture
def placed(shop, server, channel):
    shop.boris = shop.member("boris@example.com")
    placed = shop.place(Person("clara@example.com"), via=shop.boris, channel="alipay")
    content = {"out_trade_no": placed.payment_number, "total_amount": "100.00", "subject": "x"}
    server._open(content, {})
    server.pay(placed.payment_number)
    return placed


def call(visitor, body, content_type=FORM):
    return visitor._send("POST", HOOK, data=body, content_type=content_type)


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number)


def verdicts(shop):
    return shop.count("SELECT group_concat(verdict, ' ') FROM (SELECT verdict FROM notice ORDER BY id)")


def test_a_notice_delivers_once(shop, server, visitor, placed):
    body = server.notice(placed.payment_number)
    for _ in range(3):
        answer = call(visitor, body)
        assert (answer.status_code, answer.data) == (200, b"success")
    assert state(shop, placed) == "paid"
    assert verdicts(shop) == "accepted duplicate duplicate"
    assert shop.wallet(shop.boris).held_fen == 1000


def test_what_is_forged_is_kept_and_changes_nothing(shop, server, visitor, placed):
    number = placed.payment_number
    for body, status in (
        (server.notice(number, key=server.papers.foreign_key), 400),
        ("", 400),
        (server.notice(number, total_amount="0.01"), 200),
        (server.notice(number, app_id="2021000000000000"), 200),
        (server.notice(number, seller_id="2088000000000009"), 200),
        (server.notice(number, trade_status="WAIT_BUYER_PAY"), 200),
    ):
        assert call(visitor, body).status_code == status
    assert call(visitor, "x" * 1_000_000).status_code == 400
    assert state(shop, placed) == "pending"
    assert verdicts(shop) == "forged malformed short foreign foreign not_paid malformed"


def test_a_notice_of_another_channels_payment_changes_nothing(shop, server, visitor, placed):
    """C05."""
    other = shop.place(Person("dora@example.com"), address="192.0.2.9")
    server._open({"out_trade_no": other.payment_number, "total_amount": "100.00", "subject": "x"}, {})
    server.pay(other.payment_number)
    assert call(visitor, server.notice(other.payment_number)).status_code == 200
    assert state(shop, other) == "pending"
    assert verdicts(shop) == "wrong_channel"


def test_a_return_alone_pays_only_when_alipay_says_so(shop, server, visitor, placed, channel):
    number = placed.payment_number
    query = server.notice(number, trade_status=None, notify_id=None)
    server.trades[number]["status"] = "WAIT_BUYER_PAY"
    visitor.get(f"/orders/{placed.number}/payment/return?{query}")
    assert state(shop, placed) == "pending"
    server.pay(number)
    visitor.get(f"/orders/{placed.number}/payment/return?{query}")
    assert state(shop, placed) == "paid"
    assert call(visitor, server.notice(number)).data == b"success"
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1


def test_refunds_at_alipays_site_are_booked_by_their_difference(shop, server, visitor, placed):
    number = placed.payment_number
    call(visitor, server.notice(number))
    for fee, when, left in (("30.00", "01", 700), ("30.00", "01", 700), ("50.00", "02", 500), ("100.00", "03", 0)):
        status = "TRADE_CLOSED" if fee == "100.00" else "TRADE_SUCCESS"
        told = {"refund_fee": fee, "gmt_refund": f"2026-02-{when} 10:00:00", "trade_status": status}
        assert call(visitor, server.notice(number, **told)).data == b"success"
        assert shop.wallet(shop.boris).held_fen == left
    assert shop.count("SELECT sum(amount_fen) FROM refund WHERE state = 'done'") == 10000


def test_a_refund_that_comes_before_the_payment_waits_for_it(shop, server, visitor, placed):
    """C27."""
    number = placed.payment_number
    told = {"refund_fee": "40.00", "gmt_refund": "2026-02-01 10:00:00"}
    call(visitor, server.notice(number, **told))
    assert state(shop, placed) == "pending"
    call(visitor, server.notice(number))
    assert state(shop, placed) == "paid"
    assert shop.count("SELECT sum(amount_fen) FROM refund WHERE state = 'done'") == 4000


def test_a_refund_of_the_shops_own_is_booked_once(shop, server, visitor, placed):
    number = placed.payment_number
    call(visitor, server.notice(number))
    shop.refund(placed, 2500, way="gateway", done=False)
    assert trade.send_refunds(shop.now) == 1
    (ours,) = server.refunds
    told = {"refund_fee": "25.00", "gmt_refund": "2026-02-01 10:00:00", "out_biz_no": ours}
    assert call(visitor, server.notice(number, **told)).data == b"success"
    assert shop.count("SELECT sum(amount_fen) FROM refund") == 2500
    assert shop.wallet(shop.boris).held_fen == 750
    later = {"refund_fee": "35.00", "gmt_refund": "2026-02-02 10:00:00"}
    call(visitor, server.notice(number, **later))
    assert shop.count("SELECT sum(amount_fen) FROM refund") == 3500


def test_a_lost_callback_is_healed_by_asking(shop, server, placed, channel):
    assert trade.ask(channel, placed.payment_number, shop.now) == "accepted"
    assert state(shop, placed) == "paid"


def test_no_key_is_in_an_address_or_a_page(shop, server, placed, visitor):
    begun = ALIPAY.start(server.settings(), wanted(device="mobile"))
    secret = server.settings()["private_key"][60:120]
    assert secret not in begun.url
    assert set(parse_qs(urlsplit(begun.url).query)) >= {"sign", "app_id", "biz_content"}
    assert pem(server.papers.app) not in begun.url
