"""The page of earnings: its figures come from the books, its list goes on without a gap, and it names nobody."""

import re

import pytest

from app import referral, vault
from app.db import transaction
from tests import journey
from tests.shop import Person
from tests.visitor import Visitor

PAGE = "/partner/commissions"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
ROW = re.compile(r'<li class="earning">(.*?)</li>', re.DOTALL)
NEXT = re.compile(r'hx-get="([^"]+)"')


@pytest.fixture
def clara(shop, visitor):
    """Clara, who joined through the page, with her browser in `visitor`."""
    journey.join(journey.register(visitor, "clara@example.com"))
    return Person("clara@example.com", shop.count("SELECT max(id) FROM account"))


def sell(shop, clara, sales, friends=3):
    """So many sales to Clara's friends, of amounts that tell them apart."""
    for number in range(sales):
        price_fen = 10000 + number * 100
        transaction(shop.product, f"n{number}", price_fen=price_fen, codes=1)
        shop.buy(
            Person(f"f{number % friends}@example.com"), via=clara, slug=f"n{number}", address=f"203.0.113.{number}"
        )


def amounts(html):
    return [
        re.sub(r"<[^>]+>|\s", "", re.search(r'earning-sum">(.*?)<span class="badge', row, re.S).group(1))
        for row in ROW.findall(html)
    ]


def pages(visitor, path, **options):
    while path:
        answer = visitor.get(path, **options)
        assert answer.status_code == 200
        yield answer.text
        following = NEXT.search(answer.text)
        path = following.group(1).replace("&amp;", "&") if following else None


def test_nobody_sees_it_without_logging_in(visitor):
    answer = visitor.get(f"{PAGE}?level=1")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/partner/commissions?level%3D1"


def test_the_figures_are_those_of_the_books(shop, visitor, clara):
    shop.buy(Person("friend@example.com"), via=clara)
    shop.buy(Person("friend@example.com"))
    text = re.sub(r"<[^>]+>|\s", "", visitor.get(PAGE).text)
    assert shop.wallet(clara).held_fen == 2000
    assert "¥20.00" in text
    # Each row, and beside it why it is that much.
    assert text.count("¥10.00") == 4


@pytest.mark.parametrize("headers", [{}, PARTIAL])
def test_the_list_goes_on_without_a_gap_or_a_repeat(shop, visitor, clara, headers):
    sell(shop, clara, 41)
    seen = [amounts(html) for html in pages(visitor, PAGE, headers=headers)]
    assert [len(page) for page in seen] == [20, 20, 1]
    expected = [f"¥{(10000 + number * 100) / 1000:.2f}" for number in reversed(range(41))]
    assert [amount for page in seen for amount in page] == expected


def test_a_sale_in_the_middle_of_reading_shifts_nothing(shop, visitor, clara):
    sell(shop, clara, 25)
    walk = pages(visitor, PAGE)
    first = amounts(next(walk))
    shop.buy(Person("late@example.com"), via=clara)
    rest = [amount for html in walk for amount in amounts(html)]
    assert len(first + rest) == len(set(first + rest)) == 25


def test_htmx_gets_the_rows_alone_and_caches_are_told(shop, visitor, clara):
    sell(shop, clara, 2)
    whole, part = visitor.get(PAGE), visitor.get(PAGE, headers=PARTIAL)
    restored = visitor.get(PAGE, headers={"HX-Request": "true", "HX-Request-Type": "full"})
    assert "<html" in whole.text
    assert "<html" in restored.text
    assert "<html" not in part.text
    assert amounts(part.text) == amounts(whole.text)
    for answer in (whole, part, restored):
        assert {"Cookie", "HX-Request-Type"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
        assert answer.headers["Cache-Control"] == "private, no-store"


def bad_cursors():
    yield from ("-1", "0", "1", "10" * 10, "1" + "0" * 20, "a", "", "null", "%00", "%ff", "' OR 1=1--", "x" * 5000)
    for purpose, content in (
        ("cursor:team", 3),
        ("cursor:links", 3),
        ("cursor:commissions", [3, 3]),
        ("cursor:commissions", "3"),
        ("link", 3),
    ):
        yield vault.sign(purpose, content)
    yield vault.sign("cursor:commissions", 3)[:-1]


def test_a_cursor_that_is_not_ours_means_the_first_page(shop, visitor, clara):
    """I03."""
    sell(shop, clara, 3)
    first = amounts(visitor.get(PAGE).text)
    assert len(first) == 3
    for cursor in bad_cursors():
        answer = visitor.get(f"{PAGE}?before={cursor}")
        assert (answer.status_code, amounts(answer.text)) == (200, first), cursor
    for query in (
        "page=-1",
        "page=100000000000000000000",
        "page=a",
        "sort=unknown",
        "level=9",
        "level=",
        "level=1&level=2;",
    ):
        answer = visitor.get(f"{PAGE}?{query}")
        assert (answer.status_code, amounts(answer.text)) == (200, first), query
    # A cursor that is ours but beyond everything is an empty page, and no fault.
    for beyond in (0, -(10**18)):
        assert visitor.get(f"{PAGE}?before={vault.sign('cursor:commissions', beyond)}").status_code == 200


def test_the_levels_are_told_apart(shop, visitor, clara):
    friend = Person("friend@example.com")
    shop.buy(friend, via=clara)
    shop.buy(Person("far@example.com"), via=friend)
    assert [len(amounts(visitor.get(f"{PAGE}?level={level}").text)) for level in ("", "1", "2")] == [2, 1, 1]
    assert amounts(visitor.get(f"{PAGE}?level=2").text) == ["¥5.00"]


def test_the_level_stays_while_the_list_goes_on(shop, visitor, clara):
    friend = Person("friend@example.com")
    shop.buy(friend, via=clara)
    sell(shop, clara, 22)
    walked = [amount for html in pages(visitor, f"{PAGE}?level=1") for amount in amounts(html)]
    assert len(walked) == 23
    assert not ROW.findall(visitor.get(f"{PAGE}?level=2").text)


def test_it_names_nobody_to_anybody(shop, app, visitor, clara):
    """1.20: no contact, order, public id or node; and the same friend has another name for another viewer."""
    friend, far = Person("friend@example.com"), Person("13800138000")
    placed = [shop.buy(friend, via=clara), shop.buy(far, via=friend)]
    journey.join(journey.register(other := Visitor(app, address="203.0.113.30"), "berta@example.com"))
    berta = Person("berta@example.com", shop.count("SELECT max(id) FROM account"))
    me, them = shop.node(clara).pid, shop.node(berta).pid
    pids = [shop.node(person).pid for person in (friend, far, clara)]
    alias_for = referral.listing.alias
    html = visitor.get(PAGE).text + visitor.get("/partner/team").text + visitor.get(PAGE, headers=PARTIAL).text
    for secret in ("friend@", "far@", "13800138000", *pids, *(order.number for order in placed), "PS-0"):
        assert secret not in html.replace("clara@example.com", ""), secret
    for pid in pids[:2]:
        assert alias_for(me, pid) in html
        assert alias_for(them, pid) not in html
    assert alias_for(me, pids[0]) not in other.get(PAGE).text + other.get("/partner/team").text
