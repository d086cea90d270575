"""Reading an EPay v2 notice: strict in shape, signed by the platform and nobody else, and of these minutes."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payments.gateways import Notice
from tests.fakes.epay2_server import NOW, Epay2Server, private_text, public_text, sign
from tests.payments.epay2_notices import EPAY2, read
from tests.payments.starting import NUMBER

FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.usefixtures("order2")


@pytest.fixture
def resigned(provider2):
    """A good notice whose fields are replaced after it was signed."""

    def make(**changes):
        told = dict(parse_qsl(provider2.pay(NUMBER), keep_blank_values=True)) | changes
        return urlencode({name: value for name, value in told.items() if value is not None})

    return make


def test_a_good_notice_says_what_was_paid(provider2, order2):
    reading = read(provider2, provider2.pay(NUMBER))
    assert (reading.verdict, reading.paid, reading.needs_query, reading.reason) == ("valid", True, False, "")
    assert (reading.merchant, reading.payment_number, reading.trade_number) == ("1001", NUMBER, order2["trade_no"])
    assert (reading.amount_fen, reading.method, reading.currency) == (1230, "alipay", "CNY")


def test_a_form_by_post_says_the_same(provider2):
    query = provider2.pay(NUMBER).encode()
    assert EPAY2.read(provider2.settings(), Notice("POST", b"", query, FORM), NOW).paid
    for content_type in ("application/json", "multipart/form-data; boundary=x", "text/plain", ""):
        assert EPAY2.read(provider2.settings(), Notice("POST", b"", query, content_type), NOW).verdict == "malformed"


@pytest.mark.parametrize("skew", [-300, -1, 0, 300])
def test_a_notice_of_these_minutes_is_believed(provider2, skew):
    assert read(provider2, provider2.pay(NUMBER), NOW + skew).paid


@pytest.mark.parametrize("skew", [-301, 301, 10**6, -(10**8)])
def test_a_notice_of_another_time_is_asked_about(provider2, skew):
    reading = read(provider2, provider2.pay(NUMBER), NOW + skew)
    assert (reading.verdict, reading.paid, reading.needs_query) == ("malformed", False, True)
    assert reading.payment_number == NUMBER


@pytest.mark.parametrize(
    "stamp", [None, "", "0", "1e9", f"{NOW}000", f" {NOW}", "１７９０００００００", "-790000000", "x"]
)
def test_a_time_is_ten_digits(provider2, stamp):
    reading = read(provider2, provider2.pay(NUMBER, timestamp=stamp))
    assert (reading.verdict, reading.paid) == ("malformed", False)


@pytest.mark.parametrize("name", ["pid", "money", "out_trade_no", "trade_no", "type", "timestamp", "buyer", "name"])
def test_what_was_changed_on_the_way_is_forged(provider2, resigned, name):
    reading = read(provider2, resigned(**{name: "9" if name == "money" else str(NOW - 9)}))
    assert (reading.verdict, reading.paid) == ("forged", False)


def test_what_was_left_out_or_added_on_the_way_is_forged(provider2, resigned):
    assert read(provider2, resigned(buyer=None)).verdict == "forged"
    assert read(provider2, resigned(novelty="1")).verdict == "forged"


@pytest.mark.parametrize("owner", ["stranger", "merchant"])
def test_nobody_else_signs_for_the_platform(provider2, owner):
    assert read(provider2, provider2.notice(NUMBER, owner)).verdict == "forged"


@pytest.mark.parametrize("given", [None, "", "true", "0" * 32, "A" * 344, "A" * 343, "=" * 344, "é" * 344, "A" * 1999])
def test_what_is_no_signature_is_refused(provider2, resigned, given):
    reading = read(provider2, resigned(sign=given))
    assert reading.verdict in ("malformed", "forged")
    assert not reading.paid


@pytest.mark.parametrize("sign_type", ["MD5", "RSA2", "rsa", "", None])
def test_the_sign_type_is_rsa(provider2, resigned, sign_type):
    assert read(provider2, resigned(sign_type=sign_type)).reason == "the sign type is not RSA"


@pytest.mark.parametrize("key", ["", "changeme", None, 0, "A" * 392])
def test_a_channel_without_proper_keys_believes_nobody(provider2, key):
    query = provider2.pay(NUMBER)
    assert read(provider2, query, platform_key=key).verdict == "forged"
    assert read(provider2, query, private_key=key).verdict == "forged"


def test_with_our_own_key_in_the_platforms_place_nobody_is_believed(provider2):
    assert (
        read(provider2, provider2.notice(NUMBER, "merchant"), platform_key=public_text("merchant")).verdict == "forged"
    )
    assert read(provider2, provider2.pay(NUMBER), platform_key=private_text("platform")).verdict == "forged"


@pytest.mark.parametrize("status", ["TRADE_CLOSED", "WAIT_BUYER_PAY", "TRADE_FINISHED", "trade_success", "1", "", None])
def test_only_one_status_means_paid(provider2, status):
    reading = read(provider2, provider2.pay(NUMBER, trade_status=status))
    assert (reading.verdict, reading.paid) == ("valid", False)


def test_a_signed_answer_is_no_notice(provider2):
    """What the platform signs when it is asked lacks the status of a notice."""
    provider2.pay(NUMBER)
    answer = provider2.query({"out_trade_no": NUMBER}) | {"timestamp": str(NOW)}
    told = sign({name: str(value) for name, value in answer.items() if value is not None})
    assert not read(provider2, urlencode(told)).paid


@pytest.mark.parametrize("money", ["1e2", "１２.３０", "12.30 ", "-12.30", "NaN", "12,30", "12.300", "", None, "0x64"])
def test_an_amount_is_plain(provider2, money):
    assert read(provider2, provider2.pay(NUMBER, money=money)).reason == "money is not an amount"


@pytest.mark.parametrize("name", ["pid", "trade_no", "out_trade_no", "type"])
@pytest.mark.parametrize("value", [None, "", "a b", "a'b", "１００１", "x" * 65, "../x"])
def test_what_names_the_payment_is_there_and_plain(provider2, name, value):
    reading = read(provider2, provider2.pay(NUMBER, **{name: value}))
    assert (reading.verdict, reading.reason) == ("malformed", f"{name} is missing or malformed")


@pytest.mark.parametrize(
    "name", ["notify_url", "return_url", "clientip", "device", "method", "auth_code", "channel_id"]
)
def test_a_key_that_only_our_forms_have_is_refused_and_asked_about(provider2, name):
    for value in ("x", ""):
        reading = read(provider2, provider2.pay(NUMBER, **{name: value}))
        assert (reading.verdict, reading.needs_query, reading.paid) == ("malformed", True, False)


def test_the_string_to_sign_split_at_another_place_is_refused(provider2):
    reading = read(provider2, provider2.pay(NUMBER, buyer="x&money=0.01"))
    assert (reading.verdict, reading.needs_query) == ("malformed", True)
    assert read(provider2, provider2.pay(NUMBER, **{"a=1&b": "x"})).verdict == "malformed"


def test_what_nobody_documented_is_believed_only_after_asking(provider2):
    reading = read(provider2, provider2.pay(NUMBER, novelty="1"))
    assert (reading.verdict, reading.needs_query, reading.reason) == ("valid", True, "unknown keys: novelty")
    assert read(provider2, provider2.pay(NUMBER, param="hello")).needs_query


def test_a_parameter_that_comes_twice_is_refused(provider2):
    query = provider2.pay(NUMBER)
    for twice in (f"{query}&money=0.01", f"money=0.01&{query}", f"{query}&%6Doney=12.30"):
        assert read(provider2, twice).reason == "a parameter comes twice"


def test_a_notice_is_short(provider2):
    query = provider2.pay(NUMBER)
    assert read(provider2, f"{query}&x={'x' * 1_000_000}").verdict == "malformed"
    assert read(provider2, "&".join(f"k{at}=1" for at in range(50))).verdict == "malformed"


KEYS = Epay2Server.settings(type("Nowhere", (), {"url": "https://pay.example.com/"})())


@given(st.binary(max_size=300), st.binary(max_size=300), st.sampled_from(["GET", "POST", "HEAD"]), st.text(max_size=40))
def test_random_bytes_are_never_believed(query, body, method, content_type):
    for kind in (content_type, FORM):
        reading = EPAY2.read(KEYS, Notice(method, query, body, kind), NOW)
        assert (reading.paid, reading.amount_fen) == (False, None)
        assert reading.verdict in ("malformed", "forged")
