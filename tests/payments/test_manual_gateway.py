"""The merchant's own receiving codes as a gateway: nothing to call, nothing to ask, nothing that is believed."""

import pytest

from app.payments.gateways import GATEWAYS, SILENT, GatewayUnreachable, Notice, RefundWanted
from tests.by_hand import SETTINGS
from tests.payments.starting import asked, wanted

MANUAL = GATEWAYS["manual"]
NOW = 1_790_000_000
PAID = b"pid=1000&out_trade_no=P7K2M9QX&trade_no=T1&type=alipay&money=12.30&trade_status=TRADE_SUCCESS&sign="


def test_it_has_no_callback_route_and_can_be_chosen():
    assert "manual" in SILENT
    assert MANUAL.is_test is False
    assert not any(one.is_secret for one in MANUAL.fields)


def test_it_starts_nowhere():
    start = MANUAL.start(SETTINGS, wanted())
    assert (start.url, start.qr_text, start.scheme_url) == (None, None, None)


@pytest.mark.parametrize(
    "notice",
    [
        Notice("GET", PAID, b"", ""),
        Notice("POST", b"", PAID + b"0" * 32, "application/x-www-form-urlencoded"),
        Notice("POST", b"", b'{"paid": true}', "application/json"),
        Notice("POST", b"", b"\xff" * 1_000_000, "image/png", {"stripe-signature": "t=1,v1=00"}),
        Notice("GET", b"", b"", ""),
    ],
)
def test_it_believes_nobody(notice):
    reading = MANUAL.read(SETTINGS, notice, NOW)
    assert (reading.verdict, reading.paid, reading.payment_number) == ("malformed", False, None)


def test_it_knows_of_no_payment_and_sends_nothing_back():
    with pytest.raises(GatewayUnreachable, match="the merchant has to look"):
        MANUAL.query(SETTINGS, asked())
    assert MANUAL.can_refund(SETTINGS) is False
    answer = MANUAL.refund(SETTINGS, RefundWanted("R1", "P1", "T1", 100, 100, "CNY", NOW))
    assert (answer.state, answer.reference) == ("failed", None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"methods": []}, "methods"),
        ({"methods": ["usdt"]}, "methods"),
        ({"holder": "  "}, "holder"),
        ({"instructions": "x" * 1001}, "instructions"),
        ({"hold_hours": "0"}, "hold_hours"),
        ({"hold_hours": "25"}, "hold_hours"),
        ({"hold_hours": "１"}, "hold_hours"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(changes, field):
    told = MANUAL.prepare(SETTINGS | changes)
    assert list(MANUAL.check_settings(told)) == [field]
    assert MANUAL.try_keys(told, NOW).works is False


def test_what_is_left_blank_has_its_usual_value():
    told = MANUAL.prepare(SETTINGS | {"hold_hours": "", "holder": " 张三 "})
    assert (told["hold_hours"], told["holder"]) == ("12", "张三")
    assert MANUAL.check_settings(told) == {}
    assert MANUAL.merchant(told) == "张三"
