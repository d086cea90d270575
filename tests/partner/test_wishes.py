"""Mails to distributors: none that was not asked for, and asked for with one tick."""

import pytest

from app import outbox
from app.db import db, transaction
from tests import journey

PAGE = "/partner/wishes"


@pytest.fixture
def clara(visitor):
    form = {"contact": "clara@example.com", "password": "four unrelated plain words"}
    assert visitor.post("/register", form, page="/register").status_code == 303
    journey.join(visitor)
    return visitor


def wishes(shop):
    db.session.rollback()
    account_id = shop.count("SELECT max(id) FROM account")
    found = outbox.wishes_of(db.session, account_id)
    db.session.rollback()
    return found


def test_it_is_reached_from_the_earnings_and_begins_with_nothing(clara, shop):
    assert PAGE in clara.get("/partner/commissions").text
    page = clara.get(PAGE).text
    assert "clara@example.com" in page
    assert " checked" not in page
    assert wishes(shop) == {}


def test_what_is_ticked_is_kept_with_the_language_and_nothing_else(clara, shop):
    answer = clara.post(PAGE, {"topic": ["earned", "paid_out"]}, page=PAGE)
    assert answer.status_code == 303
    assert wishes(shop) == {"earned": "zh_CN", "paid_out": "zh_CN"}
    assert clara.get(PAGE).text.count(" checked") == 2
    clara.get(f"{PAGE}?lang=en")
    clara.post(PAGE, {"topic": ["released"]}, page=PAGE)
    assert wishes(shop) == {"released": "en"}
    clara.post(PAGE, {}, page=PAGE)
    assert wishes(shop) == {}


def test_what_is_not_offered_is_refused(clara, shop):
    assert clara.post(PAGE, {"topic": ["earned", "everything"]}, page=PAGE).status_code == 422
    assert wishes(shop) == {}


def test_without_a_mailbox_it_says_so(visitor, shop):
    form = {"contact": "13800138000", "password": "four unrelated plain words"}
    assert visitor.post("/register", form, page="/register").status_code == 303
    page = visitor.get(PAGE).text
    assert "没有邮箱地址" in page
    assert 'name="topic"' not in page


def test_it_says_whether_mails_leave(clara, shop):
    assert "目前不发送邮件" in clara.get(PAGE).text
    settings = {"host": "smtp.example.com", "security": "tls", "port": "", "user": "", "sender": "a@example.com"}
    settings |= {"buyers": False, "distributors": True, "readers": "", "events": []}
    values = {"carrier": "mail", "name": "x", "settings": settings, "enabled": True, "now": shop.now}
    transaction(outbox.create_outlet, **values)
    assert "目前不发送邮件" not in clara.get(PAGE).text
