"""Coins by a relay: started, told of, shown to the buyer; signatures by an independent package."""

import json

import pytest

from app import payments
from app.db import db, transaction
from app.payments import http
from app.payments.gateways import GATEWAYS, GatewayUnreachable, Notice, NotSent
from app.payments.gateways.epusdt_notice import Spelled, amount_of, sign
from tests.fakes.epusdt_server import WALLET, EpusdtServer
from tests.fakes.epusdt_server import sign as sign_elsewhere
from tests.payments.starting import NUMBER, asked, wanted
from tests.shop import Person

EPUSDT = GATEWAYS["epusdt"]
JSON = "application/json"
HOOK = "/hooks/payments/usdt"


@pytest.fixture
def server():
    with EpusdtServer() as server:
        yield server


@pytest.fixture
def begun(server):
    return EPUSDT.start(server.settings(), wanted())


def read(server, body, content_type=JSON, **settings):
    return EPUSDT.read(server.settings(**settings), Notice("POST", b"", body.encode(), content_type), 0)


def test_the_published_example_has_its_published_signature():
    """epusdt, wiki/API.md."""
    told = {"order_id": "20220201030210321", "amount": Spelled("42")}
    told |= {"notify_url": "http://example.com/notify", "redirect_url": "http://example.com/redirect"}
    assert sign(told, "epusdt_password_xasddawqe") == "1cd4b52df5587cfb1968b0c0c6e156cd"


@pytest.mark.parametrize("value", [42, 42.5, 0.01, 100.1, 9999999.99, 0.0001])
def test_numbers_are_signed_as_the_package_signs_them(value):
    told = {"amount": value, "order_id": "P1"}
    ours = {"amount": Spelled(json.dumps(value)), "order_id": "P1"}
    assert sign(ours, "x" * 16) == sign_elsewhere(told, "x" * 16)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("42", 4200), ("42.5", 4250), ("42.50", 4250), ("42.500", 4250), ("0.01", 1), ("42.505", None), ("1e2", None)]
    + [(text, None) for text in ("", "-1", "+1", " 1", "１", "1_0", "NaN", "1,5", "1.", ".5")],
)
def test_an_amount_is_read_exactly(text, fen):
    assert amount_of(text) == fen


@pytest.mark.parametrize("field", ["api_url", "key", "network"])
@pytest.mark.parametrize("value", ["x", " ", "changeme", "http://r.exa", 7])
def test_what_cannot_work_is_told_beside_its_field(server, field, value):
    """C31."""
    assert EPUSDT.check_settings(server.settings()) == {}
    assert field in EPUSDT.check_settings(server.settings(**{field: value}))


def test_an_address_is_kept_with_its_last_slash(server):
    assert EPUSDT.prepare({"api_url": "https://usdt.example.com"})["api_url"] == "https://usdt.example.com/"


def test_the_buyer_is_told_network_amount_address_and_rate(server, begun):
    facts = dict(begun.facts)
    assert facts["Network"] == "USDT · TRC20"
    assert facts["Exact amount"] == "1.7083 USDT"
    assert facts["To this address"] == WALLET
    assert facts["Rate"].startswith("1 USDT = ¥7.2")
    assert begun.url == server.orders[NUMBER]["payment_url"]
    assert begun.reference == server.orders[NUMBER]["trade_id"]
    form = server.orders[NUMBER]["form"]
    assert (form["amount"], form["notify_url"]) == (12.3, "https://shop.example.com/hooks/payments/epay")
    assert "trade_type" not in form


@pytest.mark.parametrize("fen", [100, 1230, 1, 10000, 99999999])
def test_every_amount_is_signed_as_the_relay_reads_it(server, fen):
    EPUSDT.start(server.settings(), wanted(amount_fen=fen))
    assert round(server.orders[NUMBER]["amount"] * 100) == fen


def test_a_network_is_chosen_where_the_relay_knows_several(server):
    begun = EPUSDT.start(server.settings(network="usdt.polygon"), wanted())
    assert server.orders[NUMBER]["form"]["trade_type"] == "usdt.polygon"
    assert dict(begun.facts)["Network"] == "USDT · Polygon"


@pytest.mark.parametrize("fault", ["500", "html", "empty", "list", "nested"])
def test_a_relay_that_answers_garbage_is_told_as_such(server, fault):
    """F08."""
    server.fault = fault
    with pytest.raises(GatewayUnreachable):
        EPUSDT.start(server.settings(), wanted())


def test_a_silent_relay_is_given_up(server, monkeypatch):
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.5)
    server.fault = "silent"
    with pytest.raises(GatewayUnreachable):
        EPUSDT.start(server.settings(), wanted())
    server.__exit__()
    with pytest.raises(NotSent):
        EPUSDT.start(server.settings(), wanted())


@pytest.mark.parametrize(
    "change",
    [
        {"order_id": "P0000001"},
        {"amount": 12.31},
        {"amount": "1e1"},
        {"actual_amount": "a"},
        {"token": "<script>"},
        {"payment_url": "javascript:alert(1)"},
        {"payment_url": 'http://x/"><b>'},
        {"trade_id": ""},
    ],
)
def test_an_answer_that_does_not_fit_is_not_shown(server, change):
    EPUSDT.start(server.settings(), wanted())
    known = {name: value for name, value in server.orders[NUMBER].items() if name != "form"}
    server.answer = {"status_code": 200, "message": "success", "data": known | change}
    with pytest.raises(GatewayUnreachable):
        EPUSDT.start(server.settings(), wanted())


def test_keys_are_tried_without_beginning_a_payment(server):
    assert EPUSDT.try_keys(server.settings(), 1_790_000_000).works
    assert not EPUSDT.try_keys(server.settings(key="another-good-key-4711"), 1_790_000_000).works
    assert server.orders == {}


def test_nobody_is_asked_and_nothing_is_sent_back(server):
    with pytest.raises(GatewayUnreachable):
        EPUSDT.query(server.settings(), asked())
    assert not EPUSDT.can_refund(server.settings())


# Notices


def test_a_good_notice(server, begun):
    reading = read(server, server.notice(NUMBER))
    assert (reading.verdict, reading.paid, reading.amount_fen) == ("valid", True, 1230)
    assert (reading.payment_number, reading.trade_number) == (NUMBER, begun.reference)
    assert reading.merchant == EPUSDT.merchant(server.settings())


@pytest.mark.parametrize("status", [1, 3, "paid", None])
def test_a_status_that_is_not_paid(server, begun, status):
    """C14."""
    reading = read(server, server.notice(NUMBER, status=status))
    assert (reading.verdict, reading.paid) == ("valid", False)


def test_the_coins_are_not_the_orders_amount(server, begun):
    assert read(server, server.notice(NUMBER, actual_amount=12.3, amount=0.01)).amount_fen == 1


@pytest.mark.parametrize("name", ["amount", "order_id", "trade_id", "status", "token", "actual_amount"])
def test_a_change_on_the_way_is_forged(server, begun, name):
    told = json.loads(server.notice(NUMBER))
    assert read(server, json.dumps(told | {name: "1"})).verdict == "forged"
    assert read(server, json.dumps({key: value for key, value in told.items() if key != name})).verdict == "forged"


def test_a_foreign_or_empty_token_is_forged(server, begun):
    assert read(server, server.notice(NUMBER, token="another-good-key-4711")).verdict == "forged"
    for key in ("", "short", "changeme-00000000000"):
        assert read(server, server.notice(NUMBER), key=key).verdict == "forged"
        assert read(server, server.notice(NUMBER, token=key or "x"), key=key).verdict == "forged"


@pytest.mark.parametrize(
    "signature", [True, False, None, 0, 1.5, [], {}, "", "x", "A" * 32, "０" * 32, "a" * 10_000_00, "0" * 32]
)
def test_a_signature_is_thirty_two_small_digits(server, begun, signature):
    """C13: types before digits."""
    told = json.loads(server.notice(NUMBER)) | {"signature": signature}
    assert read(server, json.dumps(told)).verdict in ("forged", "malformed")


def test_shapes_that_are_none(server, begun):
    body = server.notice(NUMBER)
    repeated = body[:-1] + ',"amount":0.01}'
    for notice in (
        Notice("POST", b"", body.encode(), "application/x-www-form-urlencoded"),
        Notice("POST", b"", body.encode(), ""),
        Notice("GET", b"", body.encode(), JSON),
        Notice("POST", b"amount=1", body.encode(), JSON),
        Notice("POST", b"", repeated.encode(), JSON),
        Notice("POST", b"", b"[" * 20_000, JSON),
        Notice("POST", b"", b"null", JSON),
        Notice("POST", b"", b"\xff", JSON),
        Notice("POST", b"", b'{"amount": NaN}', JSON),
        Notice("POST", b"", b'{"amount": {"a": 1}}', JSON),
        Notice("POST", b"", b" " * 1_000_000, JSON),
    ):
        assert EPUSDT.read(server.settings(), notice, 0).verdict == "malformed"


# From end to end


@pytest.fixture
def channel(shop, server):
    row = {"slug": "usdt", "gateway": "epusdt", "name": "USDT", "settings": server.settings(), "enabled": True}
    transaction(payments.create_channel, **row, now=shop.now)
    found = payments.channel_by_slug(db.session, "usdt")
    db.session.rollback()
    return found


@pytest.fixture
def placed(shop, server, channel):
    placed = shop.place(Person("clara@example.com"), channel="usdt")
    EPUSDT.start(channel.settings, wanted(payment_number=placed.payment_number, amount_fen=10000))
    return placed


def call(visitor, body, content_type=JSON):
    return visitor._send("POST", HOOK, data=body, content_type=content_type)


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number)


@pytest.mark.both_databases
def test_a_notice_delivers_once(shop, server, visitor, placed):
    body = server.notice(placed.payment_number)
    for _ in range(3):
        answer = call(visitor, body)
        assert (answer.status_code, answer.data) == (200, b"ok")
    assert state(shop, placed) == "paid"
    assert shop.count("SELECT count(*) FROM notice WHERE verdict = 'duplicate'") == 2


@pytest.mark.both_databases
def test_what_does_not_fit_is_kept_and_changes_nothing(shop, server, visitor, placed):
    number = placed.payment_number
    for body, status in (
        (server.notice(number, token="another-good-key-4711"), 400),
        ("", 400),
        (server.notice(number, amount=0.01), 200),
        (server.notice(number, status=3), 200),
        (server.notice(number, order_id="P0000001"), 200),
    ):
        assert call(visitor, body).status_code == status
    assert call(visitor, server.notice(number), "text/plain").status_code == 400
    assert state(shop, placed) == "pending"
    assert shop.count("SELECT count(*) FROM notice") == 6


def test_the_payments_page_shows_what_to_send(shop, server, visitor, channel):
    from tests.storefront.test_orders import place

    answer = place(visitor, gateway="usdt:usdt")
    assert answer.status_code == 303
    text = visitor.get(f"{answer.location}/payment").text
    assert WALLET in text
    assert "13.8889 USDT" in text
    assert "USDT · TRC20" in text
