"""`sample load` and `sample story`: a shop to look at, once, whose figures come out of the ledger."""

import re

import pytest

from app import catalog, clock, payments
from app import shop as shop_room
from app.commands import sample
from app.db import db, transaction
from app.shop import Settings
from tests import journey
from tests.conftest import NOW
from tests.visitor import Visitor

PASSWORD = "seven quiet harbour lamps"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def run(app, *arguments):
    result = app.test_cli_runner().invoke(args=list(arguments))
    return result.exit_code, result.output.strip().splitlines()


def rows(query):
    found = [tuple(row) for row in db.session.execute(db.text(query))]
    db.session.rollback()
    return found


def one(query):
    return rows(query)[0][0]


def figures():
    tables = ("product", "card", "orders", "commission", "journal", "posting", "account", "node", "edge", "click")
    return {table: one(f"SELECT count(*) FROM {table}") for table in tables}


@pytest.fixture
def loaded(app):
    code, lines = run(app, "sample", "load")
    assert code == 0, lines
    return lines


@pytest.mark.both_databases
def test_it_tells_the_articles_story_from_the_ledger(app, loaded):
    assert len(loaded) == 1
    assert run(app, "sample", "story") == (0, ["李琳 180.00", "小王 90.00", "小张 20.00"])
    assert run(app, "books", "check")[0] == 0
    assert one("SELECT sum(amount_fen) FROM posting WHERE account = 'exp:commission'") == 29000
    assert one("SELECT sum(amount_fen) FROM posting WHERE account = 'income:sales'") == -240000


@pytest.mark.both_databases
def test_a_second_load_refuses_and_changes_nothing(app, loaded):
    before = figures()
    code, lines = run(app, "sample", "load")
    assert (code, len(lines)) == (1, 1)
    assert lines[0].startswith("Error: ")
    assert figures() == before
    assert not sample.is_due()


def test_twelve_people_bought_twice_over_three_months(app, loaded):
    """Through the real acts: each order has its payment, accepted notice, entry, code and commission."""
    assert rows("SELECT state, count(*) FROM orders GROUP BY state") == [("paid", 24)]
    assert rows("SELECT orders, count(*) FROM (SELECT node_id, count(*) AS orders FROM orders GROUP BY node_id)") == [
        (2, 12)
    ]
    assert one("SELECT count(*) FROM orders WHERE delivered_at IS NULL OR total_fen <> 10000") == 0
    assert rows("SELECT verdict, count(*) FROM notice GROUP BY verdict") == [("accepted", 24)]
    assert rows("SELECT kind, count(*) FROM journal GROUP BY kind ORDER BY kind") == [("accrue", 24), ("paid", 24)]
    assert rows("SELECT level, count(*), sum(net_fen) FROM commission GROUP BY level ORDER BY level") == [
        (1, 24, 24000),
        (2, 10, 5000),
    ]
    assert one("SELECT count(*) FROM edge WHERE valid_to IS NULL") == 12
    first, last = rows("SELECT min(paid_at), max(paid_at) FROM orders")[0]
    assert NOW - 92 * clock.DAY < first < NOW - 85 * clock.DAY
    assert NOW - 10 * clock.DAY < last < NOW
    assert one("SELECT count(DISTINCT paid_at / 86400) FROM orders") == 24
    assert (
        one("SELECT count(*) FROM posting JOIN journal ON journal.id = journal_id WHERE happened_at > 1790000000") == 0
    )


def test_only_the_three_who_earn_have_accounts(app, loaded):
    assert [name for (name,) in rows("SELECT name FROM account ORDER BY id")] == ["李琳", "小王", "小张"]
    assert one("SELECT count(*) FROM account WHERE role = 'owner'") == 0
    hashes = {value for (value,) in rows("SELECT password_hash FROM account")}
    assert len(hashes) == 3
    assert all(value.startswith("$argon2id$") for value in hashes)


def test_its_goods_are_described_and_their_shelves_differ(app, loaded):
    goods = rows("SELECT slug, title, summary, delivers, body_html, state FROM product")
    assert len(goods) == 12
    for slug, *texts, state in goods:
        assert all(CHINESE.search(text) for text in texts), slug
        assert state == "published"
    assert len(rows("SELECT id FROM category")) == 5
    shelves = (
        "SELECT count(card.id) FROM product JOIN sku ON sku.product_id = product.id "
        "LEFT JOIN card ON card.sku_id = sku.id AND card.state = 'available' GROUP BY product.id"
    )
    left = sorted(count for (count,) in rows(shelves))
    assert left[:2] == [0, 3]
    assert all(60 <= count <= 140 for count in left[2:])
    assert catalog.find_listed(db.session, "ps-master-course").Sku.price_fen == 10000


def test_it_is_a_shop_in_test_mode_with_a_key_of_its_own(app, loaded):
    settings = shop_room.read_settings(db.session)
    assert (settings.name, settings.mode, settings.sample) == (Settings().name, "test", True)
    (channel,) = payments.list_channels(db.session)
    assert (channel.slug, channel.gateway.is_test, channel.enabled) == ("sandbox", True, True)
    assert len(channel.settings["key"]) >= 32


def test_every_product_has_its_page_and_its_picture(app, loaded):
    visitor = Visitor(app)
    for (slug,) in rows("SELECT slug FROM product"):
        assert visitor.get(f"/p/{slug}").status_code == 200
        cover = visitor.get(f"/p/{slug}/cover.svg")
        assert (cover.status_code, cover.mimetype) == (200, "image/svg+xml")


def test_the_operator_looks_at_it_as_lilin(app, loaded):
    """By the one-time link: her earnings, her team, and nobody's contact."""
    _, (address,) = run(app, "accounts", "link", "lilin@example.com")
    path = address.removeprefix("http://localhost")
    lilin = Visitor(app)
    lilin.get(path)
    assert lilin.post(path, {"password": PASSWORD}, page=path).status_code == 303
    earnings, team = lilin.get("/partner/commissions").text, lilin.get("/partner/team").text
    assert "180.00" in re.sub(r"\s*<[^>]+>\s*", "", earnings)
    assert "@" not in re.sub(r"<head.*?</head>", "", team, flags=re.DOTALL)
    assert lilin.get("/partner/links").status_code == 200
    journey.log_in(Visitor(app), "lilin@example.com", PASSWORD)


def test_a_shop_with_goods_of_its_own_is_left_alone(app, shop):
    before = figures()
    assert run(app, "sample", "load")[0] == 1
    assert figures() == before
    code, lines = run(app, "sample", "story")
    assert (code, len(lines)) == (1, 1)
    assert "sample load" in lines[0]


def test_a_channel_of_the_merchants_own_is_left_alone(app):
    settings = {"merchant_id": "1", "key": "7f3c9a1e5b2d8046c0ffee12"}
    values = {"slug": "own", "gateway": "sandbox", "name": "x", "settings": settings, "enabled": False}
    transaction(payments.create_channel, **values, now=NOW)
    assert run(app, "sample", "load")[0] == 1
    assert figures()["product"] == 0
