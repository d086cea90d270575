"""The figures that the rules must give, all of them: tests/examples.json, through the real acts wherever an act exists."""

import json
from pathlib import Path

import pytest

from app.clock import DAY
from app.db import db, transaction
from app.money import allocate, share
from app.settlement import Terms, progress, vested
from tests.shop import Person

pytestmark = pytest.mark.both_databases
EXAMPLES = json.loads((Path(__file__).parent.parent / "examples.json").read_text())
RATES = (EXAMPLES["defaults"]["l1_bps"], EXAMPLES["defaults"]["l2_bps"])


@pytest.fixture
def pair(shop):
    anna = shop.member("anna@example.com")
    return anna, shop.member("boris@example.com", via=anna)


def nets(shop):
    rows = db.session.execute(db.text("SELECT level, net_fen FROM commission ORDER BY id"))
    found = {row.level: row.net_fen for row in rows}
    db.session.rollback()
    return found.get(1, 0), found.get(2, 0)


@pytest.mark.parametrize("example", EXAMPLES["simple"], ids=lambda example: str(example["paid"]))
def test_a_simple_sale(shop, pair, example):
    transaction(shop.product, "odd", price_fen=example["paid"])
    shop.buy(Person("clara@example.com"), via=pair[1], slug="odd")
    assert (shop.wallet(pair[1]).held_fen, shop.wallet(pair[0]).held_fen) == (example["l1"], example["l2"])


def test_a_discount_is_spread_over_the_lines():
    example = EXAMPLES["discount_alloc"]
    parts = allocate(example["discount"], example["lines"])
    net = [line - part for line, part in zip(example["lines"], parts, strict=True)]
    assert (parts, net) == (example["alloc"], example["net"])
    for level, bps in zip(("l1", "l2"), RATES, strict=True):
        assert [share(fen, bps) for fen in net] == example[level]


@pytest.mark.parametrize("example", [one for one in EXAMPLES["pool_split"] if one["w"]], ids=lambda one: str(one["P"]))
def test_a_pool_is_split_to_the_last_fen(example):
    assert allocate(example["P"], example["w"]) == example["out"]


def test_partial_refunds(shop, pair):
    example = EXAMPLES["partial_refund"]
    transaction(shop.product, "odd", price_fen=example["base"])
    placed = shop.buy(Person("clara@example.com"), via=pair[1], slug="odd")
    before, taken = nets(shop), []
    for fen in example["refunds"]:
        shop.refund(placed, fen)
        after = nets(shop)
        taken.append((before[0] - after[0], before[1] - after[1]))
        before = after
    assert taken == list(zip(example["l1_reversals"], example["l2_reversals"], strict=True))


def test_validity_and_uses():
    validity, usage = EXAMPLES["validity"], EXAMPLES["usage"]
    for day, fen in validity["vested"].items():
        terms = Terms("validity", 0, 7, validity_days=validity["days"])
        assert vested(validity["gross"], validity["gross"], progress(terms, int(day) * DAY)) == fen
    for used, fen in enumerate(usage["vested"]):
        terms = Terms("use_count", 0, 0, uses=usage["uses"], used=used)
        assert vested(usage["gross"], usage["gross"], progress(terms, 0)) == fen
