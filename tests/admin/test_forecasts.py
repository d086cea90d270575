"""What a product's form foretells: who earns what of one piece, and how its text will look; nothing is saved."""

import re

import pytest

from app import catalog, referral
from app import shop as shop_room
from app.db import db, transaction
from tests.shop import Person

PATH = "/admin/forecasts"
FORM = {"price": "100", "cost": "", "category": "1", "commissionable": "y", "l1": "", "l2": ""}
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def figures(answer):
    assert answer.status_code == 200
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', answer.text, re.DOTALL)
    return {
        re.sub("<.*?>", "", name): re.findall(r"[0-9]+\.[0-9]{2}", re.sub("<.*?>", "", cells)) for name, cells in rows
    }


@pytest.fixture
def told(olga):
    return lambda **changes: olga.post(PATH, FORM | {"l1_unit": "percent", "l2_unit": "percent"} | changes)


def test_it_foretells_what_a_sale_then_books(told, shop):
    found = list(figures(told(l1="12", l2="3.5", price="99.99")).values())
    clara = shop.member("clara@example.com")
    boris = shop.member("boris@example.com", via=clara)
    settings = shop.settings
    rewards = {1: referral.Reward(1200), 2: referral.Reward(350)}
    limits = {"self_bps": settings.self_bps, "pool_bps": settings.pool_bps, "cap_bps": settings.max_total_bps}
    transaction(referral.save_rates, "product", transaction(shop.product, "x", price_fen=9999), rewards, **limits)
    shop.buy(Person("anna@example.com"), via=boris, slug="x")
    held = [f"{shop.wallet(one).held_fen / 100:.2f}" for one in (boris, clara)]
    assert [found[1][0], found[2][0]] == held == ["11.99", "3.49"]


def test_it_follows_the_nearest_category_of_the_tree(told, shop):
    inner = transaction(catalog.save_category, None, name="内层", position=1)
    db.session.rollback()
    transaction(catalog.save_category, inner, name="内层", parent_id=1)
    transaction(referral.write_rates, "category", 1, {1: referral.Reward(700), 2: referral.Reward(100)})
    found = list(figures(told(category=str(inner))).values())
    assert [found[1][0], found[2][0]] == ["7.00", "1.00"]


def test_it_warns_of_cap_and_margin(told, shop):
    assert "notice-loss" in told(l1="25", l2="5").text
    transaction(shop_room.change_settings, margin_guard=True)
    assert "notice-held" in told(cost="95").text
    assert "notice-loss" in told(cost="101").text
    assert "notice" not in re.search("<main.*</main>", told().text, re.DOTALL)[0]


def test_what_is_not_written_yet_is_no_error(told, olga):
    assert "<table" not in told(price="").text
    part = olga._send("POST", PATH, headers=PARTIAL, data=FORM | {"csrf_token": olga.token("/orders"), "l1": "x"})
    assert (part.status_code, "<html" in part.text) == (200, False)
    assert figures(told(commissionable="")) is not None


@pytest.mark.parametrize(
    "text", ["a\x00b", "\u202eevil", "🌊" * 30, "x" * 100_000, "<script>alert(1)</script>", "[x](javascript:1)"]
)
def test_a_description_is_shown_as_the_shop_will(olga, text):
    """I08."""
    answer = olga.post("/admin/descriptions", {"body_markdown": f"**fat**\n\n{text}"})
    assert (answer.status_code, "<strong>fat</strong>" in answer.text) == (200, True)
    assert "<script>alert" not in answer.text
    assert 'href="javascript' not in answer.text


def test_bytes_that_are_no_text_do_no_harm(olga):
    """I08."""
    body = b"csrf_token=" + olga.token("/orders").encode() + b"&body_markdown=%ff%fe%c3"
    answer = olga._send("POST", "/admin/descriptions", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 400)
