"""The shop's settings, a page each, and the rates of its categories."""

import pytest

from app import audit, referral
from app import shop as shop_room
from app.db import db
from app.referral import Reward
from tests.admin.conftest import CROOKED, PASSWORD
from tests.visitor import Visitor

MODE, BOUNDS = "/admin/mode", "/admin/bounds"
CATEGORIES = "/admin/categories"
# page -> (field, the least it may be, the most)
WHOLE_NUMBERS = (
    (BOUNDS, "hold_days", 0, 90),
    (BOUNDS, "cookie_days", 1, 90),
    (BOUNDS, "rebind_cooldown_days", 30, 3650),
    ("/admin/limits", "order_minutes", 5, 120),
    ("/admin/limits", "unpaid_per_contact", 1, 20),
    ("/admin/limits", "lookup_tries", 3, 30),
    ("/admin/security", "staff_idle_minutes", 5, 120),
    ("/admin/security", "staff_hours", 1, 24),
    ("/admin/security", "login_tries", 3, 10),
)


def settings():
    db.session.rollback()
    return shop_room.read_settings(db.session)


def entries(subject):
    db.session.rollback()
    return audit.entries_of(db.session, subject)


def test_it_says_on_one_page_what_is_set(olga):
    page = olga.get("/admin/settings").text
    for path in ("profile", "look", "logo", "texts", "languages", "mode", "questions", "limits", "bounds", "security"):
        assert f'href="/admin/{path}"' in page
        assert olga.get(f"/admin/{path}").status_code == 200, path


def test_it_saves_the_profile_and_writes_down_what_it_was(olga, form_of):
    path = "/admin/profile"
    changes = {"name": "小藤数码", "support_contact": "微信 tengka", "announcement_zh": "<b>今晚维护</b>"}
    assert olga.post(path, form_of(path, path) | changes).status_code == 303
    assert (settings().name, settings().support_contact) == ("小藤数码", "微信 tengka")
    front = olga.get("/").text
    assert "小藤数码" in front
    assert "&lt;b&gt;今晚维护" in front
    [entry] = entries("setting:profile")
    assert entry.change["name"] == ("藤卡小铺", "小藤数码")
    assert set(entry.change) == set(changes)
    assert olga.post(path, form_of(path, path)).status_code == 303
    assert len(entries("setting:profile")) == 1, "nothing differed"
    assert 'id="name-error"' in olga.post(path, form_of(path, path) | {"name": ""}).text


@pytest.mark.parametrize(("page", "field", "least", "most"), WHOLE_NUMBERS)
def test_it_keeps_figures_in_their_bounds_and_takes_one_spelling_only(olga, form_of, page, field, least, most):
    """I11, and the hard bounds of the table of defaults."""
    filled = form_of(page, page)
    for value in (*CROOKED, "", str(least - 1), str(most + 1)):
        answer = olga.post(page, filled | {field: value})
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), value
    for value in (least, most):
        assert olga.post(page, filled | {field: str(value)}).status_code == 303
        assert getattr(settings(), field) == value


@pytest.mark.config(public_url_is_set=True)
def test_it_goes_live_only_with_a_channel_for_real_money(olga, form_of):
    filled = form_of(MODE, MODE)
    answer = olga.post(MODE, filled | {"mode": "live"})
    assert (answer.status_code, 'id="mode-error"' in answer.text) == (422, True)
    assert olga.post(MODE, filled | {"mode": "demo"}).status_code == 422
    assert not settings().is_live
    account = {"api_url": "https://pay.example.com/", "merchant_id": "1001", "key": "9f86d081884c7d659a2f"}
    page = "/admin/channels/new?gateway=epay"
    olga.post("/admin/channels", form_of(page, "/admin/channels", **account, password=PASSWORD))
    assert olga.post(MODE, filled | {"mode": "live"}).status_code == 303
    assert settings().is_live
    assert "sandbox:" not in olga.get("/p/ps").text
    assert entries("setting:mode")[0].change == {"mode": ("test", "live")}


def test_it_does_not_go_live_at_an_address_that_nobody_named(olga, form_of):
    answer = olga.post(MODE, form_of(MODE, MODE) | {"mode": "live"})
    assert answer.status_code == 422
    assert "PUBLIC_URL" in answer.text
    assert not settings().is_live


def test_it_ignores_what_the_form_does_not_have(olga, form_of):
    """Z03."""
    more = {"max_total_bps": "9000", "pool_bps": "0", "terms_version": "x", "sample": "1", "role": "owner"}
    olga.post(BOUNDS, form_of(BOUNDS, BOUNDS) | more)
    assert (settings().max_total_bps, settings().pool_bps, settings().sample) == (2500, 100, False)


def test_the_languages_that_are_offered_are_all_that_buyers_read(olga, visitor, form_of):
    path = "/admin/languages"
    assert olga.post(path, form_of(path, path) | {"languages": "de"}).status_code == 422
    assert olga.post(path, form_of(path, path) | {"languages": "en"}).status_code == 303
    front = visitor.get("/?lang=zh").text
    assert '<html lang="en">' in front
    assert 'hreflang="zh-CN"' not in front
    assert '<html lang="zh' in olga.get("/admin").text, "the desk is read in both"
    assert olga.post(path, form_of(path, path) | {"languages": "en,zh_CN"}).status_code == 303
    unsaid = {"Accept-Language": "fr"}
    assert '<html lang="en">' in Visitor(visitor.client.application).get("/", headers=unsaid).text


def test_a_risky_choice_is_warned_of(olga, form_of):
    assert "notice-held" not in olga.get(BOUNDS).text
    olga.post(BOUNDS, form_of(BOUNDS, BOUNDS) | {"hold_days": "1"})
    assert "notice-held" in olga.get(BOUNDS).text
    without = form_of(BOUNDS, BOUNDS)
    del without["free_join"]
    olga.post(BOUNDS, without)
    assert "notice-loss" in olga.get(BOUNDS).text


@pytest.mark.both_databases
def test_it_adds_and_changes_categories_with_their_rates(olga, form_of):
    new = form_of(CATEGORIES, CATEGORIES, name="会员", l1="6", l2="0", position="2")
    assert olga.post(CATEGORIES, new).status_code == 303
    db.session.rollback()
    assert referral.list_rates(db.session, "category")[2, 0] == {1: Reward(600), 2: Reward(0)}
    changed = form_of(CATEGORIES, f"{CATEGORIES}/2") | {"c2-name": "会员卡", "c2-l1": ""}
    assert changed["c2-l2"] == "0"
    assert olga.post(f"{CATEGORIES}/2", changed, page=CATEGORIES).status_code == 303
    db.session.rollback()
    assert referral.list_rates(db.session, "category")[2, 0] == {2: Reward(0)}
    assert "会员卡" in olga.get("/").text


def test_it_refuses_a_category_that_is_there_and_rates_above_the_cap(olga, form_of):
    new = form_of(CATEGORIES, CATEGORIES, name="课程")
    assert 'id="name-error"' in olga.post(CATEGORIES, new).text
    answer = olga.post(CATEGORIES, new | {"name": "新的", "l1": "25"})
    assert (answer.status_code, 'id="l1-error"' in answer.text) == (422, True)
    changed = form_of(CATEGORIES, f"{CATEGORIES}/1") | {"c1-name": ""}
    assert 'id="c1-name-error"' in olga.post(f"{CATEGORIES}/1", changed).text
    assert olga.post(f"{CATEGORIES}/99", {"c99-name": "x"}).status_code == 404
    db.session.rollback()
    assert "新的" not in olga.get(CATEGORIES).text
