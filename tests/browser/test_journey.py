"""The main job in a phone's browser: from a friend's link to goods in hand, and on to the friend's own friends."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "plum river granite 42"


def join(page):
    """Register and join the network; returns the link that is shared."""
    page.goto("/register")
    page.fill("[name=contact]", "anna@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/register'] .button-main")
    page.wait_for_url("**/me")
    page.goto("/partner/membership")
    page.check("[name=accept]")
    page.click("form[action='/partner/membership'] .button-main")
    page.wait_for_url("**/partner/links")
    return re.search(r"http://[^\s\"<]+/i/[^\s\"<]+", page.content()).group(0)


def buy(page, contact):
    """From wherever the page stands to the goods; returns the buyer's own link."""
    page.goto(page.locator("a[href^='/p/']").first.get_attribute("href") if "/p/" not in page.url else page.url)
    page.fill("[name=contact]", contact)
    page.click("form[action='/orders'] button[type=submit]")
    page.wait_for_url("**/payment")
    page.goto(page.locator("a[href*='/sandbox/payments']").first.get_attribute("href"))
    page.click("button[value=pay]")
    page.wait_for_url(re.compile(r"/orders/[0-9A-Z]{16}$"))
    assert "PS-0" in page.content()
    return re.search(r"http://[^\s\"<]+/i/[^\s\"<]+", page.content()).group(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_two_levels_from_link_to_goods(open_phone, server, javascript):
    anna = open_phone(javascript=javascript)
    link = join(anna)
    boris = open_phone(javascript=javascript)
    boris.goto(link)
    second_link = buy(boris, "boris@example.com")
    clara = open_phone(javascript=javascript)
    clara.goto(second_link)
    buy(clara, "13800138000")
    anna.goto("/partner/commissions")
    text = anna.inner_text("main")
    assert "15.00" in re.sub(r"\s", "", text)
    assert "boris" not in anna.content()
    anna.goto("/partner/team")
    assert "boris" not in anna.content()


def test_search_swaps_the_shelf_and_keeps_the_address(open_phone, server):
    page = open_phone()
    page.goto("/")
    page.fill("[name=q]", "nothing like this")
    page.wait_for_url("**q=nothing**")
    assert page.locator("a[href^='/p/']").count() == 0
    page.fill("[name=q]", "ps")
    page.wait_for_selector("a[href^='/p/ps']")


@pytest.mark.parametrize("cdn", [True, False], ids=["htmx", "no-htmx"])
def test_the_status_polls_itself_and_leads_to_the_goods(open_phone, server, cdn):
    page = open_phone(cdn=cdn)
    page.goto("/p/ps")
    page.fill("[name=contact]", "dan@example.com")
    page.click("form[action='/orders'] button[type=submit]")
    page.wait_for_url("**/payment")
    pay = page.locator("a[href*='/sandbox/payments']").first.get_attribute("href")
    other = page.context.new_page()
    other.goto(pay)
    other.click("button[value=pay]")
    page.wait_for_url(re.compile(r"/orders/[0-9A-Z]{16}$"))
    assert "PS-0" in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_no_page_is_wider_than_the_screen(open_phone, server, width, scheme, locale):
    page = open_phone(viewport={"width": width, "height": 844}, scheme=scheme, locale=locale)
    for path in ("/", "/p/ps", "/orders", "/login", "/register", "/me", "/nowhere"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_the_order_form_is_sent_by_keyboard_alone(open_phone, server):
    page = open_phone(viewport={"width": 1440, "height": 900})
    page.goto("/p/ps")
    page.focus("[name=contact]")
    page.keyboard.type("keys@example.com")
    page.keyboard.press("Enter")
    page.wait_for_url("**/payment")
