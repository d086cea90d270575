"""The owner's first pages: a shop set up once, by whoever holds the link, in steps that can be taken up again (D01, D11)."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from sqlalchemy import text

from app import accounts, audit, clock
from app import shop as shop_room
from app.db import db, transaction
from tests.admin.conftest import PASSWORD
from tests.admin.test_looks import picture
from tests.visitor import Visitor

SHOP = {
    "name": "小藤数码",
    "support_contact": "微信 tengka",
    "languages": "en,zh_CN",
    "accent": "#1d4ed8",
    "own": "#1d4ed8",
}
OWNER = {"contact": "olga@example.com", "password": PASSWORD}


@pytest.fixture
def link(shop):
    return f"/welcome/{transaction(accounts.issue_ticket, 'owner', None, clock.now())}"


def state():
    db.session.rollback()
    count = db.session.execute(text("SELECT count(*) FROM account WHERE role = 'owner'")).scalar()
    return count, shop_room.read_settings(db.session).name


UNTOUCHED = (0, "藤卡小铺")


def test_a_shop_is_set_up_from_the_link_alone(visitor, link):
    assert visitor.get(link).location == f"{link}/shop"
    page = visitor.get(f"{link}/shop")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'name="name"' in page.text
    assert "藤卡小铺" not in page.text.split("<form")[1], "the name is the merchant's to say"
    logo = {"picture": (BytesIO(picture()), "logo.png"), "csrf_token": visitor.token(f"{link}/shop")}
    answer = visitor._send("POST", f"{link}/shop", data=SHOP | logo, content_type="multipart/form-data")
    assert (answer.status_code, answer.location) == (303, link)
    assert state() == (0, "小藤数码")
    again = visitor.get(f"{link}/shop").text
    assert 'value="小藤数码"' in again, "a wizard that was left goes on where it was"
    answer = visitor.post(link, OWNER, page=link)
    assert (answer.status_code, answer.location) == (303, "/admin/start")
    assert visitor.get("/admin/start").status_code == 200
    assert state() == (1, "小藤数码")
    db.session.rollback()
    settings = shop_room.read_settings(db.session)
    assert (settings.accent, list(settings.languages), bool(settings.logo)) == ("#1d4ed8", ["en", "zh_CN"], True)
    acts = [(entry.act, entry.account_id) for entry in db.session.scalars(db.select(audit.Entry).order_by("id"))]
    assert [acts[0], acts[1]] == [("setting.update", None), ("setting.update", None)]
    assert ("account.create", 1) in acts


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 41), ("languages", "de"), ("own", "#ffff00"), ("support_contact", "a\x00b")],
)
def test_it_says_beside_the_field_what_is_wrong(visitor, link, field, value):
    form = SHOP | {"accent": "own", field: value}
    answer = visitor.post(f"{link}/shop", form, page=f"{link}/shop")
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert state() == UNTOUCHED
    assert visitor.get(f"{link}/shop").status_code == 200, "a slip uses no try up"


def test_a_bad_logo_changes_nothing(visitor, link):
    form = SHOP | {"picture": (BytesIO(b"<svg onload=alert(1)>"), "x.png"), "csrf_token": visitor.token(f"{link}/shop")}
    answer = visitor._send("POST", f"{link}/shop", data=form, content_type="multipart/form-data")
    assert (answer.status_code, 'id="picture-error"' in answer.text) == (422, True)
    assert state() == UNTOUCHED


def test_no_step_is_open_without_the_page_before_it_and_its_cookie(app, visitor, link):
    """D11: no GET before, no cookie, another browser's token, a wrong link, another kind of link."""
    for step, form in ((f"{link}/shop", SHOP), (link, OWNER)):
        assert visitor.post(step, form).status_code == 403
        other = Visitor(app, address="192.0.2.9")
        token = other.token(f"{link}/shop")
        assert visitor._send("POST", step, data=form | {"csrf_token": token}).status_code == 403
        assert other._send("POST", step, data=form).status_code == 403
    manager = f"/welcome/{transaction(accounts.issue_ticket, 'manager', None, clock.now())}"
    for wrong in ("/welcome/nothing", link[:-1], manager):
        assert visitor.get(f"{wrong}/shop").status_code == 404
        assert visitor.post(f"{wrong}/shop", SHOP, page=f"{link}/shop").status_code == 404
    assert state() == UNTOUCHED


def test_after_set_up_every_step_is_gone(app, visitor, link, shop):
    token = visitor.token(f"{link}/shop")
    shop.owner()
    fresh = f"/welcome/{transaction(accounts.issue_ticket, 'owner', None, clock.now())}"
    for address in (link, fresh):
        for step, form in ((f"{address}/shop", SHOP), (address, OWNER)):
            assert visitor.get(step).status_code == 404
            assert visitor._send("POST", step, data=form | {"csrf_token": token}).status_code == 404
    assert state() == (1, "藤卡小铺")


def test_a_database_that_is_out_opens_nothing(app, visitor, link, shop):
    token = visitor.token(f"{link}/shop")
    shop.owner()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE account RENAME TO away"))
    try:
        for step, form in ((f"{link}/shop", SHOP), (link, OWNER)):
            for answer in (visitor.get(step), visitor._send("POST", step, data=form | {"csrf_token": token})):
                assert answer.status_code in (404, 500, 503)
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO account"))
    assert state() == (1, "藤卡小铺")


@pytest.mark.both_databases
def test_two_browsers_at_once_make_one_owner(app, link):
    """The last step from two browsers, and the first one from a third, all at the same moment."""
    browsers = [Visitor(app, address=f"192.0.2.{number}") for number in (31, 32, 33)]
    assert browsers[0].post(f"{link}/shop", SHOP, page=f"{link}/shop").status_code == 303
    forms = [
        (link, OWNER | {"contact": "olga@example.com"}),
        (link, OWNER | {"contact": "eve@example.com"}),
        (f"{link}/shop", SHOP | {"name": "Eve"}),
    ]
    sent = [
        (browser, step, form | {"csrf_token": browser.token(step)})
        for browser, (step, form) in zip(browsers, forms, strict=True)
    ]

    def send(one):
        browser, step, form = one
        return browser._send("POST", step, data=form).status_code

    with ThreadPoolExecutor(3) as pool:
        first, second, third = pool.map(send, sent)
    assert sorted((first, second)) == [303, 404]
    assert third in (303, 404)
    count, name = state()
    assert count == 1
    assert name == ("Eve" if third == 303 else "小藤数码")
    assert browsers[2]._send("POST", f"{link}/shop", data=sent[2][2] | {"name": "Mallory"}).status_code == 404
    assert state() == (1, name)
