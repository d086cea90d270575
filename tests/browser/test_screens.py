"""Every page fits every screen, in both themes and both languages, and has nothing inline that the policy forbids."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "four unrelated plain words"
SCREENS = [(320, "light", "zh-CN"), (390, "dark", "en"), (1440, "dark", "zh-CN"), (1440, "light", "en")]
ADMIN = (
    "",
    "/products",
    "/products/new",
    "/products/1/edit",
    "/products/1/card_imports/new",
    "/cards",
    "/cards?product=1",
    "/batches",
    "/batches/1",
    "/orders",
    "/categories",
)
ADMIN += ("/channels", "/channels/new", "/channels/sandbox/edit", "/settings", "/rates", "/tiers")
ADMIN += ("/profile", "/look", "/logo", "/texts", "/texts/privacy", "/languages", "/mode", "/questions")
ADMIN += ("/limits", "/bounds", "/security", "/start")
PARTNER = ("/membership", "/commissions", "/team")


def fits(page):
    # What is asked for before the style sheet is there is the width of a page without one.
    page.wait_for_load_state("load")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
    assert page.locator("main h1").count() == 1 or page.locator("h1").count() == 1, f"{page.url} has no one heading"


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen[0]}-{screen[1]}-{screen[2]}")
def page(request, open_phone):
    width, scheme, locale = request.param
    return open_phone(viewport={"width": width, "height": 844}, scheme=scheme, locale=locale)


def test_the_way_to_the_goods_fits(server, page):
    page.goto("/p/ps")
    page.click("form[action='/orders'] button[type=submit]")
    page.wait_for_selector("[aria-invalid=true]")
    fits(page)
    page.fill("[name=contact]", "a-rather-long-contact-of-a-buyer@mail.department.example.com")
    page.click("form[action='/orders'] button[type=submit]")
    page.wait_for_url("**/payment")
    fits(page)
    page.goto(page.locator("a[href*='/sandbox/payments']").first.get_attribute("href"))
    fits(page)
    page.click("button[value=pay]")
    page.wait_for_url(re.compile(r"/orders/[0-9A-Z]{16}$"))
    fits(page)
    page.goto("/orders")
    fits(page)


def test_the_desks_of_merchant_and_distributor_fit(server, shop, page):
    shop.owner("olga@example.com", PASSWORD)
    page.goto("/login")
    page.fill("[name=contact]", "olga@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/login'] .button-main")
    page.wait_for_url("**/admin")
    for path in [f"/admin{path}" for path in ADMIN] + [f"/partner{path}" for path in PARTNER] + ["/me", "/me/password"]:
        answer = page.goto(path)
        assert answer.status == 200, path
        fits(page)
