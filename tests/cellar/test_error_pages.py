"""What a visitor sees when something is refused or breaks."""

import logging
import sqlite3

import pytest
from flask import abort
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from app import extensions
from app.db import db
from app.errors import N_, Busy, Refusal

LEAKS = ("Traceback", "RuntimeError", "SELECT", "sqlite", "boom", "/work", 'File "')


class SoldOut(Refusal):
    status = 409


def raising(app, error, path="/raise"):
    def view(**_kwargs):
        raise error

    app.get(path, endpoint=path)(view)
    return app.test_client().get(path)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 418, 429, 500, 502, 503])
def test_each_status_has_a_page_with_words_and_the_request_id(app, template, status):
    app.get("/raise", endpoint="get /raise")(lambda: abort(status))
    answer = app.test_client().get("/raise")
    assert answer.status_code == status
    designed, title, sentence, todo, request_id, shown, order = answer.text.split("|")
    assert (designed, shown, order) == ("designed", str(status), "-")
    assert title
    assert sentence
    assert "%(" not in todo
    assert request_id == answer.headers["X-Request-Id"]
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


def test_the_page_names_the_order_it_is_about(app, template):
    app.get("/orders/<number>", endpoint="get /orders/<number>")(lambda number: abort(500))
    assert app.test_client().get("/orders/T123").text.endswith("|500|T123")


def test_a_refusal_says_its_own_sentence(app, template):
    answer = raising(app, SoldOut(N_("Only %(left)s left."), field="quantity", left="<b>2</b>"))
    assert answer.status_code == 409
    assert "Only &lt;b&gt;2&lt;/b&gt; left." in answer.text


def test_a_refusal_outside_a_request_speaks_english():
    error = SoldOut(N_("Only %(left)s left."), "quantity", left=2)
    assert (error.text(), str(error), error.field) == ("Only 2 left.", "Only 2 left.", "quantity")
    assert Refusal("100% sure").text() == "100% sure"


def test_a_refusal_takes_values_of_any_name():
    assert Refusal("%(message)s %(self)s", message="a", self="b").text() == "a b"


def test_what_nobody_expected_shows_an_id_and_logs_one_record(app, template, caplog):
    answer = raising(app, RuntimeError("boom"))
    assert answer.status_code == 500
    assert not [leak for leak in LEAKS if leak in answer.text]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("template_text", [None, "{{ nothing.at.all }}"])
def test_an_error_page_that_breaks_itself_still_tells_the_words(app, tmp_path, template_text):
    if template_text:
        (tmp_path / "templates" / "errors").mkdir(parents=True)
        (tmp_path / "templates" / "errors" / "show.html").write_text(template_text)
    answer = raising(app, Refusal("<script>no</script>"))
    assert answer.status_code == 422
    assert "&lt;script&gt;no&lt;/script&gt;" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize(
    "said",
    [
        "database is locked",
        "database table is locked",
        "database or disk is full",
        "disk I/O error",
        "attempt to write a readonly database",
    ],
)
def test_a_database_that_cannot_write_now_is_busy(app, template, said):
    answer = raising(app, OperationalError("INSERT INTO card VALUES (?)", ("CODE",), sqlite3.OperationalError(said)))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "CODE" not in answer.text


@pytest.mark.parametrize("error", [Busy("busy"), NoConnection("no connection left")])
def test_no_lock_and_no_connection_are_busy(app, template, error):
    answer = raising(app, error)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_mistake_in_sql_is_ours(app, template):
    app.get("/raise", endpoint="get /raise")(lambda: str(db.session.execute(text("SELECT * FROM nothing"))))
    answer = app.test_client().get("/raise")
    assert answer.status_code == 500
    assert not [leak for leak in LEAKS if leak in answer.text]


def test_405_says_what_is_allowed(client):
    assert "GET" in client.put("/").headers["Allow"]


def test_a_missing_csrf_token_is_told_as_an_old_page(client, template):
    answer = client.post("/")
    assert answer.status_code == 400
    assert "expired" in answer.text


@pytest.mark.parametrize("error", [RuntimeError("boom"), Busy("busy"), Refusal("no")])
def test_a_gateway_gets_plain_text_that_no_gateway_takes_for_success(app, error):
    answer = raising(app, error, "/hooks/payments/x")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == f"fail {answer.status_code} {answer.headers['X-Request-Id']}\n"
    assert "success" not in answer.text


def test_a_limited_route_says_how_long_to_wait(app, template):
    app.get("/limited", endpoint="get /limited")(extensions.limiter.limit("2/minute")(lambda: "ok"))
    client = app.test_client()
    served = [client.get("/limited") for _ in range(3)]
    assert [answer.status_code for answer in served] == [200, 200, 429]
    assert "Retry-After" not in served[0].headers
    assert 1 <= int(served[2].headers["Retry-After"]) <= 60
    assert "seconds" in served[2].text or "minute" in served[2].text
    assert served[1].headers["X-RateLimit-Remaining"] == "0"


def test_the_log_names_a_busy_moment(app, caplog):
    with caplog.at_level(logging.WARNING):
        raising(app, Busy("busy"))
    assert "GET /raise" in caplog.text
