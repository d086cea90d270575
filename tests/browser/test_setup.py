"""A shop is set up on a phone, from the link of the console to the desk; with a script and without one."""

import time

import pytest

from app import accounts
from app.db import transaction
from tests.admin.test_looks import picture
from tests.browser.test_screens import PASSWORD, fits

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_the_owner_sets_the_shop_up_on_a_phone(shop, open_phone, javascript):
    # The server has a clock of its own, and it does not stand still.
    link = f"/welcome/{transaction(accounts.issue_ticket, 'owner', None, int(time.time()))}"
    phone = open_phone(javascript=javascript)
    phone.goto(link)
    fits(phone)
    phone.fill("[name=name]", "小藤数码")
    phone.fill("[name=support_contact]", "微信 tengka")
    phone.check("[name=accent][value=own]", force=True)
    phone.fill("[name=own]", "#ffd54a")
    phone.set_input_files("[name=picture]", {"name": "x.png", "mimeType": "image/png", "buffer": picture()})
    phone.click("main button")
    phone.wait_for_selector("#own-error")
    assert "1.21 : 1" in phone.inner_text("#own-error"), "its contrast, in figures"
    fits(phone)
    phone.check("[name=accent][value='#1d4ed8']", force=True)
    phone.click("main button")
    phone.wait_for_selector("[name=password]")
    assert phone.inner_text(".brand") == "小藤数码"
    fits(phone)
    phone.fill("[name=contact]", "olga@example.com")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main button")
    phone.wait_for_url("**/admin/start")
    fits(phone)
    blue = "rgb(29, 78, 216)"
    button = "main a.button-main"
    assert phone.eval_on_selector(button, "one => getComputedStyle(one).backgroundColor") == blue
    phone.goto("/admin")
    phone.wait_for_selector("h1")
    phone.goto("/")
    assert phone.inner_text(".brand") == "小藤数码"
