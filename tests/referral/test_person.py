"""Whether buyer and inviter are one person: then nobody earns, and nobody else moves up."""

import pytest

from app import referral, trade
from app.db import transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def pair(shop):
    """Anna, and Boris who came through her: what Boris loses must not become Anna's."""
    anna = shop.member("anna@example.com")
    return anna, shop.member("boris.lee@gmail.com", via=anna, device=b"boris's phone")


def nobody_earned(shop, refusal):
    assert shop.count("SELECT count(*) FROM commission") == 0
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'accrue'") == 0
    assert shop.count("SELECT refusal FROM attribution ORDER BY order_id DESC LIMIT 1") == refusal
    assert shop.count("SELECT l1_id FROM attribution ORDER BY order_id DESC LIMIT 1") is None
    assert shop.count("SELECT count(*) FROM orders WHERE delivered_at IS NOT NULL") == 1


def test_a_member_who_buys_earns_the_inviter_only(shop, pair):
    """R03: logged in, by one's own link, at 5% off; the open upline is Anna, who brought Boris."""
    anna, boris = pair
    shop.buy(boris, via=boris)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (0, 950)


def test_a_root_who_buys_by_the_own_link_earns_nothing(shop):
    """R03: the same node."""
    anna = shop.member("anna@example.com")
    shop.buy(anna, via=anna)
    nobody_earned(shop, "self_node")


@pytest.mark.parametrize(
    "contact",
    ["boris.lee@gmail.com", "BORIS.LEE@gmail.com", "borislee@gmail.com", "b.o.r.i.s.l.e.e@gmail.com"]
    + ["boris.lee+shop@gmail.com", "borislee+a+b@googlemail.com"],
)
def test_a_guest_with_the_inviters_mailbox_earns_nobody_anything(shop, pair, contact):
    """R03: logged out, with an alias, with dots."""
    shop.buy(Person(contact), via=pair[1], device=b"a new phone")
    nobody_earned(shop, "self_contact")


@pytest.mark.parametrize("contact", ["anna+x@example.com", "ANNA@EXAMPLE.COM", "anna+@example.com"])
def test_a_plus_is_an_alias_at_every_provider(shop, contact):
    """R03."""
    shop.buy(Person(contact), via=shop.member("anna@example.com"), device=b"a new phone")
    nobody_earned(shop, "self_contact")


@pytest.mark.parametrize("contact", ["an.na@example.com", "anna@example.org", "annabel@example.com"])
def test_somebody_else_is_somebody_else(shop, contact):
    """Dots count wherever a provider lets them count."""
    anna = shop.member("anna@example.com")
    shop.buy(Person(contact), via=anna)
    assert shop.wallet(anna).held_fen == 1000


@pytest.mark.parametrize("spelling", ["13800138000", "+86 138 0013 8000", "+86-138-0013-8000"])
def test_a_phone_number_is_one_in_every_spelling(shop, spelling):
    """R03."""
    anna = shop.member("13800138000")
    shop.buy(Person(spelling), via=anna, device=b"a new phone")
    nobody_earned(shop, "self_contact")


def test_a_second_account_in_the_same_browser_earns_nobody_anything(shop, pair):
    """R03: registered through the own link, and nothing was bound."""
    second = shop.member("somebody.else@example.com", via=pair[1], device=b"boris's phone")
    assert shop.parent(second) is None
    shop.buy(second, via=pair[1], device=b"boris's phone")
    nobody_earned(shop, "self_device")


def test_a_guest_in_the_inviters_browser_earns_nobody_anything(shop, pair):
    """R03."""
    shop.buy(Person("new@example.com"), via=pair[1], device=b"boris's phone")
    nobody_earned(shop, "self_device")


def test_an_account_of_the_inviters_mailbox_is_not_bound(shop, pair):
    """R03: at registration as at an order."""
    second = shop.member("borislee+2@gmail.com", via=pair[1], device=b"a new phone")
    assert shop.parent(second) is None
    shop.buy(second, via=pair[1], device=b"a new phone")
    nobody_earned(shop, "self_contact")


def test_an_account_of_the_inviters_mailbox_is_the_inviter_under_any_contact(shop, pair):
    """R03: a second account by an alias, in another browser, with somebody else's contact on the order."""
    second = shop.member("borislee+2@gmail.com", joins=False, device=b"a new phone")
    shop.buy(Person("nobody@example.org", second.account_id), via=pair[1], device=b"a new phone")
    nobody_earned(shop, "self_contact")
    assert shop.parent(second) is None


def test_an_account_is_the_guest_of_the_same_contact(shop):
    """R03: one's own link as a guest, opened by one's own account in another browser."""
    guest = Person("clara@example.com")
    shop.buy(guest)
    account = shop.member("clara@example.com", joins=False, device=b"a new phone")
    shop.buy(Person("nobody@example.org", account.account_id), via=guest, device=b"a new phone")
    assert shop.count("SELECT refusal FROM attribution ORDER BY order_id DESC LIMIT 1") == "self_contact"
    assert shop.count("SELECT count(*) FROM commission") == 0
    assert shop.parent(account) is None


def test_a_browser_that_is_only_seen_later_counts_from_then_on(shop, pair):
    """The buyer is bound already; an order from the inviter's own browser earns nobody anything, the next one does."""
    anna, boris = pair
    clara = Person("clara@example.com")
    shop.buy(clara, via=boris)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (1000, 500)
    shop.buy(clara, device=b"boris's phone")
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (1000, 500)


def test_the_second_level_is_left_out_when_it_is_the_buyer(shop, pair):
    """R03: Anna buys as a guest through Boris, whom she brought herself."""
    anna, boris = pair
    guest = Person("anna+guest@example.com")
    shop.buy(guest, via=boris, device=b"a new phone")
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (1000, 0)
    assert shop.count("SELECT count(*) FROM commission WHERE level = 2") == 0


def test_nothing_known_is_nobody(shop, pair):
    """What is not known never matches: an empty device or contact is no proof."""
    anna = shop.node(pair[0])
    with_nothing = transaction(referral.same_person, anna.id)
    assert with_nothing is None
    assert transaction(referral.same_person, anna.id, device_hash=b"", contact_index=b"", person_index=b"") is None
    assert trade.Visitor("192.0.2.1").device_hash is None
