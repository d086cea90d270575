"""From Alipay's notice to the goods, through the real address: kept, refused, delivered once, refunded by the difference."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app import payments, trade
from app.db import db, transaction
from app.payments.gateways import GATEWAYS
from tests.fakes.alipay_server import pem
from tests.payments.starting import wanted
from tests.shop import Person

ALIPAY = GATEWAYS["alipay"]
FORM = "application/x-www-form-urlencoded"
HOOK = "/hooks/payments/alipay"
pytestmark = pytest.mark.both_databases


@pytest.fixture
def channel(shop, alipay):
    row = {"slug": "alipay", "gateway": "alipay", "name": "支付宝", "settings": alipay.settings(), "enabled": True}
    transaction(payments.create_channel, **row, now=shop.now)
    found = payments.channel_by_slug(db.session, "alipay")
    db.session.rollback()
    return found


@pytest.fixture
def placed(shop, alipay, channel):
    shop.boris = shop.member("boris@example.com")
    placed = shop.place(Person("clara@example.com"), via=shop.boris, channel="alipay")
    content = {"out_trade_no": placed.payment_number, "total_amount": "100.00", "subject": "x"}
    alipay._open(content, {})
    alipay.pay(placed.payment_number)
    return placed


def call(visitor, body, content_type=FORM):
    # What was looked at before stays as it was until the reader lets go of it.
    db.session.rollback()
    return visitor._send("POST", HOOK, data=body, content_type=content_type)


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number)


def verdicts(shop):
    found = db.session.scalars(db.text("SELECT verdict FROM notice ORDER BY id")).all()
    db.session.rollback()
    return " ".join(found)


def test_a_notice_delivers_once(shop, alipay, visitor, placed):
    body = alipay.notice(placed.payment_number)
    for _ in range(3):
        answer = call(visitor, body)
        assert (answer.status_code, answer.data) == (200, b"success")
    assert state(shop, placed) == "paid"
    assert verdicts(shop) == "accepted duplicate duplicate"
    assert shop.wallet(shop.boris).held_fen == 1000


def test_what_is_forged_is_kept_and_changes_nothing(shop, alipay, visitor, placed):
    number = placed.payment_number
    for body, status in (
        (alipay.notice(number, key=alipay.papers.foreign_key), 400),
        ("", 400),
        (alipay.notice(number, total_amount="0.01"), 200),
        (alipay.notice(number, app_id="2021000000000000"), 200),
        (alipay.notice(number, seller_id="2088000000000009"), 200),
        (alipay.notice(number, trade_status="WAIT_BUYER_PAY"), 200),
    ):
        assert call(visitor, body).status_code == status
    assert call(visitor, "x" * 1_000_000).status_code == 400
    assert state(shop, placed) == "pending"
    assert verdicts(shop) == "forged malformed short foreign foreign not_paid malformed"


def test_a_notice_of_another_channels_payment_changes_nothing(shop, alipay, visitor, placed):
    """C05."""
    other = shop.place(Person("dora@example.com"), address="192.0.2.9")
    alipay._open({"out_trade_no": other.payment_number, "total_amount": "100.00", "subject": "x"}, {})
    alipay.pay(other.payment_number)
    assert call(visitor, alipay.notice(other.payment_number)).status_code == 200
    assert state(shop, other) == "pending"
    assert verdicts(shop) == "wrong_channel"


def test_a_return_alone_pays_only_when_alipay_says_so(shop, alipay, visitor, placed, channel):
    number = placed.payment_number
    query = alipay.notice(number, trade_status=None, notify_id=None)
    alipay.trades[number]["status"] = "WAIT_BUYER_PAY"
    visitor.get(f"/orders/{placed.number}/payment/return?{query}")
    assert state(shop, placed) == "pending"
    alipay.pay(number)
    visitor.get(f"/orders/{placed.number}/payment/return?{query}")
    assert state(shop, placed) == "paid"
    assert call(visitor, alipay.notice(number)).data == b"success"
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == 1


def test_refunds_at_alipays_site_are_booked_by_their_difference(shop, alipay, visitor, placed):
    number = placed.payment_number
    call(visitor, alipay.notice(number))
    for fee, when, left in (("30.00", "01", 700), ("30.00", "01", 700), ("50.00", "02", 500), ("100.00", "03", 0)):
        status = "TRADE_CLOSED" if fee == "100.00" else "TRADE_SUCCESS"
        told = {"refund_fee": fee, "gmt_refund": f"2026-02-{when} 10:00:00", "trade_status": status}
        told["out_biz_no"] = alipay.trades[number]["trade_no"]
        assert call(visitor, alipay.notice(number, **told)).data == b"success"
        assert shop.wallet(shop.boris).held_fen == left
    assert shop.count("SELECT sum(amount_fen) FROM refund WHERE state = 'done'") == 10000


def test_a_refund_that_comes_before_the_payment_waits_for_it(shop, alipay, visitor, placed):
    """C27."""
    number = placed.payment_number
    told = {"refund_fee": "40.00", "gmt_refund": "2026-02-01 10:00:00"}
    call(visitor, alipay.notice(number, **told))
    assert state(shop, placed) == "pending"
    call(visitor, alipay.notice(number))
    assert state(shop, placed) == "paid"
    assert shop.count("SELECT sum(amount_fen) FROM refund WHERE state = 'done'") == 4000


def test_a_refund_of_the_shops_own_is_booked_once(shop, alipay, visitor, placed):
    number = placed.payment_number
    call(visitor, alipay.notice(number))
    shop.refund(placed, 2500, way="gateway", done=False)
    assert trade.send_refunds(shop.now) == 1
    (ours,) = alipay.refunds
    told = {"refund_fee": "25.00", "gmt_refund": "2026-02-01 10:00:00", "out_biz_no": ours}
    assert call(visitor, alipay.notice(number, **told)).data == b"success"
    assert shop.count("SELECT sum(amount_fen) FROM refund") == 2500
    assert shop.wallet(shop.boris).held_fen == 750
    later = {"refund_fee": "35.00", "gmt_refund": "2026-02-02 10:00:00"}
    call(visitor, alipay.notice(number, **later))
    assert shop.count("SELECT sum(amount_fen) FROM refund") == 3500


def test_a_lost_callback_is_healed_by_asking(shop, alipay, placed, channel):
    assert trade.ask(channel, placed.payment_number, shop.now) == "accepted"
    assert state(shop, placed) == "paid"


def test_no_key_is_in_an_address_or_a_page(shop, alipay, placed, visitor):
    begun = ALIPAY.start(alipay.settings(), wanted(device="mobile"))
    secret = alipay.settings()["private_key"][60:120]
    assert secret not in begun.url
    assert set(parse_qs(urlsplit(begun.url).query)) >= {"sign", "app_id", "biz_content"}
    assert pem(alipay.papers.app) not in begun.url


def test_a_refund_whose_answer_was_lost_is_settled_by_its_notice(shop, alipay, visitor, placed):
    number = placed.payment_number
    call(visitor, alipay.notice(number))
    shop.refund(placed, 2500, way="gateway", done=False)
    alipay.fault = "500"
    assert trade.send_refunds(shop.now) == 0
    alipay.fault = None
    assert shop.count("SELECT state FROM refund") == "doubtful"
    for _ in range(2):
        call(visitor, alipay.notice(number, refund_fee="25.00", gmt_refund="2026-02-01 10:00:00", out_biz_no="X"))
    assert shop.count("SELECT state FROM refund") == "done"
    assert shop.count("SELECT sum(amount_fen) FROM refund") == 2500


def test_a_refund_that_was_noted_by_hand_is_not_booked_again(shop, alipay, visitor, placed):
    number = placed.payment_number
    call(visitor, alipay.notice(number))
    shop.refund(placed, 4000)
    call(visitor, alipay.notice(number, refund_fee="40.00", gmt_refund="2026-02-01 10:00:00"))
    assert shop.count("SELECT sum(amount_fen) FROM refund") == 4000
    assert shop.wallet(shop.boris).held_fen == 600
