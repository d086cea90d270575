"""One-time links from the console: the first owner's, and a new password's (D11)."""

import pytest
from sqlalchemy import text

from app import accounts, clock
from app import shop as shop_room
from app.db import db, transaction
from tests.admin.conftest import PASSWORD
from tests.visitor import Visitor

FORM = {"contact": "olga@example.com", "password": PASSWORD}


@pytest.fixture
def link(shop):
    # The page before it, on which the shop gets its name, has tests of its own.
    transaction(shop_room.change_settings, described=True)
    return f"/welcome/{transaction(accounts.issue_ticket, 'owner', None, clock.now())}"


def owners(shop):
    return shop.count("SELECT count(*) FROM account WHERE role = 'owner'")


@pytest.mark.both_databases
def test_it_makes_the_first_owner_and_lets_her_in(visitor, shop, link):
    assert visitor.get(link).headers["Referrer-Policy"] == "no-referrer"
    answer = visitor.post(link, FORM, page=link)
    assert (answer.status_code, answer.location) == (303, "/admin/start")
    assert visitor.get("/admin/start").status_code == 200
    assert visitor.get("/admin").status_code == 200
    assert owners(shop) == 1
    assert visitor.get(link).status_code == 404
    assert visitor.post(link, FORM).status_code == 404


@pytest.mark.parametrize(
    "password", ["", "short", "only11chars", "password1234", "olga@example.com", "aaaaaaaaaaaaaaaa", "x" * 129]
)
def test_it_asks_for_a_good_password(visitor, shop, link, password):
    answer = visitor.post(link, FORM | {"password": password}, page=link)
    assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
    assert owners(shop) == 0


def test_it_gives_up_after_five_tries(visitor, shop, link):
    for _ in range(5):
        assert visitor.post(link, FORM | {"contact": "nobody"}, page=link).status_code == 422
    assert visitor.post(link, FORM).status_code == 404
    assert visitor.get(link).status_code == 404


def test_it_needs_the_page_before_the_form(app, visitor, shop, link):
    """D11: no page seen, a token of another page, another browser's token, no token."""
    assert visitor.post(link, FORM).status_code == 403
    other = Visitor(app)
    token = other.token(link)
    assert visitor._send("POST", link, data=FORM | {"csrf_token": token}).status_code == 403
    assert other._send("POST", link, data=FORM).status_code == 403
    assert owners(shop) == 0


def test_it_needs_the_right_token(visitor, shop, link):
    assert visitor.get(link).status_code == 200
    for wrong in ("x", "A" * 22, link.removeprefix("/welcome/")[:-1], "%00", "é"):
        assert visitor.get(f"/welcome/{wrong}").status_code == 404
        assert visitor.post(f"/welcome/{wrong}", FORM, page=link).status_code == 404
    assert owners(shop) == 0


def test_it_is_gone_when_there_is_an_owner_or_time_is_up(visitor, shop, link):
    with clock.frozen(clock.now() + 31 * 60):
        assert visitor.get(link).status_code == 404
    shop.owner()
    fresh = f"/welcome/{transaction(accounts.issue_ticket, 'owner', None, clock.now())}"
    assert visitor.get(fresh).status_code == 404
    assert visitor.post(fresh, FORM).status_code == 404
    assert owners(shop) == 1


def test_it_does_not_reopen_while_the_database_is_out(app, visitor, shop, link):
    """D11: what cannot be read is not taken for an empty shop."""
    token = visitor.token(link)
    shop.owner()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE account RENAME TO away"))
    try:
        for answer in (visitor.get(link), visitor._send("POST", link, data=FORM | {"csrf_token": token})):
            assert answer.status_code in (500, 503)
            assert "Traceback" not in answer.text
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO account"))
    assert owners(shop) == 1


def test_it_sets_a_new_password_and_ends_every_session(app, olga, shop):
    path = f"/passwords/{transaction(accounts.issue_ticket, 'password', 1, clock.now())}"
    elsewhere = Visitor(app)
    assert elsewhere.post(path, {"password": "another four plain words"}).status_code == 403
    weak = elsewhere.post(path, {"password": "elevenchars"}, page=path)
    assert (weak.status_code, 'id="password-error"' in weak.text) == (422, True)
    answer = elsewhere.post(path, {"password": "another four plain words"}, page=path)
    assert (answer.status_code, answer.location) == (303, "/admin")
    assert elsewhere.get("/admin").status_code == 200
    assert olga.get("/admin").status_code == 302
    assert elsewhere.get(path).status_code == 404
    old = Visitor(app).post("/login", {"contact": "olga@example.com", "password": PASSWORD})
    assert old.status_code == 422


def test_it_does_not_mix_the_two_kinds_up(visitor, shop, link):
    ticket = transaction(accounts.issue_ticket, "password", None, clock.now())
    assert visitor.get(f"/welcome/{ticket}").status_code == 404
    assert visitor.get(link.replace("welcome", "passwords")).status_code == 404
