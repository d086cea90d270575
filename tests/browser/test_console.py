"""From nothing to the first sale, on a phone, through the console alone: nothing here is prepared but an empty database."""

import re
import time

import pytest

from app import accounts
from app.db import transaction
from tests.browser.test_screens import PASSWORD, fits
from tests.by_hand import HOLDER, code_png
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CODES = "\ufeffWIN-0001----a\r\nWIN-0002----b\r\nWIN-0001----a\r\nWIN-0003----c\r\n"


@pytest.fixture
def server(app, instance, database):
    """The real server over a shop that nobody has set up."""
    with Server(instance, database, workers=1) as running:
        yield running


def press(phone, words):
    """Press what a person would, and see that the page that comes fits the screen."""
    phone.locator("main").get_by_role("button", name=words, exact=True).first.click()
    phone.wait_for_load_state("load")
    fits(phone)


def follow(phone, words):
    """Open a place of the menu."""
    phone.locator(".side-drawer > summary").click()
    phone.locator(".side-drawer").get_by_role("link", name=words, exact=True).click()
    phone.wait_for_load_state("load")
    fits(phone)


def set_up(phone):
    phone.goto(f"/welcome/{transaction(accounts.issue_ticket, 'owner', None, int(time.time()))}")
    phone.fill("[name=name]", "小藤数码")
    phone.fill("[name=support_contact]", "微信 tengka")
    phone.click("main button")
    phone.fill("[name=contact]", "olga@example.com")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main button")
    phone.wait_for_url("**/admin/start")
    phone.get_by_role("link", name="以后再说").click()
    phone.wait_for_url("**/admin")


def put_a_product_on_sale(phone):
    follow(phone, "商品")
    phone.locator("main").get_by_role("link", name=re.compile("新建商品")).first.click()
    phone.fill("[name=title]", "系统激活码")
    phone.fill("[name=slug]", "key")
    phone.fill("[name=price]", "19.90")
    phone.fill("[name=cost]", "8")
    phone.click(".save-bar .button-main")
    phone.wait_for_url("**/card_imports/new")
    phone.set_input_files("[name=file]", {"name": "codes.txt", "mimeType": "text/plain", "buffer": CODES.encode()})
    press(phone, "导入")
    report = phone.inner_text("#progress")
    assert "3" in report
    assert "第 3 行" in report
    press(phone, "让商品上架")


def take_payments(phone):
    follow(phone, "支付渠道")
    phone.locator("main").get_by_role("link", name="新建渠道").first.click()
    phone.locator("main").get_by_role("link", name=re.compile("自己的收款码")).click()
    phone.wait_for_selector("[name=holder]")
    fits(phone)
    phone.fill("[name=name]", "扫码付款")
    phone.locator("input[type=checkbox][value=alipay]").check()
    phone.fill("[name=holder]", HOLDER)
    phone.check("[name=enabled]")
    phone.fill("[type=password]", PASSWORD)
    press(phone, "保存")
    phone.get_by_role("link", name="收款码的图片").click()
    phone.locator("input[type=radio][value=alipay]").check(force=True)
    phone.set_input_files("[name=picture]", {"name": "x.png", "mimeType": "image/png", "buffer": code_png()})
    phone.fill("[type=password]", PASSWORD)
    press(phone, "放上去")
    phone.goto("/admin/mode")
    phone.locator("input[type=radio][value=live]").check(force=True)
    press(phone, "保存")


def test_a_merchant_comes_from_nothing_to_the_first_sale_on_a_phone(open_phone):
    phone, buyer = open_phone(), open_phone()
    set_up(phone)
    put_a_product_on_sale(phone)
    take_payments(phone)
    # A buyer finds it, pays into the merchant's own account, and says so.
    buyer.goto("/")
    buyer.click("a[href='/p/key']")
    buyer.fill("[name=contact]", "clara@example.com")
    buyer.click("form[action='/orders'] button[type=submit]")
    buyer.wait_for_url("**/payment")
    buyer.fill("[name=digits]", "4321")
    buyer.get_by_role("button", name="我已付款").click()
    # The merchant looks into the account, and confirms.
    phone.goto("/admin")
    fits(phone)
    phone.locator("main a[href*='payment-claims']").first.click()
    phone.fill("[name=reference]", "2026112722001412345678904321")
    press(phone, "钱到了")
    # The buyer's page comes by itself to the goods.
    buyer.wait_for_url(re.compile(r"/orders/[0-9A-Z]{16}$"))
    assert "WIN-0001----a" in buyer.content()
    follow(phone, "首页")
    assert "19.90" in re.sub(r"\s", "", phone.inner_text("main"))
    follow(phone, "订单")
    phone.locator("main a[href^='/admin/orders/']").first.click()
    phone.wait_for_load_state("load")
    fits(phone)
    assert "19.90" in re.sub(r"\s", "", phone.inner_text("main"))
