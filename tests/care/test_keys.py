"""F17: a key that is rotated, wrong or lost - clear words, the shop still shown, and nothing sealed is overwritten."""

import pytest
from sqlalchemy import text

from app import create_app, db, keyfiles, refuse_writes_without_keys, resealing, vault
from app.db import db as handle
from app.db import transaction
from app.keyfiles import VaultError
from tests.conftest import configuration
from tests.shop import Person
from tests.visitor import Visitor

PASSWORD = "plum river granite 42"
ANNA = Person("anna@example.com")
SEALED = "SELECT id, code_sealed FROM card ORDER BY id"


@pytest.fixture
def sold(shop):
    shop.owner("olga@example.com", PASSWORD)
    shop.buy(ANNA)
    return shop


def codes():
    found = [bytes(row.code_sealed) for row in handle.session.execute(text(SEALED))]
    handle.session.rollback()
    return found


def test_every_sealed_column_says_what_it_is_bound_to(app):
    named = {f"{column.table.name}.{column.name}" for column in resealing.columns()}
    sealed = {
        f"{table.name}.{column.name}"
        for table in handle.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert named == sealed


@pytest.mark.both_databases
def test_rotating_brings_everything_under_the_new_key(app, sold):
    runner, before = app.test_cli_runner(), codes()
    said = runner.invoke(args=["keys", "rotate"])
    assert said.exit_code == 0, said.output
    assert "Made the key k2" in said.output
    assert {code[:3] for code in before} == {b"k1|"}
    assert {code[:3] for code in codes()} == {b"k2|"}
    with handle.engine.connect() as connection:
        opened, shut = resealing.count(connection)
        assert resealing.waiting(connection) == 0
    assert opened > 20
    assert shut == 0


def test_it_goes_on_where_it_was_stopped(app, sold, monkeypatch):
    keyfiles.add(app.config["SHOP"].instance, "field_enc", {})
    vault.reload()
    monkeypatch.setattr(resealing, "BATCH", 7)
    [cards] = [column for column in resealing.columns() if column.table.name == "card"]
    assert transaction(resealing.reseal, cards, None)[1] == 7
    said = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert "under older keys still" in said.output
    assert {code[:3] for code in codes()} == {b"k2|"}
    assert [path.name for path in (app.config["SHOP"].instance / "keys").glob("field_enc*")].__len__() == 2


def test_a_process_that_began_before_reads_what_is_sealed_later(app, sold, instance):
    """The ring is read anew when a value names a key that came since; what the old one sealed opens too."""
    was = codes()[0]
    ring = keyfiles.prepare(instance, False, {})
    keyfiles.add(instance, "field_enc", {})
    newer = keyfiles.prepare(instance, False, {})
    vault.install(newer)
    sealed = vault.seal("later", "here")
    vault.install(ring, lambda: newer)
    assert vault.open_sealed(sealed, "here") == "later"
    assert was[:3] == b"k1|"
    [cards] = [column for column in resealing.columns() if column.table.name == "card"]
    row = handle.session.execute(cards.table.select().limit(1)).first()
    assert resealing.opens(cards, row)


@pytest.fixture
def wrong(app, sold, instance, database):
    """The same shop, started with a key that somebody made anew."""
    path = instance / "keys" / "field_enc"
    good = path.read_bytes()
    path.write_bytes(bytes(range(7, 39)))
    other = create_app(configuration(instance, database))
    refuse_writes_without_keys(other)
    yield other
    path.write_bytes(good)
    db.refuse_writes(None)
    vault.install(keyfiles.prepare(instance, False, {}))


def test_with_a_wrong_key_the_shop_is_shown_and_nothing_is_written(wrong, sold):
    before = codes()
    visitor = Visitor(wrong, language="en")
    with wrong.app_context():
        assert "教程 ps" in visitor.get("/").text
        page = visitor.get("/p/ps")
        assert page.status_code == 200
        answer = visitor.post("/login", {"contact": "olga@example.com", "password": PASSWORD}, page="/login")
        assert answer.status_code == 503
        assert "keys do not fit" in answer.text
        assert int(answer.headers["Retry-After"]) > 0
        with pytest.raises(resealing.KeysDoNotFit):
            transaction(sold.product, "new")
        handle.session.remove()
    assert codes() == before


def test_a_lost_key_is_named_and_no_other_is_made(sold, instance, database):
    (instance / "keys" / "field_enc").rename(instance / "away")
    with pytest.raises(VaultError, match="field_enc is missing.*restore field_enc from the backup"):
        create_app(configuration(instance, database))
    assert not (instance / "keys" / "field_enc").exists()
    (instance / "away").rename(instance / "keys" / "field_enc")
