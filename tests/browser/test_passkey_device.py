"""A passkey in a real Chromium, whose DevTools play the device: made on the phone, and used at the second step and at the desk."""

import pytest

from tests.browser.test_screens import fits
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CONTACT, PASSWORD = "olga@example.com", "four unrelated plain words"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def server(shop, app, instance, database):
    """The real server by a name: an address of numbers has no passkeys."""
    running = Server(instance, database)
    running.base = f"http://localhost:{running.port}"
    with running:
        yield running


def log_in(page):
    page.goto("/login")
    page.fill("[name=contact]", CONTACT)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/login'] button")


def test_a_passkey_is_made_and_lets_in(shop, open_phone):
    shop.owner(CONTACT, PASSWORD)
    page = open_phone()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    log_in(page)
    page.wait_for_url("**/admin*")
    page.goto("/me/security")
    fits(page)
    page.click("a[href='/me/passkeys/new']")
    page.wait_for_selector("[data-passkey] button:visible")
    fits(page)
    page.fill("[name=name]", "我的手机")
    page.press("[name=name]", "Enter")
    page.wait_for_selector(".recovery-codes")
    [kept] = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert kept["rpId"] == "localhost"
    page.goto("/me/security")
    assert page.get_by_text("我的手机").first.is_visible()
    fits(page)
    page.context.clear_cookies()
    log_in(page)
    page.wait_for_url("**/login/second*")
    fits(page)
    # Whoever turns away is told, and may try again.
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.click("[data-passkey] button")
    page.wait_for_selector("[data-failed]:visible")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.click("[data-passkey] button")
    page.wait_for_url("**/admin*")
    assert shop.count("SELECT sign_count FROM passkey") > kept["signCount"]
    page.goto("/me/proof?next=/me/security")
    page.click("[data-passkey] button")
    page.wait_for_url("**/me/security")
