"""The operator's log holds one line an event and no secret."""

import io
import logging

import pytest
from flask import g
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from app.redaction import LineFormatter, install, scrub

CANARY = "C4nary-5ecret"


@pytest.fixture
def lines(quiet_root):
    stream = io.StringIO()
    install(stream)
    return lambda: stream.getvalue().splitlines()


@pytest.mark.parametrize(
    "message",
    [
        f"GET /api.php?act=order&pid=1001&key={CANARY}&out_trade_no=1",
        f"sign={CANARY}&sign_type=MD5",
        f"money=1.00&SIGN={CANARY}",
        f"password={CANARY}",
        f"form {{'password': '{CANARY} with blanks', 'a': 1}}",
        f'{{"secret": "{CANARY}", "api_key":"{CANARY}"}}',
        f"csrf_token={CANARY};",
        f"client_secret : {CANARY}",
        f"secret_key=b'{CANARY}'",
        f"Authorization: Bearer {CANARY}xyz",
        f"Authorization: Basic {CANARY}xyz",
        f"Cookie: {CANARY}",
        f"contact={CANARY}%40example.com",
        f"Key%3D{CANARY}",
        f"codes={CANARY}",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}",
        f"/welcome/{CANARY}",
        f"Invalid API Key provided: sk_live_{CANARY}",
        f"(rk_test_{CANARY}, whsec_{CANARY})",
        f"GET /i/k1.{CANARY}.sig",
        f"POST https://api.telegram.org/bot123456789:AA{CANARY}{CANARY}{CANARY}/sendMessage",
        f"mailbox_password={CANARY}",
        f"app_secret: {CANARY}",
        f"device_key='{CANARY}'",
        f"{CANARY}@example.com wrote",
        f"DETAIL: Key (value_index)=({CANARY}) already exists.",
    ],
)
def test_a_secret_is_removed(message):
    assert CANARY not in scrub(message)
    assert "[removed]" in scrub(message)


@pytest.mark.parametrize("phone", ["13800138000", "+8613800138000", "+86 13800138000"])
def test_a_phone_number_is_removed(phone):
    assert "13800138000" not in scrub(f"for {phone}, please")


@pytest.mark.parametrize(
    "message",
    [
        "order 20260131120000123456 paid",
        "sold 3 of 7 cards in 12 ms",
        "KeyError at /orders/ABC",
        "design: new",
        "1800000000",
        "status 200 for sku mail-1",
    ],
)
def test_what_is_no_secret_stays(message):
    assert scrub(message) == message


def test_the_values_of_a_failed_statement_are_removed():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE card (code TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO card VALUES (:code)"), {"code": CANARY})
        with pytest.raises(IntegrityError) as refused:
            connection.execute(text("INSERT INTO card VALUES (:code)"), [{"code": CANARY}, {"code": f"]\n{CANARY}"}])
    engine.dispose()
    assert CANARY in str(refused.value)
    assert CANARY not in scrub(str(refused.value))
    assert "UNIQUE constraint failed" in scrub(str(refused.value))


def test_an_event_is_one_line_with_time_level_and_request(lines, app):
    with app.test_request_context():
        app.preprocess_request()
        request_id = g.request_id
        logging.getLogger("shop").warning("sold %s", 3)
    logging.getLogger("shop").info("started")
    first, second = lines()
    assert first.split(" ", 1)[1] == f"WARNING {request_id} sold 3"
    assert second.split(" ", 1)[1] == "INFO - started"
    assert len(first.split(" ")[0]) == len("2026-01-31T12:00:00Z")


def test_a_visitor_cannot_begin_a_line_or_turn_a_terminal(lines):
    logging.getLogger("shop").info("agent %s", "a\r\n2026 ERROR - forged\u2028\x1b[31m\x85\u202etxt")
    (line,) = lines()
    assert "a\\r\\n2026 ERROR - forged\\u2028\\x1b[31m\\x85\\u202etxt" in line


def test_a_traceback_is_part_of_its_line_and_scrubbed(lines):
    try:
        raise ValueError(f"password={CANARY}")
    except ValueError:
        logging.getLogger("shop").exception("failed")
    (line,) = lines()
    assert "Traceback" in line
    assert "\\nValueError: password=[removed]" in line


def test_an_unexpected_exception_is_one_line_with_the_request_id(lines, app, template):
    def broken():
        raise RuntimeError("boom")

    app.get("/broken", endpoint="get /broken")(broken)
    answer = app.test_client().get("/broken")
    (line,) = lines()
    assert f"ERROR {answer.headers['X-Request-Id']} Exception on /broken [GET]" in line


def test_installing_twice_writes_each_event_once(quiet_root):
    first, second = io.StringIO(), io.StringIO()
    install(first)
    install(second)
    logging.getLogger("shop").warning("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1
    assert sum(isinstance(handler.formatter, LineFormatter) for handler in quiet_root.handlers) == 1
