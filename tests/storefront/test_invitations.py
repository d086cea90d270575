"""Shared links: when they leave the invite cookie, when they do not, and where they lead."""

import pytest

from app import referral, vault
from app import shop as shop_room
from app.db import db, transaction
from tests import journey
from tests.visitor import Visitor

NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def berta(shop):
    return shop.member("berta@example.com")


def code_of(shop, person):
    code = referral.link_of_node(db.session, shop.node(person).id)
    db.session.rollback()
    return code


def inviter(visitor):
    """The pid in the browser's invite cookie."""
    content = vault.unsign("invite", journey.cookie(visitor))
    return content and content["pid"]


def clicks(shop):
    return shop.count("SELECT count(*) FROM click")


def test_a_link_leads_to_the_shop_and_remembers_who_shared_it(shop, visitor, anna):
    answer = visitor.navigate(journey.link(shop, anna))
    assert (answer.status_code, answer.location) == (302, "/")
    assert inviter(visitor) == shop.node(anna).pid
    assert shop.count("SELECT weak FROM click") == 0
    assert shop.count("SELECT address_prefix FROM click") == "192.0.2.0/24"


def test_a_products_link_leads_to_the_product(shop, visitor, anna):
    answer = visitor.navigate(journey.link(shop, anna, "ps"))
    assert answer.location == "/p/ps"
    assert inviter(visitor) == shop.node(anna).pid
    assert visitor.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "frame"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "embed"},
        {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Mode": "same-origin", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Mode": "no-cors"},
        NAVIGATION | {"Sec-Purpose": "prefetch"},
        NAVIGATION | {"Sec-Purpose": "prefetch;prerender"},
        NAVIGATION | {"Purpose": "prefetch"},
    ],
)
def test_what_no_person_opened_leaves_nothing(shop, visitor, anna, headers):
    """R06."""
    answer = visitor.get(journey.link(shop, anna), headers=headers)
    assert answer.status_code == 302
    assert (journey.cookie(visitor), clicks(shop)) == (None, 0)


@pytest.mark.parametrize("short", [False, True])
def test_head_leaves_nothing(shop, visitor, anna, short):
    """R06."""
    path = "/s/" + referral.short_code(code_of(shop, anna)) if short else journey.link(shop, anna)
    assert visitor._send("HEAD", path, headers=NAVIGATION).status_code == 302
    assert (journey.cookie(visitor), clicks(shop)) == (None, 0)


def test_a_browser_that_says_nothing_is_believed_weakly(shop, visitor, anna):
    visitor.get(journey.link(shop, anna))
    assert inviter(visitor) == shop.node(anna).pid
    assert shop.count("SELECT weak FROM click") == 1


def test_a_changed_link_leads_home_and_leaves_nothing(shop, visitor, anna):
    """R01."""
    path = journey.link(shop, anna, "ps")
    forged = vault.sign("invite", [code_of(shop, anna), None, None])
    for wrong in (
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        path + "x",
        path[:-3],
        "/i/" + forged,
        "/i/%00",
        "/i/é",
    ):
        answer = visitor.navigate(wrong)
        assert (answer.status_code, answer.location) == (302, "/"), wrong
    assert (journey.cookie(visitor), clicks(shop)) == (None, 0)


def test_a_short_link_works_in_either_case(shop, app, anna):
    alias = referral.short_code(code_of(shop, anna))
    for spelling in (alias, alias.lower()):
        visitor = Visitor(app)
        assert visitor.navigate(f"/s/{spelling}").location == "/"
        assert inviter(visitor) == shop.node(anna).pid


def test_a_short_link_with_a_wrong_character_leaves_nothing(shop, visitor, anna):
    alias = referral.short_code(code_of(shop, anna))
    others = [character for character in referral.link.CHECK_ALPHABET if character != alias[-1]]
    for wrong in [alias[:-1] + character for character in others[:8]] + [alias[:-1], alias + "0", "é" * 11]:
        answer = visitor.navigate(f"/s/{wrong}")
        assert (answer.status_code, answer.location) == (302, "/")
    assert (journey.cookie(visitor), clicks(shop)) == (None, 0)


@pytest.mark.parametrize("logged_out", [False, True])
def test_ones_own_link_never_replaces_somebody_elses(shop, visitor, anna, logged_out):
    """Logged in, and logged out in the same browser."""
    journey.join(journey.register(visitor, "clara@example.com"))
    clara = type(anna)("clara@example.com", shop.count("SELECT max(id) FROM account"))
    if logged_out:
        assert visitor.post("/logout", page="/me").status_code == 303
    visitor.navigate(journey.link(shop, anna))
    visitor.navigate(journey.link(shop, clara))
    visitor.navigate("/s/" + referral.short_code(code_of(shop, clara)))
    assert inviter(visitor) == shop.node(anna).pid
    assert clicks(shop) == 1


@pytest.mark.parametrize("touch_model", ["last", "first"])
def test_the_setting_says_whose_link_counts(shop, visitor, anna, berta, touch_model):
    transaction(shop_room.change_settings, touch_model=touch_model)
    visitor.navigate(journey.link(shop, anna))
    visitor.navigate(journey.link(shop, berta))
    assert inviter(visitor) == shop.node(berta if touch_model == "last" else anna).pid


def test_a_first_touch_that_no_longer_counts_gives_way(shop, visitor, anna, berta):
    transaction(shop_room.change_settings, touch_model="first")
    visitor.navigate(journey.link(shop, anna))
    transaction(referral.renew_link, shop.node(anna).id, shop.now)
    visitor.navigate(journey.link(shop, berta))
    assert inviter(visitor) == shop.node(berta).pid


def test_a_revoked_link_leaves_nothing_and_its_cookie_stops_counting(shop, app, visitor, anna):
    path, alias = journey.link(shop, anna), referral.short_code(code_of(shop, anna))
    visitor.navigate(path)
    transaction(referral.renew_link, shop.node(anna).id, shop.now)
    late = Visitor(app)
    assert late.navigate(path).location == late.navigate(f"/s/{alias}").location == "/"
    assert (journey.cookie(late), clicks(shop)) == (None, 1)
    journey.register(visitor, "clara@example.com")
    assert shop.count("SELECT count(*) FROM edge") == 0


@pytest.mark.parametrize("state", ["none", "suspended", "banned"])
def test_the_link_of_somebody_who_may_not_earn_leaves_nothing(shop, visitor, anna, state):
    path = journey.link(shop, anna)
    node_id = shop.node(anna).id
    transaction(
        lambda tx: tx.execute(db.text("UPDATE node SET state = :s WHERE id = :id"), {"s": state, "id": node_id})
    )
    assert visitor.navigate(path).status_code == 302
    assert (journey.cookie(visitor), clicks(shop)) == (None, 0)


@pytest.mark.parametrize("slug", ["//evil.example", "https://evil.example", "..//..//evil.example", "\\\\evil.example"])
def test_it_leads_nowhere_else(shop, visitor, anna, slug):
    answer = visitor.navigate(journey.link(shop, anna, slug) + "?next=https://evil.example&product=//evil.example")
    assert answer.status_code == 302
    assert answer.location.startswith("/p/")


def test_the_cookie_is_kept_from_scripts_and_other_sites(shop, visitor, anna):
    flags = flags_of(visitor.navigate(journey.link(shop, anna)), "inv")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={30 * 86400}"} <= flags
    assert not any(flag.startswith("Domain") for flag in flags)


@pytest.mark.config(public_url="https://localhost", public_url_is_set=True)
def test_on_https_the_cookie_is_the_hosts_own(shop, visitor, anna):
    flags = flags_of(visitor.navigate(journey.link(shop, anna), base_url="https://localhost"), "__Host-inv")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags


def flags_of(answer, name):
    line = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}="))
    return set(line.split("; ")[1:])


def bad_cookies(shop, anna):
    good = shop.cookie(anna)
    yield from (good[:-1], good[2:], good[:-2] + "xx", "x", journey.link(shop, anna)[3:])
    for purpose in ("password", "order", "session"):
        yield vault.sign(purpose, vault.unsign("invite", good))
    yield shop.cookie(anna, now=shop.now - 31 * 86400)


def test_an_order_goes_through_with_a_cookie_that_counts_for_nothing(shop, app, anna):
    """R01, R02."""
    for number, bad in enumerate(bad_cookies(shop, anna)):
        visitor = Visitor(app, address=f"203.0.113.{number}")
        visitor.client.set_cookie("inv", bad)
        assert "PS-" in visitor.get(f"/orders/{journey.buy(visitor, f'c{number}@example.com')}").text
    assert shop.count("SELECT count(*) FROM edge") == 0
    assert shop.count("SELECT count(*) FROM attribution WHERE candidate_id IS NOT NULL") == 0
    assert shop.wallet(anna).held_fen == 0
