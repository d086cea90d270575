"""Invites: what a shared link and the cookie behind it say, and everything that they must not be made to say."""

import pytest

from app import orders, referral, vault
from app.clock import DAY
from app.db import db, transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases
ALPHABET = "ABab01-_."


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


def read(shop, cookie, *, days=30, later=0):
    found = referral.read_invite(db.session, cookie, cookie_days=days, now=shop.now + later)
    db.session.rollback()
    return found


def test_a_cookie_says_who_shared_the_link(shop, anna):
    invite = read(shop, shop.cookie(anna))
    assert invite.node_id == shop.node(anna).id
    assert shop.count("SELECT count(*) FROM click WHERE id = :id", id=invite.click_id) == 1


def test_a_cookie_names_nobody(shop, anna):
    """R01, P01: no contact in it, however it is looked at."""
    value = vault.unsign("invite", shop.cookie(anna))
    assert set(value) == {"v", "pid", "click", "iat", "exp"}
    assert "anna" not in str(value)


@pytest.mark.parametrize("which", ["link", "cookie"])
def test_every_single_changed_character_breaks_it(shop, anna, which):
    """R01."""
    code = referral.link_of_node(db.session, shop.node(anna).id)
    token = referral.invite_token(code, "ps", "spring") if which == "link" else shop.cookie(anna)
    good = referral.token_target if which == "link" else lambda token: read(shop, token)
    assert good(token)
    for place, was in enumerate(token):
        for character in {chr(ord(was) ^ 1), *ALPHABET} - {was}:
            assert not good(token[:place] + character + token[place + 1 :]), f"{character} for {was} at {place}"


@pytest.mark.parametrize("cut", [1, 2, 10, -1, -2, -10])
def test_a_part_of_it_is_nothing(shop, anna, cut):
    """R01."""
    token = shop.cookie(anna)
    assert read(shop, token[cut:] if cut > 0 else token[:cut]) is None


@pytest.mark.parametrize("value", ["", " ", "x", ".", "..", "a.b.c", "null", "é", "\x00", "x" * 100_000, None])
def test_rubbish_is_nothing(shop, anna, value):
    """R01."""
    assert read(shop, value) is None
    assert referral.token_target(value or "") is None


def test_another_tokens_signature_is_nothing(shop, anna):
    """R02: made by our own keys, for other purposes."""
    content = vault.unsign("invite", shop.cookie(anna))
    for purpose in ("link", "password", "order", "session", "welcome"):
        assert read(shop, vault.sign(purpose, content)) is None
    code = referral.link_of_node(db.session, shop.node(anna).id)
    assert referral.token_target(vault.sign("invite", [code, None, None])) is None
    assert read(shop, referral.invite_token(code)) is None
    assert referral.token_target(shop.cookie(anna)) is None


def test_an_orders_secret_is_no_invite(shop, anna):
    """R02."""
    placed = shop.buy(Person("clara@example.com"))
    assert read(shop, placed.secret) is None
    assert referral.token_target(placed.secret) is None
    assert orders.find_opened(db.session, placed.number, secret=shop.cookie(anna), account_id=None) is None


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": "1"},
        {"pid": "0" * 16},
        {"pid": 1},
        {"click": "0" * 20},
        {"click": None},
        {"iat": "now"},
        {"exp": None},
        {"iat": 1e9},
    ],
)
def test_a_signed_cookie_that_says_something_odd_is_nothing(shop, anna, change):
    """R01: another version, another person, a click that never was."""
    content = vault.unsign("invite", shop.cookie(anna)) | change
    assert read(shop, vault.sign("invite", content)) is None


def test_the_click_must_be_on_the_inviters_own_link(shop, anna):
    boris = shop.member("boris@example.com")
    mixed = vault.unsign("invite", shop.cookie(anna)) | {"pid": shop.node(boris).pid}
    assert read(shop, vault.sign("invite", mixed)) is None


@pytest.mark.parametrize(
    ("later", "counts"), [(-1, False), (0, True), (30 * DAY - 1, True), (30 * DAY, False), (31 * DAY, False)]
)
def test_it_lasts_for_thirty_days_to_the_second(shop, anna, later, counts):
    """R01: and one from the future is none."""
    assert (read(shop, shop.cookie(anna), later=later) is not None) is counts


@pytest.mark.parametrize(
    ("days", "later", "counts"), [(7, 7 * DAY - 1, True), (7, 7 * DAY, False), (90, 30 * DAY, False)]
)
def test_a_window_that_was_shortened_holds_for_old_cookies_too(shop, anna, days, later, counts):
    """And one that was lengthened does not lengthen them."""
    assert (read(shop, shop.cookie(anna), days=days, later=later) is not None) is counts


def test_a_renewed_link_ends_the_cookies_of_the_old_one(shop, anna):
    """R01."""
    old, node_id = shop.cookie(anna), shop.node(anna).id
    old_code = referral.link_of_node(db.session, node_id)
    transaction(referral.renew_link, node_id, shop.now)
    assert read(shop, old) is None
    assert referral.find_link(db.session, old_code) is None
    assert read(shop, shop.cookie(anna)).node_id == node_id


@pytest.mark.parametrize("state", ["none", "suspended", "banned"])
def test_who_may_not_earn_invites_nobody(shop, anna, state):
    cookie = shop.cookie(anna)
    transaction(lambda tx: tx.execute(db.text("UPDATE node SET state = :state"), {"state": state}))
    assert read(shop, cookie) is None


@pytest.mark.parametrize("cookie", ["forged", "a.b.c", "x" * 5000])
def test_an_order_works_with_a_cookie_that_does_not(shop, anna, cookie):
    """R01: ignored, never an error."""
    clara = Person("clara@example.com")
    shop.buy(clara, cookie=cookie)
    assert (shop.parent(clara), shop.wallet(anna).held_fen) == (None, 0)
    assert shop.count("SELECT candidate_id FROM attribution") is None


def test_a_short_code_tells_a_typing_error(shop, anna):
    code = referral.link_of_node(db.session, shop.node(anna).id)
    alias = referral.short_code(code)
    assert referral.check_alias(alias) == code
    for place, was in enumerate(alias):
        for character in set(vault.CROCKFORD) - {was}:
            assert referral.check_alias(alias[:place] + character + alias[place + 1 :]) is None
    for wrong in (
        "",
        alias[:-1],
        alias + "0",
        alias.lower(),
        alias[1] + alias[0] + alias[2:] if alias[0] != alias[1] else "",
    ):
        assert referral.check_alias(wrong) is None
