"""What a stranger may send to a callback address: it never raises, and nothing of it is believed."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.payments.gateways import GATEWAYS, Notice
from tests.payments.notices import EPAY, FORM, SETTINGS, fields, get, post, read, sign, signed_query

GOOD = signed_query()
HALF = GOOD.split("&")


@pytest.mark.parametrize(("first", "second"), [("100.00", "0.01"), ("0.01", "100.00"), ("100.00", "100.00")])
def test_a_parameter_that_comes_twice_is_refused_wherever(first, second):
    values = urlencode({name: value for name, value in sign(fields(money=first)).items() if name != "money"})
    twice = f"{values}&money={first}&money={second}"
    for notice in (get(twice), post(twice), post(f"{values}&money={first}", f"money={second}")):
        reading = read(notice)
        assert (reading.verdict, reading.reason) == ("malformed", "a parameter comes twice")
    assert read(post(f"money={first}", f"{values}&%6Doney={second}")).verdict == "malformed"


def test_a_notice_may_be_split_over_address_and_body():
    assert read(post("&".join(HALF[:4]), "&".join(HALF[4:]))).verdict == "valid"


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "application/x-www-form-urlencodedx"],
)
def test_a_body_is_a_form_and_says_so(content_type):
    assert read(post(GOOD, content_type=content_type)).reason == "the body is not a form"


def test_a_form_may_name_its_alphabet():
    assert read(post(GOOD, content_type="Application/X-WWW-Form-Urlencoded; charset=UTF-8")).verdict == "valid"


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "get", ""])
def test_another_method_is_refused(method):
    assert read(Notice(method, GOOD.encode(), b"", "")).verdict == "malformed"


def test_a_get_has_no_body():
    assert read(Notice("GET", GOOD.encode(), b"x=1", FORM)).reason == "the body is not a form"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"&",
        b"=",
        b"sign",
        b"sign=%FF%FE",
        b"\xff\xfe\x00",
        b"sign=\x00&money=1",
        "sign=１".encode(),
        b'{"sign": true, "money": [1]}',
        b"sign[]=1&sign[a]=2",
        b"a=1;b=2",
        b"money=" + b"9" * 70000,
        b"name=" + b"%E5" * 30000,
        b"&".join(b"k%d=1" % number for number in range(50)),
        b"a=1&" * 20000,
        b'--x\r\nContent-Disposition: form-data; name="sign"\r\n\r\n1\r\n--x--',
    ],
)
def test_it_refuses_rubbish(raw):
    for gateway in (GATEWAYS["epay"], GATEWAYS["sandbox"]):
        for notice in (get(raw), post(raw), Notice("POST", raw, raw, FORM)):
            assert gateway.read(SETTINGS, notice, 0).verdict == "malformed"


@given(st.binary(max_size=300), st.binary(max_size=300), st.sampled_from(["GET", "POST", "HEAD"]), st.text(max_size=40))
@example(b"sign=" + b"0" * 32, b"", "GET", "")
def test_random_bytes_are_never_believed(query, body, method, content_type):
    for kind in (content_type, FORM):
        reading = EPAY.read(SETTINGS, Notice(method, query, body, kind), 0)
        assert reading.verdict in ("malformed", "forged")
        assert not reading.paid
        assert reading.amount_fen is None


words = st.text(max_size=30)
hostile = st.dictionaries(
    st.sampled_from([*fields(), "sign", "sign_type", "notify_url", "param", "x"]) | words, words, max_size=12
)


@given(hostile)
def test_random_fields_are_never_believed(values):
    assert read(get(urlencode({quote(k): v for k, v in values.items()}, errors="replace"))).verdict != "valid"
    assert read(post(urlencode(fields() | values, errors="replace"))).verdict != "valid"


@given(st.integers(0, len(GOOD) - 1), st.sampled_from("0123456789abcdefxyz&=%_-+TRADE"))
def test_one_changed_character_is_one_too_many(place, character):
    changed = GOOD[:place] + character + GOOD[place + 1 :]
    reading = read(get(changed))
    # Another spelling of the same text (%E8 and %e8, or the case of nothing) is the same notice.
    same = changed.lower() == GOOD.lower() and reading.verdict == "valid"
    assert same or reading.verdict != "valid"
