"""Codes at the desk: masked and found again, shown to whoever proves who they are, taken off the shelf and moved by figures."""

import re
from urllib.parse import urlsplit

import pytest

from app import clock, outbox, trade
from app.db import db, transaction
from tests import journey
from tests.conftest import NOW
from tests.shop import Person
from tests.visitor import Visitor

PASSWORD = "four unrelated plain words"
LIST = "/admin/cards?product=1"
NEW = "/admin/cards/changes/new"
CHANGES = "/admin/cards/changes"


@pytest.fixture
def later(olga):
    """Ten minutes after the log-in."""
    with clock.frozen(NOW + 600):
        yield


def states(shop):
    rows = db.session.execute(db.text("SELECT state, count(*) FROM card GROUP BY state")).all()
    db.session.rollback()
    return dict(rows)


def ids(shop, number):
    return [shop.count("SELECT id FROM card WHERE state = 'available' ORDER BY id LIMIT 1") + n for n in range(number)]


def look(olga, **asked):
    """The figures of an act, as the form that does it holds them."""
    text = olga.get(NEW, query_string=asked).text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    return text, asked | {"seen": seen.group(1) if seen else ""}


def do(olga, form):
    return olga.post(CHANGES, form, page=NEW + "?act=bin&card=1")


def test_codes_are_listed_masked_and_found_whole(olga, shop):
    text = olga.get(LIST).text
    assert text.count('name="card"') == 20
    assert "PS-00001" not in text
    assert "P••••1" in text
    found = olga.get("/admin/cards?q=PS-00001").text
    assert found.count('name="card"') == 1
    assert "<code>PS" not in found
    assert 'name="card"' not in olga.get("/admin/cards?q=PS-0000").text
    shop.buy(Person("clara@example.com"))
    assert 'name="card"' not in olga.get(LIST + "&state=sold").text
    assert "/admin/orders/" in olga.get(LIST + "&state=sold").text
    for odd in ("product=9", "product=x", "batch=99999999999", "state=nothing", "before=x", "product=1&state=%00"):
        assert olga.get(f"/admin/cards?{odd}").status_code == 200


@pytest.mark.usefixtures("later")
def test_a_code_is_shown_to_whoever_proves_who_they_are_and_that_is_kept(olga, shop):
    [card] = ids(shop, 1)
    path = f"/admin/cards/{card}/code"
    assert "PS-00000" not in olga.post(path, page=LIST).text
    shown = olga.post(path, {"proof": PASSWORD}, page=LIST)
    assert "PS-00000" in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert shop.count(f"SELECT count(*) FROM audit_entry WHERE act = 'card.reveal' AND subject = 'card:{card}'") == 1
    assert "PS-00000" not in olga.get(LIST).text
    assert olga.get(path).status_code == 405


def test_support_sees_no_code_in_full_and_changes_none(app, olga, shop):
    """Z06."""
    [card] = ids(shop, 1)
    shop.owner("sam@example.com", PASSWORD, role="support")
    sam = journey.log_in(Visitor(app, address="203.0.113.61"), "sam@example.com", PASSWORD)
    text = sam.get(LIST).text
    assert "P••••0" in text
    assert "PS-00000" not in text
    assert 'name="card"' not in text
    for path in (
        f"/admin/cards/{card}/code",
        CHANGES,
        "/admin/cards/exports?product=1",
        "/admin/products/1/card_imports",
    ):
        assert sam.post(path, {"proof": PASSWORD, "act": "bin", "card": card}).status_code == 403
    assert states(shop) == {"available": 20}


@pytest.mark.both_databases
def test_codes_are_binned_and_put_back_and_a_second_press_changes_nothing(olga, shop):
    first, second, third = ids(shop, 3)
    text, form = look(olga, act="bin", card=[first, second])
    assert "more than 10" in text or "10" in text
    answer = do(olga, form)
    assert answer.status_code == 303
    assert states(shop) == {"available": 18, "binned": 2}
    assert do(olga, form).status_code == 409
    assert states(shop) == {"available": 18, "binned": 2}
    assert olga.get(urlsplit(answer.headers["Location"])[2] + "?product=1&state=binned").text.count('name="card"') == 2
    assert olga.get("/admin/cards?state=binned").text.count('name="card"') == 2
    # Figures that are not those that were looked at are refused, and so is an act that makes no sense.
    assert do(olga, look(olga, act="faulty", card=[third])[1] | {"card": [third, third + 1]}).status_code == 409
    assert "seen" not in look(olga, act="destroy", card=[third])[0]
    assert do(olga, look(olga, act="restore", card=[first, third])[1]).status_code == 303
    assert states(shop) == {"available": 19, "binned": 1}
    assert do(olga, look(olga, act="destroy", card=[second])[1]).status_code == 303
    assert states(shop) == {"available": 19}
    entries = "SELECT act FROM audit_entry WHERE act LIKE 'card.%' ORDER BY id"
    assert [row[0] for row in db.session.execute(db.text(entries))] == ["card.bin", "card.restore", "card.destroy"]
    db.session.rollback()
    for wrong in ("nothing", "sell", ""):
        assert olga.get(NEW, query_string={"act": wrong, "card": first}).status_code == 404


@pytest.mark.both_databases
def test_what_an_order_has_is_never_touched(olga, shop):
    placed = shop.buy(Person("clara@example.com"), quantity=3)
    owned = "SELECT count(*) FROM card WHERE order_id IS NOT NULL AND state = 'sold'"
    batch = shop.count("SELECT min(id) FROM card_import")
    _text, form = look(olga, act="faulty", batch=batch)
    # One more is bought between the look and the act.
    shop.buy(Person("dan@example.com"))
    assert do(olga, form).status_code == 409
    assert do(olga, look(olga, act="faulty", batch=batch)[1]).status_code == 303
    assert states(shop) == {"sold": 4, "faulty": 16}
    assert shop.count(owned) == 4
    assert placed.number
    assert do(olga, look(olga, act="restore", batch=batch)[1]).status_code == 303
    assert states(shop) == {"sold": 4, "available": 16}


@pytest.mark.both_databases
def test_codes_move_to_another_product_except_those_it_has(olga, shop):
    other = transaction(shop.product, "other", codes=1)
    olga.post(f"/admin/products/{other}/card_imports", {"codes": "PS-00001"})
    first, second, third = ids(shop, 3)
    text, form = look(olga, act="move", card=[first, second, third], to=other)
    assert "<dd>1</dd>" in text
    assert do(olga, form).status_code == 303
    assert do(olga, form).status_code == 409
    sku = "SELECT count(*) FROM card JOIN sku ON sku.id = card.sku_id WHERE sku.product_id = :id"
    assert (shop.count(sku, id=1), shop.count(sku, id=other)) == (18, 4)
    bought = shop.buy(Person("clara@example.com"), slug="other", quantity=4)
    assert bought.number
    assert shop.count(sku + " AND card.state = 'sold'", id=other) == 4
    assert do(olga, look(olga, act="move", card=[second])[1]).status_code == 422


@pytest.mark.usefixtures("later")
def test_what_is_on_the_shelf_is_exported_to_whoever_proves_who_they_are(olga, shop):
    olga.post("/admin/products/1/card_imports", {"codes": "=1+1\n@SUM"})
    shop.buy(Person("clara@example.com"))
    path = "/admin/cards/exports?product=1&state=available&kind="
    assert "PS-00001" not in olga.post(path + "txt", page=LIST).text
    proof = {"proof": PASSWORD}
    plain = olga.post(path + "txt", proof, page=LIST).text.splitlines()
    assert len(plain) == 21
    assert "=1+1" in plain
    assert "PS-00000" not in plain
    sheet = olga.post(path + "csv", proof, page=LIST).text
    assert "\r\n'=1+1," in sheet
    assert "\r\n'@SUM," in sheet
    assert sheet.count("\r\n") == 22
    assert olga.post(path + "xlsx", proof, page=LIST).data[:2] == b"PK"
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'card.export'") == 3
    for wrong in ("?kind=txt", "?product=1&state=sold", "?state=binned"):
        assert olga.post(f"/admin/cards/exports{wrong}", proof, page=LIST).status_code == 404


def test_a_batch_says_what_one_cost_and_profit_goes_by_it(olga, shop):
    shop_cost = "UPDATE sku SET cost_fen = 700"
    transaction(lambda tx: tx.exec_driver_sql(shop_cost))
    olga.post("/admin/products/1/card_imports", {"codes": "DEAR-1\nDEAR-2", "cost": "9.01", "note": "March"})
    batch = shop.count("SELECT max(id) FROM card_import")
    assert "March" in olga.get("/admin/batches?q=marc").text
    assert "March" not in olga.get("/admin/batches?q=m%25h").text
    assert "March" in olga.get("/admin/batches").text
    assert "9.01" in re.sub("<[^>]+>", "", olga.get("/admin/batches?product=1").text)
    shop.buy(Person("clara@example.com"), quantity=10)
    shop.buy(Person("clara@example.com"), quantity=10)
    cost = "SELECT cost_fen FROM order_line ORDER BY id DESC LIMIT 1"
    assert shop.count(cost) == 700
    path = f"/admin/batches/{batch}"
    answer = olga.post(path, {"note": "<b>April</b>", "cost": "8"}, page=path)
    assert answer.status_code == 303
    assert "&lt;b&gt;April" in olga.get(path).text
    shop.buy(Person("clara@example.com"))
    assert shop.count(cost) == 800
    assert olga.post(path, {"note": "", "cost": "x"}, page=path).status_code == 422
    assert olga.get("/admin/batches/999").status_code == 404


@pytest.mark.both_databases
def test_the_merchant_is_told_once_that_few_codes_are_left(olga, shop):
    settings = {"key": "p7QzV3mKxW9aTbRcYdLe2f", "address": "https://api.day.app/push", "events": ["stock.low"]}
    values = {"carrier": "bark", "name": "Bark", "settings": settings, "enabled": True, "now": NOW}
    transaction(outbox.create_outlet, **values)
    told = "SELECT count(*) FROM message WHERE subject LIKE 'stock.low:%'"
    assert transaction(trade.tell_low_stock, NOW) == 0
    shop.buy(Person("clara@example.com"), quantity=10)
    shop.buy(Person("clara@example.com"), quantity=5)
    assert [transaction(trade.tell_low_stock, NOW + 60 * n) for n in (1, 2)] == [1, 0]
    assert shop.count(told) == 1
    olga.post("/admin/products/1/card_imports", {"codes": "A\nB\nC"})
    assert transaction(trade.tell_low_stock, NOW + 180) == 0
    shop.buy(Person("clara@example.com"), quantity=3)
    assert transaction(trade.tell_low_stock, NOW + 240) == 1


def test_the_lists_take_as_many_statements_at_any_length(olga, shop):
    olga.post("/admin/products/1/card_imports", {"codes": "\n".join(f"N-{n}" for n in range(200))})
    page = olga.get(LIST).text
    assert page.count('name="card"') == 50
    following = re.search(r'href="(/admin/cards\?before=[^"]+)"', page).group(1).replace("&amp;", "&")
    assert olga.get(following).text.count('name="card"') == 50
