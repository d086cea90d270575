"""The test gateway: the same protocol as the real one, from a page of the shop's own."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from app.payments import read_form, sign_notice
from app.payments.gateways import GATEWAYS, GatewayUnreachable
from app.payments.gateways.signature import signed
from tests.payments.notices import KEY, SDK, get
from tests.payments.starting import NOW, asked, wanted

SANDBOX = GATEWAYS["sandbox"]
SETTINGS = {"merchant_id": "1000", "key": KEY}
NOTICE = {"payment_number": "P7K2M9QX", "trade_number": "T1", "method": "alipay", "money": "12.30"}


@pytest.fixture
def link():
    told = {"notify_url": "https://shop.example.com/hooks/payments/sandbox", "device": "mobile"}
    return SANDBOX.start(SETTINGS, wanted(**told)).url


def test_it_says_that_it_is_a_test():
    assert SANDBOX.is_test is True
    assert GATEWAYS["epay"].is_test is False


def test_it_starts_at_the_shops_own_page_with_a_real_signature(link):
    address = urlsplit(link)
    assert (address.scheme, address.netloc, address.path) == ("https", "shop.example.com", "/sandbox/payments")
    assert SDK.verify_sign(dict(parse_qsl(address.query)))


def test_its_page_opens_for_the_form_it_was_started_with(link):
    form = read_form(SETTINGS, urlsplit(link).query)
    assert form is not None
    assert (form["out_trade_no"], form["money"], form["type"]) == ("P7K2M9QX", "12.30", "alipay")
    assert urlsplit(form["return_url"]).path == "/orders/A1/payment/return"


def test_its_page_opens_for_nothing_else(link):
    query = urlsplit(link).query
    form = dict(parse_qsl(query))
    unsigned = {name: value for name, value in form.items() if name not in ("sign", "sign_type")}
    without_return = {name: value for name, value in unsigned.items() if name != "return_url"}
    for other in (
        "",
        "&",
        "%FF",
        query.replace("12.30", "00.01"),
        f"{query}&money=12.30",
        f"{query}&x=",
        sign_notice(SETTINGS, **NOTICE),
        urlencode(signed(unsigned, "another-good-key-4711")),
        urlencode(signed(unsigned, "")),
        urlencode(signed(without_return, KEY)),
        urlencode(signed(unsigned | {"name": "x&y"}, KEY)),
    ):
        assert read_form(SETTINGS, other) is None
    assert read_form({"merchant_id": "1000", "key": ""}, urlencode(signed(unsigned, ""))) is None


def test_its_notice_is_read_as_any_other():
    reading = SANDBOX.read(SETTINGS, get(sign_notice(SETTINGS, **NOTICE)), NOW)
    assert (reading.verdict, reading.paid, reading.needs_query) == ("valid", True, False)
    assert (reading.merchant, reading.payment_number, reading.trade_number) == ("1000", "P7K2M9QX", "T1")
    assert (reading.amount_fen, reading.method) == (1230, "alipay")


def test_its_form_is_no_notice(link):
    reading = SANDBOX.read(SETTINGS, get(f"{urlsplit(link).query}&trade_status=TRADE_SUCCESS"), NOW)
    assert (reading.verdict, reading.paid) == ("malformed", False)


def test_a_real_gateway_with_another_key_does_not_take_its_notice():
    settings = {"merchant_id": "1000", "key": "another-good-key-4711"}
    assert GATEWAYS["epay"].read(settings, get(sign_notice(SETTINGS, **NOTICE)), NOW).verdict == "forged"


def test_it_cannot_be_asked():
    with pytest.raises(GatewayUnreachable):
        SANDBOX.query(SETTINGS, asked())


def test_its_key_is_checked_as_any_other():
    assert SANDBOX.check_settings(SETTINGS) == {}
    assert set(SANDBOX.check_settings({"merchant_id": "", "key": "test"})) == {"merchant_id", "key"}


@pytest.mark.parametrize(
    ("name", "word"), [("alipay", "success"), ("epay", "success"), ("sandbox", "success"), ("epusdt", "ok")]
)
def test_a_gateway_answers_as_its_protocol_wants(name, word):
    assert GATEWAYS[name].acknowledge(True) == (word, "text/plain; charset=utf-8")
    assert GATEWAYS[name].acknowledge(False) == ("fail", "text/plain; charset=utf-8")


def test_every_gateway_is_known_by_its_own_name():
    assert all(gateway.name == name for name, gateway in GATEWAYS.items())
