"""What the desk does stands in the log: by whom, and from what to what; no key and no contact among it."""

import pytest

from app import audit
from app.db import db
from tests.conftest import NOW

CANARY = "canary-0123456789abcdef"


def last(subject):
    db.session.rollback()
    return audit.entries_of(db.session, subject)[0]


def test_a_price_that_changes_is_told_from_and_to(olga, form_of, shop):
    form = form_of("/admin/products/1/edit", "/admin/products/1", price="88.00", l1="7")
    assert olga.post("/admin/products/1", form, page="/admin/products/1/edit").status_code == 303
    entry = last("product:1")
    assert entry.change == {"price_fen": (10000, 8800), "product:1 level 1": (None, "7%")}
    assert (entry.act, entry.account_id, entry.happened_at) == ("product.update", 1, NOW)
    assert db.session.get(audit.Origin, entry.id).address == "192.0.2.7"


def test_rates_are_told_from_and_to(olga, form_of):
    form = form_of("/admin/rates", "/admin/rates", pool_percent="2")
    assert olga.post("/admin/rates", form, page="/admin/rates").status_code == 303
    assert last("setting:rates").change["pool_bps"] == (100, 200)


def test_a_key_is_told_to_be_another_one_and_nothing_of_it(olga, form_of, shop):
    page = "/admin/channels/new?gateway=epay"
    account = {"name": "易支付", "slug": "epay", "api_url": "https://pay.example", "merchant_id": "1000", "key": CANARY}
    form = form_of(page, "/admin/channels", **account, password="four unrelated plain words")
    answer = olga.post("/admin/channels", form, page=page)
    assert answer.status_code == 303, answer.text
    edited = form_of(
        "/admin/channels/epay/edit", "/admin/channels/epay", key=CANARY + "2", password="four unrelated plain words"
    )
    assert olga.post("/admin/channels/epay", edited, page="/admin/channels/epay/edit").status_code == 303
    was, now = last("channel:epay").change["key"]
    assert was
    assert now
    assert was != now
    told = db.session.execute(db.text("SELECT was || now || reason FROM audit_entry")).scalars()
    assert CANARY not in "".join(told)


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
def test_what_is_refused_leaves_no_line(olga, shop, again):
    for _ in range(2 if again else 1):
        assert olga.post("/admin/orders/NOTHING/refunds", {"amount": "1"}).status_code == 404
    assert db.session.execute(db.text("SELECT count(*) FROM audit_entry WHERE act LIKE 'refund%'")).scalar() == 0
