"""Log-in in two steps: nothing that stands for a password opens a session by itself (A10, A13)."""

import re

import pytest

from app import accounts, audit, clock
from app.accounts import SecondStepMissing
from app.db import db, transaction
from tests import journey, second_factor
from tests.conftest import NOW
from tests.visitor import Visitor

CONTACT, PASSWORD = "olga@example.com", "four unrelated plain words"
NEW = "seven quiet harbour lamps"


@pytest.fixture
def olga(shop, visitor):
    shop.owner(CONTACT, PASSWORD)
    return journey.log_in(visitor, CONTACT, PASSWORD)


@pytest.fixture
def phone(olga):
    """Olga's app. A minute later none of its codes was used."""
    phone, phone.codes = second_factor.guard(olga)
    with clock.frozen(NOW + 60):
        yield phone


@pytest.fixture
def stranger(app, phone):
    """Somebody elsewhere who knows her password, and has given it."""
    visitor = Visitor(app, address="198.51.100.9")
    answer = visitor.post("/login", {"contact": CONTACT, "password": PASSWORD, "next": "/admin/orders"}, page="/login")
    assert answer.location == "/login/second?next=/admin/orders"
    return visitor


def is_in(visitor):
    return visitor.get("/me/security").status_code == 200


def sessions(shop):
    return shop.count("SELECT count(*) FROM session")


@pytest.mark.both_databases
def test_the_code_opens_what_the_password_did_not(shop, stranger, phone):
    assert not is_in(stranger)
    assert stranger.get("/admin").status_code == 302
    assert sessions(shop) == 1
    answer = second_factor.show(stranger, phone.code(), next="/admin/orders")
    assert (answer.status_code, answer.location) == (303, "/admin/orders")
    assert is_in(stranger)
    acts = [(entry.act, entry.change) for entry in audit.entries_of(db.session, "account:1")]
    assert acts[0] == ("session.create", {"by": (None, "password, code")})


def test_a_recovery_code_does_once(app, stranger, phone):
    assert second_factor.show(stranger, phone.codes[3].lower(), "proof_recovery").status_code == 303
    assert "还剩 9 个恢复码" in stranger.get("/me/security").text
    again = journey.log_in(Visitor(app, address="198.51.100.10"), CONTACT, PASSWORD)
    assert second_factor.show(again, phone.codes[3], "proof_recovery").status_code == 422


def test_a_hundred_guesses_are_five(shop, app, stranger, phone):
    """A10: and the right code is not heard among them, in this browser or another."""
    right = phone.code()
    guesses = [f"{n:06d}" for n in range(100) if f"{n:06d}" not in {phone.code(step) for step in (-1, 0, 1)}]
    codes = [second_factor.show(stranger, guess).status_code for guess in guesses[:8]]
    assert codes == [422] * 5 + [429] * 3
    other = journey.log_in(Visitor(app, address="198.51.100.11"), CONTACT, PASSWORD)
    assert second_factor.show(other, right).status_code == 429
    assert sessions(shop) == 1
    with clock.frozen(NOW + 60 + 15 * 60):
        late = journey.log_in(Visitor(app, address="198.51.100.11"), CONTACT, PASSWORD)
        assert second_factor.show(late, phone.code()).status_code == 303


def test_what_waits_is_gone_after_ten_minutes_after_use_and_with_the_password(app, stranger, phone):
    kept = stranger.client.get_cookie("s").value
    with clock.frozen(NOW + 60 + 601):
        assert stranger.get("/login/second").location == "/login"
    assert second_factor.show(stranger, phone.code()).status_code == 303
    thief = Visitor(app)
    thief.client.set_cookie("s", kept)
    assert thief.get("/login/second").status_code == 200
    with clock.frozen(NOW + 120):
        assert second_factor.show(thief, phone.code()).location == "/login"
    assert not is_in(thief)
    transaction(accounts.replace_password, 1, accounts.hash_password(NEW), NOW)
    assert thief.get("/login/second").location == "/login"


@pytest.mark.parametrize("way", ["console", "reset"])
def test_a_link_for_a_new_password_leads_to_the_second_step(app, shop, phone, way):
    if way == "console":
        path = app.test_cli_runner().invoke(args=["accounts", "link", CONTACT]).output.strip()
        path = path.removeprefix("http://localhost")
    else:
        path = f"/passwords/{transaction(accounts.issue_ticket, 'password', 1, clock.now())}"
    visitor = Visitor(app)
    answer = visitor.post(path, {"password": NEW}, page=path)
    assert answer.location == "/login/second"
    assert not is_in(visitor)
    assert sessions(shop) == 0
    assert second_factor.show(visitor, phone.code()).location == "/admin"


def test_nothing_else_opens_a_session(app, shop, olga, phone):
    """A13: Basic, a bearer, a recovery code alone, an unfinished log-in's cookie, an endpoint of old."""
    visitor = Visitor(app)
    for value in ("Basic b2xnYUBleGFtcGxlLmNvbTpmb3VyIHVucmVsYXRlZCBwbGFpbiB3b3Jkcw==", f"Bearer {phone.codes[0]}"):
        assert visitor.get("/admin", headers={"Authorization": value}).status_code == 302
    assert visitor.post("/login", {"contact": CONTACT, "password": phone.codes[0]}).status_code == 422
    assert visitor.post("/login", {"contact": CONTACT, "password": f"{PASSWORD}{phone.code()}"}).status_code == 422
    assert visitor.post("/login/second", {"proof": phone.code()}).location == "/login"
    for path in ("/api/login", "/api/v1/session", "/m/login", "/welcome/x", "/login.json"):
        assert visitor._send("POST", path, data={"csrf_token": visitor.token("/login")}).status_code in (404, 405)
    with pytest.raises(SecondStepMissing):
        transaction(accounts.open_session, 1, "owner", NOW)
    assert sessions(shop) == 1


def test_turning_it_on_ends_what_the_password_alone_had_opened(app, olga, shop):
    elsewhere = journey.log_in(Visitor(app), CONTACT, PASSWORD)
    before = olga.client.get_cookie("s").value
    assert "loss-banner" in olga.get("/admin").text
    second_factor.guard(olga)
    assert "loss-banner" not in olga.get("/admin").text
    assert not is_in(elsewhere)
    assert is_in(olga)
    assert olga.client.get_cookie("s").value != before


def test_it_is_turned_off_by_whoever_shows_it(olga, phone, shop):
    with clock.frozen(NOW + 1200):
        for path in ("/me/authenticator", "/me/authenticator/removal", "/me/recovery-codes"):
            assert olga.post(path, page="/me/security").location == "/me/proof?next=/me/security"
        assert olga.post("/me/proof", {"proof": PASSWORD}, page="/me/proof").status_code == 422
        assert olga.post("/me/proof", {"proof": phone.code()}, page="/me/proof").location == "/me/security"
        assert len(re.findall(r"<code>", olga.post("/me/recovery-codes", page="/me/security").text)) == 10
        assert olga.post("/me/authenticator/removal", page="/me/security").status_code == 303
    assert shop.count("SELECT count(*) FROM recovery_code") == 0
    acts = [entry.act for entry in audit.entries_of(db.session, "account:1")]
    assert acts[:2] == ["factor.destroy", "recovery_codes.create"]


def test_the_desk_asks_for_the_code_and_takes_no_password(olga, phone):
    with clock.frozen(NOW + 1200):
        asked = olga.post("/admin/people", {"role": "support"})
        assert asked.status_code == 403
        assert olga.post("/admin/people", {"role": "support", "proof": PASSWORD}).status_code == 403
        assert olga.post("/admin/people", {"role": "support", "proof": phone.code()}).status_code == 200


def test_the_codes_are_a_file_to_keep(olga):
    _, codes = second_factor.guard(olga)
    answer = olga.post("/me/recovery-codes/file", {"codes": " ".join(codes)})
    assert answer.text.split()[-10:] == codes
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert olga.post("/me/recovery-codes/file", {"codes": "<script>"}).status_code == 400


def test_a_buyer_may_have_it_too(app, shop, visitor):
    journey.register(visitor, "dan@example.com")
    assert "loss-banner" not in visitor.get("/me/security").text
    phone, _ = second_factor.guard(visitor)
    with clock.frozen(NOW + 60):
        elsewhere = journey.log_in(Visitor(app), "dan@example.com")
        assert second_factor.show(elsewhere, phone.code()).location == "/me"
