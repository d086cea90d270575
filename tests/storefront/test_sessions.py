"""Log-in and what a stolen, copied, guessed or planted cookie is worth."""

import hashlib

import pytest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app import accounts
from app.db import db, transaction
from tests.visitor import Visitor

PASSWORD = "plum river granite 42"
CONTACT = "boris@example.com"


def register(visitor, contact=CONTACT, password=PASSWORD):
    return visitor.post("/register", {"contact": contact, "password": password}, page="/register")


def log_in(visitor, contact=CONTACT, password=PASSWORD, **extra):
    return visitor.post("/login", {"contact": contact, "password": password} | extra)


def session_cookie(visitor):
    return visitor.client.get_cookie("s").value


def is_in(visitor):
    return visitor.get("/me/password").status_code == 200


def test_it_registers_logs_out_and_logs_in(visitor):
    assert register(visitor).status_code == 303
    assert is_in(visitor)
    assert visitor.post("/logout", page="/me").status_code == 303
    assert not is_in(visitor)
    assert log_in(visitor).status_code == 303
    assert is_in(visitor)


@pytest.mark.parametrize(
    ("contact", "password", "sentence"),
    [
        ("nobody", PASSWORD, "contact"),
        ("", PASSWORD, "contact"),
        (CONTACT, "short", "password"),
        (CONTACT, "1234567890", "password"),
        (CONTACT, "boris@example.com", "password"),
        (CONTACT, "aaaaaaaaaaaaaaaa", "password"),
        (CONTACT, "x" * 200, "password"),
    ],
)
def test_bad_input_gets_a_sentence_beside_its_field(visitor, contact, password, sentence):
    answer = register(visitor, contact, password)
    assert answer.status_code == 422
    assert f'id="{sentence}-error"' in answer.text
    assert not is_in(visitor)


def test_a_contact_names_one_account(visitor, app):
    register(visitor)
    answer = register(Visitor(app), "  BORIS@Example.com ")
    assert answer.status_code == 422
    assert 'id="contact-error"' in answer.text


@pytest.mark.parametrize(
    "password", ["我的密码是很长的一句话呢", "x" * 20 + "yz!" + "w" * 60, "pass phrase with ünïcode"]
)
def test_long_and_foreign_passwords_work_whole(visitor, app, password):
    """A12: nothing is cut off."""
    register(visitor, password=password)
    stranger = Visitor(app)
    assert log_in(stranger, password=password[:-1]).status_code == 422
    assert log_in(stranger, password=password).status_code == 303


def test_cookies_carry_every_flag_on_https(instance, database):
    """A01."""
    from app import create_app
    from tests.conftest import configuration

    app = create_app(configuration(instance, database, public_url="https://shop.example", public_url_is_set=True))
    with app.app_context():
        answer = app.test_client().get("/login", base_url="https://shop.example")
        cookies = answer.headers.getlist("Set-Cookie")
        assert cookies
        for cookie in cookies:
            assert cookie.startswith("__Host-")
            assert "Secure" in cookie
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Path=/" in cookie
            assert "Domain" not in cookie
        db.engine.dispose()


@pytest.mark.parametrize(
    "key", ["dev", "secret", "change-me", "SECRET_KEY", "", "password", "kamifaka", "your-secret-key"]
)
def test_a_cookie_signed_with_a_known_key_is_nothing(visitor, app, key):
    """A02."""
    register(visitor)
    stolen = app.session_interface.get_signing_serializer(app).loads(session_cookie(visitor))
    serializer = URLSafeTimedSerializer(
        key or "x",
        salt=SecureCookieSessionInterface.salt,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
    )
    stranger = Visitor(app)
    stranger.client.set_cookie("s", serializer.dumps(stolen))
    assert not is_in(stranger)


def test_the_session_changes_at_log_in_and_the_old_cookie_stays_outside(visitor, app):
    """A03."""
    register(visitor)
    visitor.post("/logout", page="/me")
    visitor.get("/login")
    before = session_cookie(visitor)
    log_in(visitor)
    assert session_cookie(visitor) != before
    fixed = Visitor(app)
    fixed.client.set_cookie("s", before)
    assert not is_in(fixed)


@pytest.mark.parametrize("ending", ["log-out", "password", "ban"])
def test_a_copied_cookie_dies_with_its_session(visitor, app, ending):
    """A04."""
    register(visitor)
    thief = Visitor(app)
    thief.client.set_cookie("s", session_cookie(visitor))
    assert is_in(thief)
    if ending == "log-out":
        visitor.post("/logout", page="/me")
    elif ending == "password":
        new = "quartz lantern 77 meadow"
        assert (
            visitor.post("/me/password", {"current": PASSWORD, "password": new}, page="/me/password").status_code == 303
        )
        assert is_in(visitor)
    else:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE account SET disabled_at = 1")
    assert not is_in(thief)


def test_guessing_one_account_is_slowed_and_lets_the_owner_in_later(visitor, app):
    """A05."""
    register(visitor)
    answers = [log_in(Visitor(app, address=f"198.51.100.{n}"), password=f"guess number {n}") for n in range(8)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 3
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    assert is_in(visitor)


def test_spraying_many_accounts_from_one_address_is_slowed(shop, app):
    """A05."""
    spray = Visitor(app, address="198.51.100.200")
    codes = [log_in(spray, contact=f"u{n}@example.com").status_code for n in range(12)]
    assert codes == [422] * 10 + [429] * 2


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "javascript:alert(1)"]
    + ["/%0d%0aSet-Cookie:x=1\r\nX: y", "\t//evil.example", "/\t/evil.example", "@evil.example"],
)
def test_after_log_in_the_way_stays_on_the_site(visitor, app, target):
    """A09."""
    register(visitor)
    answer = log_in(Visitor(app), next=target)
    assert answer.status_code == 303
    assert answer.location == "/me"
    assert "evil" not in str(answer.headers)


def test_after_log_in_the_way_goes_on_where_it_was_meant_to(visitor, app):
    register(visitor)
    assert log_in(Visitor(app), next="/partner/commissions?level=1").location == "/partner/commissions?level=1"


def test_a_token_of_another_session_is_refused(visitor, app):
    """A14, D03."""
    foreign = Visitor(app).token("/login")
    register(visitor)
    assert visitor._send("POST", "/logout", data={"csrf_token": foreign}).status_code == 400
    assert visitor._send("POST", "/logout", data={}).status_code == 400
    assert is_in(visitor)


def test_sessions_end_by_themselves(visitor, monkeypatch):
    from app import clock
    from tests.conftest import NOW

    with clock.frozen(NOW):
        register(visitor)
    with clock.frozen(NOW + 6 * clock.DAY):
        assert is_in(visitor)
    with clock.frozen(NOW + 14 * clock.DAY):
        assert not is_in(visitor)


def test_the_database_holds_neither_tokens_nor_contacts(visitor):
    register(visitor)
    row = db.session.execute(db.text("SELECT value_sealed, value_index FROM identity")).one()
    assert b"boris" not in bytes(row.value_sealed)
    assert accounts.account_by_contact(db.session, accounts.read_contact(CONTACT))
    token = visitor.client.get_cookie("s").value
    for stored in db.session.execute(db.text("SELECT token_hash FROM session")).scalars():
        assert len(stored) == 32
        assert stored.hex() not in token
    transaction(accounts.close_all_sessions, 1)


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.9"])
def test_a_session_stays_fresh_wherever_it_is_used(app, shop, address):
    visitor = Visitor(app, address=address)
    register(visitor)
    before = shop.count("SELECT max(seen_at) FROM session")
    transaction(lambda tx: tx.exec_driver_sql("UPDATE session SET seen_at = seen_at - 120"))
    assert is_in(visitor)
    assert shop.count("SELECT max(seen_at) FROM session") >= before
