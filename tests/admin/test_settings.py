"""The shop's settings and the rates of its categories."""

import pytest

from app import referral
from app import shop as shop_room
from app.db import db
from app.referral import Reward
from tests.admin.conftest import CROOKED, PASSWORD

PATH = "/admin/settings"
CATEGORIES = "/admin/categories"


@pytest.fixture
def filled(form_of):
    return form_of(PATH, PATH)


def settings():
    db.session.rollback()
    return shop_room.read_settings(db.session)


def test_it_saves_what_is_written(olga, filled):
    changes = {"name": "小藤数码", "support_contact": "微信 tengka", "hold_days": "0", "cookie_days": "90"}
    assert olga.post(PATH, filled | changes).status_code == 303
    saved = settings()
    assert (saved.name, saved.support_contact, saved.hold_days, saved.cookie_days) == ("小藤数码", "微信 tengka", 0, 90)
    assert "小藤数码" in olga.get("/").text


@pytest.mark.parametrize("field", ["hold_days", "cookie_days"])
def test_it_takes_whole_numbers_in_one_spelling_only(olga, filled, field):
    """I11."""
    for value in (*CROOKED, "", "91"):
        answer = olga.post(PATH, filled | {field: value})
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), value


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("mode", "demo"), ("cookie_days", "0"), ("rebind_cooldown_days", "29")]
)
def test_it_says_beside_the_field_what_is_wrong(olga, filled, field, value):
    assert f'id="{field}-error"' in olga.post(PATH, filled | {field: value}).text


@pytest.mark.config(public_url_is_set=True)
def test_it_goes_live_only_with_a_channel_for_real_money(olga, filled, form_of):
    answer = olga.post(PATH, filled | {"mode": "live"})
    assert (answer.status_code, 'id="mode-error"' in answer.text) == (422, True)
    assert not settings().is_live
    account = {"api_url": "https://pay.example.com/", "merchant_id": "1001", "key": "9f86d081884c7d659a2f"}
    page = "/admin/channels/new?gateway=epay"
    olga.post("/admin/channels", form_of(page, "/admin/channels", **account, password=PASSWORD))
    assert olga.post(PATH, filled | {"mode": "live"}).status_code == 303
    assert settings().is_live
    assert "sandbox:" not in olga.get("/p/ps").text


def test_it_ignores_what_the_form_does_not_have(olga, filled):
    """Z03."""
    olga.post(
        PATH, filled | {"max_total_bps": "9000", "pool_bps": "0", "terms_version": "x", "sample": "1", "role": "owner"}
    )
    assert (settings().max_total_bps, settings().pool_bps, settings().sample) == (2500, 100, False)


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


def test_it_does_not_go_live_at_an_address_that_nobody_named(olga, filled):
    answer = olga.post(PATH, filled | {"mode": "live"})
    assert answer.status_code == 422
    assert "PUBLIC_URL" in answer.text
    assert not settings().is_live
