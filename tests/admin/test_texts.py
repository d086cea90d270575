"""Texts in versions: saved once, read for ever, and accepted by name."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import audit
from app import shop as shop_room
from app.db import db
from tests.conftest import NOW
from tests.visitor import Visitor

TERMS = "/admin/texts/terms"


def settings():
    db.session.rollback()
    return shop_room.read_settings(db.session)


@pytest.mark.parametrize("kind", ["terms", "privacy", "refunds", "notice"])
def test_a_shop_starts_with_texts_in_both_languages(app, visitor, kind):
    chinese, english = visitor.get(f"/{kind}").text, Visitor(app, language="en").get(f"/{kind}").text
    assert "藤卡小铺" in chinese
    for page in (chinese, english):
        assert not [name for name in shop_room.FILLED if f"{{{name}}}" in page.split("<main")[1]]
        assert f'href="/{kind}"' in page, "at the foot of every page"
    written = shop_room.default_text(kind)
    assert min(len(written.zh), len(written.en)) > 100


def test_the_privacy_page_says_what_the_software_does(visitor):
    page = visitor.get("/privacy").text
    for figure in ("180 天", "30 天", "400 天", "__Host-"):
        assert figure in page


@pytest.mark.both_databases
def test_a_saved_text_is_a_new_version_and_the_old_one_stays(olga, form_of):
    assert olga.post(TERMS, form_of(TERMS, TERMS) | {"zh": "## 一\n\n新的条款", "en": ""}).status_code == 303
    assert settings().terms_version == "1"
    assert olga.post(TERMS, form_of(TERMS, TERMS) | {"zh": "更新的条款"}).status_code == 303
    assert settings().terms_version == "2"
    assert "更新的条款" in olga.get("/terms").text
    old = olga.get("/terms?version=1").text
    assert "新的条款" in old
    assert 'class="notice notice-held"' in old
    assert olga.get("/terms?version=7").status_code == 404
    assert olga.get(f"{TERMS}/versions/1").status_code == 200
    db.session.rollback()
    assert [entry.change for entry in audit.entries_of(db.session, "text:terms")] == [
        {"version": (1, 2)},
        {"version": (0, 1)},
    ]
    for statement in ("UPDATE shop_text SET zh = 'x'", "DELETE FROM shop_text"):
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_nobody_overwrites_what_they_did_not_see(olga, form_of):
    filled = form_of(TERMS, TERMS)
    assert olga.post(TERMS, filled | {"zh": "甲"}).status_code == 303
    answer = olga.post(TERMS, filled | {"zh": "乙"})
    assert (answer.status_code, "乙" in answer.text, 'id="zh-error"' in answer.text) == (409, True, True)
    assert settings().terms_version == "1"
    assert olga.post(TERMS, form_of(TERMS, TERMS)).status_code == 303, "the same once more is no version"
    assert settings().terms_version == "1"


def test_a_text_is_shown_before_it_is_saved_and_is_harmless(olga, form_of):
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> **{shop}**"
    answer = olga.post(TERMS, form_of(TERMS, TERMS) | {"zh": hostile, "preview": "1"})
    assert answer.status_code == 200
    shown = answer.text.split('id="preview"')[1].split("<form")[0]
    assert "<strong>藤卡小铺</strong>" in shown
    assert "<script" not in shown
    assert 'javascript:alert(1)"' not in shown
    assert "<img" not in shown
    assert settings().terms_version == "2026-11"


def test_whoever_joins_accepts_the_version_that_holds(app, olga, form_of):
    olga.post(TERMS, form_of(TERMS, TERMS) | {"zh": "新的条款"})
    dora = Visitor(app, address="192.0.2.77")
    dora.post("/register", {"contact": "dora@example.com", "password": "plum river granite 42"}, page="/register")
    assert dora.post("/partner/membership", {"accept": "2026-11"}, page="/partner/membership").status_code == 422
    assert dora.post("/partner/membership", {"accept": "1"}, page="/partner/membership").status_code == 303
    db.session.rollback()
    row = db.session.execute(text("SELECT terms_version, terms_at FROM node WHERE terms_version IS NOT NULL")).one()
    assert tuple(row) == ("1", NOW)


def test_whoever_buys_accepts_them_where_the_merchant_wants_that(app, olga, form_of):
    path = "/admin/texts"
    assert 'name="accept"' not in olga.get("/p/ps").text
    assert olga.post(path, form_of(path, path) | {"accept_terms": "y"}).status_code == 303
    buyer = Visitor(app, address="192.0.2.78")
    page = buyer.get("/p/ps").text
    assert 'name="accept"' in page
    sku = page.split('name="sku" type="hidden" value="')[1].split('"')[0]
    order = {"sku": sku, "quantity": "1", "contact": "b@example.com", "gateway": "sandbox:alipay"}
    refused = buyer.post("/orders", order, page="/p/ps")
    assert (refused.status_code, 'id="accept-error"' in refused.text) == (422, True)
    assert buyer.post("/orders", order | {"accept": "2026-11"}, page="/p/ps").status_code == 303
    db.session.rollback()
    assert db.session.execute(text("SELECT terms_version FROM orders")).scalar() == "2026-11"
