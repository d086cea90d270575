"""The links to share: what they hold, that they work, and that a new one ends the old."""

import re
from html import unescape

import pytest

from app import catalog, referral, vault
from app.db import transaction
from tests import journey
from tests.visitor import Visitor

PAGE = "/partner/links"


@pytest.fixture
def clara(shop, visitor):
    return journey.join(journey.register(visitor, "clara@example.com"))


def shared(html):
    """slug -> address of every product's link."""
    return dict(re.findall(r'id="link-([\w-]+)">([^<]+)<', html))


def shop_link(clara):
    return re.search(r'id="shop-link">([^<]+)<', clara.get(PAGE).text).group(1)


def follow(app, url):
    visitor = Visitor(app, address="203.0.113.40")
    answer = visitor.navigate(url.removeprefix("http://localhost"))
    return answer.location, journey.cookie(visitor)


def products(shop, count, **changes):
    def add(tx):
        for number in range(count):
            shop.product(tx, f"n{number}", codes=1, **changes)

    transaction(add)


def test_every_link_on_the_page_works(shop, app, clara):
    html = clara.get(PAGE).text
    short = re.search(r"<code>([^<]+)</code>", html).group(1)
    for url, target in ((shop_link(clara), "/"), (unescape(short), "/"), (shared(html)["ps"], "/p/ps")):
        assert url.startswith("http://localhost/")
        location, cookie = follow(app, url)
        assert (location, bool(cookie)) == (target, True)


def test_it_says_what_a_friends_purchase_earns(shop, clara):
    text = re.sub(r"<[^>]+>|\s", "", clara.get(PAGE).text)
    assert "¥10.00" in text


def test_it_names_the_tier(clara):
    transaction(referral.save_tier, None, name="金牌", min_sales_fen=0, position=1)
    assert "金牌" in clara.get(PAGE).text


def test_a_product_without_commission_is_not_offered_to_share(shop, clara):
    transaction(shop.product, "quiet", commissionable=False)
    assert set(shared(clara.get(PAGE).text)) == {"ps"}


def test_products_that_pay_nothing_do_not_hide_those_that_do(shop, clara):
    """The first page holds none to share, and still leads on."""
    transaction(catalog.update_product, shop.count("SELECT id FROM product"), commissionable=False)
    products(shop, 30, commissionable=False)
    transaction(shop.product, "last")
    seen, path = set(), PAGE
    while path:
        html = clara.get(path).text
        seen |= set(shared(html))
        following = re.search(r'hx-get="([^"]+)"', html)
        path = following and unescape(following.group(1))
    assert seen == {"last"}


def test_a_renewed_link_ends_the_old_one(shop, app, clara):
    old = shop_link(clara)
    assert clara.post("/partner/links/renewal", page=PAGE).status_code == 303
    new = shop_link(clara)
    assert new != old
    assert follow(app, old) == ("/", None)
    assert follow(app, new)[1]


def test_a_renewal_needs_a_form_of_this_shop(shop, clara):
    old = shop_link(clara)
    assert clara._send("POST", "/partner/links/renewal").status_code == 400
    assert clara.get("/partner/links/renewal").status_code == 405
    assert shop_link(clara) == old


def test_the_list_goes_on_without_a_gap_or_a_repeat(shop, clara):
    products(shop, 30)
    seen, path, sizes = [], PAGE, []
    while path:
        html = clara.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
        assert "<html" not in html
        sizes.append(len(shared(html)))
        seen += shared(html)
        following = re.search(r'hx-get="([^"]+)"', html)
        path = following and unescape(following.group(1))
    assert len(sizes) > 1
    assert len(seen) == len(set(seen)) == 31


@pytest.mark.parametrize("cursor", ["-1", "1" + "0" * 20, "a", "", "[1,2]", "%00", "x" * 5000])
def test_a_cursor_that_is_not_ours_means_the_first_page(shop, clara, cursor):
    """I03."""
    first = shared(clara.get(PAGE).text)
    answer = clara.get(f"{PAGE}?after={cursor}")
    assert (answer.status_code, shared(answer.text).keys()) == (200, first.keys())


@pytest.mark.parametrize("content", [3, "3", [1], [1, 2, 3], ["1", "2"], {"a": 1}, None])
def test_another_lists_cursor_means_the_first_page(shop, clara, content):
    first = shared(clara.get(PAGE).text)
    for purpose in ("cursor:products", "cursor:links"):
        answer = clara.get(f"{PAGE}?after={vault.sign(purpose, content)}")
        assert (answer.status_code, shared(answer.text).keys()) == (200, first.keys())


def test_qr_codes_are_pictures_and_of_listed_products_only(shop, clara):
    picture = clara.get("/partner/links/qr.svg?product=ps")
    assert picture.content_type == "image/svg+xml"
    assert picture.data.startswith(b"<svg")
    assert b"style=" not in picture.data
    assert picture.data != clara.get("/partner/links/qr.svg").data
    for slug in ("gone", "../ps", "<script>", "%00", "x" * 3000):
        assert clara.get(f"/partner/links/qr.svg?product={slug}").status_code == 404
    transaction(catalog.unpublish, shop.count("SELECT id FROM product"))
    assert clara.get("/partner/links/qr.svg?product=ps").status_code == 404
