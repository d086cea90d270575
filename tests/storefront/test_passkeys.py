"""Passkeys as a second factor: what one signs is for this shop, this log-in and this moment (A13)."""

import re

import pytest

from app import accounts, audit, clock
from app.db import db
from tests import journey, passkey, second_factor
from tests.conftest import NOW
from tests.passkey import PRESENT, VERIFIED, Key
from tests.visitor import Visitor

CONTACT, PASSWORD = "olga@example.com", "four unrelated plain words"
SECOND = "/login/second"


@pytest.fixture
def olga(shop, visitor):
    shop.owner(CONTACT, PASSWORD)
    return journey.log_in(visitor, CONTACT, PASSWORD)


@pytest.fixture
def key(olga):
    """Olga's passkey, her only second factor."""
    key = Key()
    key.page = passkey.add(olga, key)
    assert key.page.status_code == 200, key.page.text
    return key


def waiting(app, contact=CONTACT, password=PASSWORD):
    """Somebody elsewhere who has given the password."""
    visitor = Visitor(app, address="198.51.100.9")
    answer = visitor.post("/login", {"contact": contact, "password": password}, page="/login")
    assert answer.location == SECOND
    return visitor


def show(visitor, answer, page=SECOND):
    return visitor.post(page, {"proof_passkey": answer}, page=page)


def is_in(visitor):
    return visitor.get("/me/security").status_code == 200


@pytest.mark.both_databases
def test_a_key_is_added_used_and_removed(app, shop, olga, key):
    codes = re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", key.page.text)
    assert len(codes) == 10
    page = olga.get("/me/security").text
    assert "钥匙" in page
    assert "loss-banner" not in olga.get("/admin").text
    other = waiting(app)
    assert 'data-passkey="get"' in other.get(SECOND).text
    assert show(other, key.sign(passkey.drawn(other, page=SECOND))).location == "/admin"
    assert is_in(other)
    with clock.frozen(NOW + 1200):
        assert olga.post("/me/passkeys", page="/me/security").location == "/me/proof?next=/me/security"
        assert olga.post("/me/passkeys/1/removal", page="/me/security").location == "/me/proof?next=/me/security"
        asked = olga.post("/admin/people", {"role": "support"})
        assert asked.status_code == 403
        assert 'data-passkey="get"' in asked.text
        signed = key.sign(passkey.drawn(olga))
        assert olga.post("/admin/people", {"role": "support", "proof_passkey": signed}).status_code == 200
        assert Visitor(app).post("/me/passkeys/1/removal").status_code == 302
        assert olga.post("/me/passkeys/2/removal", page="/me/security").status_code == 404
        assert olga.post("/me/passkeys/1/removal", page="/me/security").status_code == 303
    assert shop.count("SELECT count(*) FROM passkey") == shop.count("SELECT count(*) FROM recovery_code") == 0
    journey.log_in(Visitor(app), CONTACT, PASSWORD)
    db.session.rollback()
    acts = [(entry.act, entry.change) for entry in audit.entries_of(db.session, "account:1")]
    assert ("passkey.create", {"name": (None, "钥匙")}) in acts
    assert ("passkey.destroy", {"name": ("钥匙", None)}) in acts
    assert ("session.create", {"by": (None, "password, passkey")}) in acts


def test_the_first_key_ends_what_the_password_alone_had_opened(app, olga):
    elsewhere = journey.log_in(Visitor(app), CONTACT, PASSWORD)
    before = olga.client.get_cookie("s").value
    passkey.add(olga, Key())
    assert is_in(olga)
    assert not is_in(elsewhere)
    assert olga.client.get_cookie("s").value != before


WRONG = {
    "another page": {"origin": "https://tengka-login.example"},
    "another host": {"host": "example.com"},
    "not verified": {"flags": PRESENT},
    "not present": {"flags": VERIFIED},
    "another challenge": {"challenge": passkey.text(b"x" * 32)},
    "another act": {"act": "payment.get"},
    "a copy of the key": {"step": 0},
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_signed_wrongly_opens_nothing(app, shop, olga, key, why):
    changes = dict(WRONG[why])
    other = waiting(app)
    assert show(other, key.sign(passkey.drawn(other, page=SECOND))).status_code == 303
    third = waiting(app)
    key.origin, key.host = changes.pop("origin", key.origin), changes.pop("host", key.host)
    answer = show(third, key.sign(passkey.drawn(third, page=SECOND), **changes))
    assert answer.status_code == 422
    assert 'id="proof_passkey-error"' in answer.text
    assert not is_in(third)


def test_a_challenge_serves_once_for_whom_it_was_drawn_and_not_long(app, shop, olga, key):
    one, two = waiting(app), waiting(app)
    options = passkey.drawn(one, page=SECOND)
    # Drawn for another log-in of the same account.
    passkey.drawn(two, page=SECOND)
    assert show(two, key.sign(options)).status_code == 422
    signed = key.sign(options)
    # The first answer uses it up, though it is a wrong one.
    assert show(one, Key().sign(options)).status_code == 422
    assert show(one, signed).status_code == 422
    # Nor does one without a challenge, or after a newer one.
    older = passkey.drawn(one, page=SECOND)
    passkey.drawn(one, page=SECOND)
    assert show(one, key.sign(older)).status_code == 422
    late = passkey.drawn(two, page=SECOND)
    with clock.frozen(NOW + 301):
        assert show(two, key.sign(late)).status_code == 422 or not is_in(two)
    assert not is_in(one)
    assert not is_in(two)
    assert Visitor(app).post("/challenges").status_code == 404


def test_a_key_of_somebody_else_opens_nothing(app, shop, olga, key):
    dan = journey.register(Visitor(app), "dan@example.com")
    his = Key()
    assert passkey.add(dan, his).status_code == 200
    other = waiting(app)
    assert show(other, his.sign(passkey.drawn(other, page=SECOND))).status_code == 422
    # Nor can he take hers for his own.
    his.id = key.id
    assert passkey.add(dan, his).status_code == 422
    assert shop.count("SELECT count(*) FROM passkey") == 2


def test_wrong_keys_are_counted_with_wrong_codes(app, shop, olga, key):
    other = waiting(app)
    tries = [show(other, Key().sign(passkey.drawn(other, page=SECOND))).status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]


@pytest.mark.parametrize(
    "answer",
    ["{", "[]", '"x"', "[" * 9000, '{"id": 7}', '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}', "\x00", "x" * 30000],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_answer_is_refused(app, shop, olga, answer):
    passkey.drawn(olga, "/me/passkeys/challenge")
    made = olga.post("/me/passkeys", {"name": "x", "answer": answer}, page="/me/passkeys/new")
    assert made.status_code == 422
    second_factor.guard(olga)
    other = waiting(app)
    passkey.drawn(other, page=SECOND)
    assert show(other, answer).status_code == 422


def test_a_broken_key_is_refused_when_it_is_made(shop, olga):
    """Each byte of what a device says is somebody's claim."""
    for share in range(18):
        whole = Key().make(passkey.drawn(olga, "/me/passkeys/challenge"))
        place = len(whole) * share // 18
        broken = f"{whole[:place]}{'A' if whole[place] != 'A' else 'B'}{whole[place + 1 + share :]}"
        assert olga.post("/me/passkeys", {"name": "x", "answer": broken}, page="/me/passkeys/new").status_code == 422
    assert shop.count("SELECT count(*) FROM passkey") == 0


def test_beside_the_app_either_will_do(app, shop, olga):
    phone, codes = second_factor.guard(olga)
    key = Key()
    assert passkey.add(olga, key).location == "/me/security"
    with clock.frozen(NOW + 60):
        assert second_factor.show(waiting(app), phone.code()).location == "/admin"
        other = waiting(app)
        assert show(other, key.sign(passkey.drawn(other, page=SECOND))).location == "/admin"
        assert second_factor.show(waiting(app), codes[0], "proof_recovery").location == "/admin"
        assert olga.post("/me/authenticator/removal", page="/me/security").status_code == 303
    assert "还剩 9 个恢复码" in olga.get("/me/security").text
    assert accounts.has_second_factor(db.session, 1)


@pytest.mark.config(public_url="http://127.0.0.1:8000")
def test_where_browsers_make_no_keys_the_page_says_so(olga):
    page = olga.get("/me/passkeys/new").text
    assert "data-passkey" not in page
    assert "https" in page
    assert olga.post("/me/passkeys/challenge", page="/me/security").status_code == 422
