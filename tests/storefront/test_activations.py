"""What may be used, on the order's page: seen, activated once, and spent by the merchant."""

import pytest

from app import clock, trade
from app.db import transaction
from tests.shop import Person
from tests.visitor import Visitor

pytestmark = pytest.mark.both_databases


@pytest.fixture
def bought(shop, visitor):
    """Clara's browser, which holds the secret of an order of goods with a nature."""

    def act(**nature):
        transaction(shop.product, "goods", **nature)
        placed = shop.buy(Person("clara@example.com"), slug="goods")
        visitor.get(f"/orders/{placed.number}?key={placed.secret}")
        return f"/orders/{placed.number}", shop.count("SELECT max(id) FROM order_line")

    return act


def test_the_buyer_activates_once(visitor, bought, shop):
    page, line = bought(vesting="first_use", validity_days=30)
    assert "立即激活" in visitor.get(page).text or "Activate now" in visitor.get(page).text
    for _ in range(2):
        assert visitor.post(f"{page}/activations", {"line": line}).status_code == 303
    assert shop.count("SELECT count(*) FROM entitlement_event") == 1
    assert "activations" not in visitor.get(page).text


def test_a_stranger_activates_nothing(app, bought, shop):
    page, line = bought(vesting="first_use", validity_days=30)
    assert Visitor(app, address="203.0.113.9").post(f"{page}/activations", {"line": line}).status_code == 404
    assert shop.count("SELECT count(*) FROM entitlement_event") == 0


@pytest.mark.parametrize("line", ["", "x", "１", "-1", "99999999999"])
def test_a_line_that_cannot_be_is_not_there(visitor, bought, line):
    page, _ = bought(vesting="first_use", validity_days=30)
    assert visitor.post(f"{page}/activations", {"line": line}).status_code == 404


def test_uses_left_are_seen(visitor, bought, shop):
    page, line = bought(vesting="use_count", uses=7)
    order_id = shop.count("SELECT max(id) FROM orders")
    assert "7 / 7" in seen(visitor, page)
    transaction(trade.use, order_id, line, 2, "account:1", shop.now)
    assert "5 / 7" in seen(visitor, page)


def seen(visitor, page):
    """The part of the page about the right to use."""
    text = visitor.get(page).text.partition('aria-labelledby="rights-title"')[2].partition("</section>")[0]
    return text.replace(" of ", " / ")


def test_what_ran_out_says_so_and_cannot_be_activated(visitor, bought, shop):
    page, line = bought(vesting="first_use", validity_days=30)
    with clock.frozen(shop.now + 30 * clock.DAY):
        text = seen(visitor, page)
        assert "badge" in text
        assert "<form" not in text
        assert visitor.post(f"{page}/activations", {"line": line}).status_code == 303
    assert shop.count("SELECT activated_at FROM entitlement") is None


def test_instant_goods_show_nothing_of_the_kind(visitor, bought):
    page, _ = bought()
    assert seen(visitor, page) == ""
