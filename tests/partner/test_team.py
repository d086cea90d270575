"""The team: whom somebody brought, two levels deep, without a gap in the list and without anybody's name."""

import re
from html import unescape

import pytest

from app import referral, vault
from tests import journey
from tests.shop import Person
from tests.visitor import Visitor

PAGE = "/partner/team"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
NAME = re.compile(r"<strong>[^<]*?([0-9A-Z]{6})</strong>")


@pytest.fixture
def clara(shop, visitor):
    journey.join(journey.register(visitor, "clara@example.com"))
    return Person("clara@example.com", shop.count("SELECT max(id) FROM account"))


def bring(shop, inviter, count, prefix="m"):
    """So many who registered through the inviter's link; their names for Clara are in the order they came."""
    return [shop.member(f"{prefix}{number}@example.com", via=inviter) for number in range(count)]


def name_of(shop, viewer, person):
    return referral.listing.alias(shop.node(viewer).pid, shop.node(person).pid)


def walk(visitor, path=PAGE, **options):
    while path:
        html = visitor.get(path, **options).text
        yield html
        following = re.search(r'hx-get="([^"]+)"', html)
        path = following and unescape(following.group(1))


@pytest.mark.parametrize("headers", [{}, PARTIAL])
def test_the_list_goes_on_without_a_gap_or_a_repeat(shop, visitor, clara, headers):
    people = bring(shop, clara, 41)
    pages = [NAME.findall(html) for html in walk(visitor, headers=headers)]
    assert [len(page) for page in pages] == [20, 20, 1]
    assert [name for page in pages for name in page] == [name_of(shop, clara, person) for person in reversed(people)]


def test_two_levels_are_seen_and_never_a_third(shop, visitor, clara):
    [boris] = bring(shop, clara, 1, "boris")
    [dora] = bring(shop, boris, 1, "dora")
    bring(shop, dora, 1, "emil")
    assert NAME.findall(visitor.get(PAGE).text) == [name_of(shop, clara, boris), name_of(shop, clara, dora)]
    assert NAME.findall(visitor.get(f"{PAGE}?level=3").text) == [
        name_of(shop, clara, boris),
        name_of(shop, clara, dora),
    ]


def test_it_says_what_each_brought_the_viewer(shop, visitor, clara):
    [boris] = bring(shop, clara, 1, "boris")
    [dora] = bring(shop, boris, 1, "dora")
    for _ in range(3):
        shop.buy(boris)
    shop.buy(dora)
    text = re.sub(r"<[^>]+>|\s", "", visitor.get(PAGE).text)
    # Both may earn, and so buy for themselves at 5% off: 10% of three times 95 yuan, and 5% of 95.
    assert "¥28.50" in text
    assert "¥4.75" in text
    assert "&lt;3" in text, "a count below three is not told"


def test_nobody_is_named_and_no_two_viewers_see_one_name(shop, app, visitor, clara):
    """1.20."""
    friend = Person("13800138000")
    placed = shop.buy(friend, via=clara)
    [boris] = bring(shop, clara, 1, "boris")
    shop.buy(boris)
    shop.buy(Person("far@example.com"), via=friend)
    other = journey.join(journey.register(Visitor(app, address="203.0.113.31"), "berta@example.com"))
    berta = Person("berta@example.com", shop.count("SELECT max(id) FROM account"))
    bring(shop, berta, 1, "sister")
    html = "".join(walk(visitor)) + visitor.get("/partner/commissions").text + visitor.get("/partner/links").text
    people = (friend, boris, clara, berta, Person("far@example.com"))
    for secret in (
        "13800138000",
        "boris0@",
        "far@",
        "sister",
        "berta",
        placed.number,
        *(shop.node(p).pid for p in people),
    ):
        assert secret not in html, secret
    for person in (friend, boris):
        assert name_of(shop, clara, person) in html
        assert name_of(shop, berta, person) not in html
        assert name_of(shop, clara, person) not in other.get(PAGE).text


def test_a_downline_sees_nothing_of_those_beside_or_above(shop, app, visitor, clara):
    browser = Visitor(app, address="203.0.113.32")
    browser.navigate(journey.link(shop, clara))
    journey.join(journey.register(browser, "dora@example.com"))
    dora = Person("dora@example.com", shop.count("SELECT max(id) FROM account"))
    sibling, *_ = bring(shop, clara, 1)
    shop.buy(sibling)
    html = browser.get(PAGE).text + browser.get("/partner/commissions").text + browser.get("/partner/links").text
    assert NAME.findall(html) == []
    for person in (clara, sibling):
        assert name_of(shop, dora, person) not in html
        assert shop.node(person).pid not in html


def bad_cursors():
    yield from ("-1", "0", "1", "1" + "0" * 20, "a", "", "null", "%00", "%ff", "' OR 1=1--", "x" * 5000)
    for purpose, content in (
        ("cursor:commissions", 2),
        ("cursor:links", 2),
        ("cursor:team", [2]),
        ("cursor:team", "2"),
    ):
        yield vault.sign(purpose, content)


def test_a_cursor_that_is_not_ours_means_the_first_page(shop, visitor, clara):
    """I03."""
    bring(shop, clara, 3)
    first = NAME.findall(visitor.get(PAGE).text)
    for cursor in bad_cursors():
        answer = visitor.get(f"{PAGE}?before={cursor}")
        assert (answer.status_code, NAME.findall(answer.text)) == (200, first), cursor


def test_htmx_gets_the_rows_alone_and_caches_are_told(shop, visitor, clara):
    bring(shop, clara, 1)
    whole, part = visitor.get(PAGE), visitor.get(PAGE, headers=PARTIAL)
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert NAME.findall(part.text) == NAME.findall(whole.text)
    for answer in (whole, part):
        assert {"Cookie", "HX-Request-Type"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_nobody_sees_it_without_logging_in(visitor):
    assert visitor.get(PAGE).location == f"/login?next={PAGE}"
    assert visitor.get(PAGE, headers=PARTIAL | {"HX-Request": "true"}).status_code == 403
