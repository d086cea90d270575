"""What the merchant reads in place of a key: who acted, which rule set a rate, why something was refunded."""

import re
from pathlib import Path

import pytest

import app as package
from app import referral
from app.admin import actors, audit_labels, flags, labels, nodes, payout_steps
from app.admin.audit_fields import FIELDS
from app.db import transaction
from app.display import rule
from app.shop import Settings


@pytest.fixture
def reading(app, shop):
    """A page in English is being made."""
    with app.test_request_context("/?lang=en"):
        yield


def test_everybody_who_acts_has_a_name(shop, reading):
    olga, ann = shop.owner(), shop.owner("ann@example.com", role="manager")
    both = f"account:{olga.account_id}, account:{ann.account_id}"
    assert actors.names([both, "worker", "buyer", "provider:sandbox", "account:99"]) == {
        both: "Olga · Owner · o…a@example.com · #1、Olga · Manager · a…n@example.com · #2",
        "worker": "the shop by itself",
        "buyer": "the buyer",
        "provider:sandbox": "payment channel sandbox",
        "account:99": "a deleted account (99)",
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tier:1", "rate of tier 金牌"),
        ("tier:1:renewal:capped", "rate of tier 金牌, renewal, cut at the cap"),
        ("product:7×tier:1", "rate of the product for tier 金牌"),
        ("product:7", "rate of the product"),
        ("shop", "rate of the shop"),
    ],
)
def test_a_rate_of_a_tier_names_it(shop, reading, name, words):
    assert transaction(referral.save_tier, None, name="金牌", min_sales_fen=0, position=1) == 1
    assert rule(name) == words


def test_a_refund_by_a_dispute_says_so_in_words(reading):
    assert labels.refund_reason("dispute FY0SAWRN1R9PRQ8G") == "As dispute FY0SAWRN1R9PRQ8G was settled"
    assert labels.refund_reason("dispute with the buyer") == "dispute with the buyer"


WRITES = re.compile(
    r'(?:record[(,]|Line\(|_noted\(|act=|what = |act = |if [a-z_.=\"]+ else )[^"\n]*\n?\s*"([a-z_]+\.[a-z_]+)"'
)
SHEETS = re.compile(r'Sheet\("([a-z_]+)"')
CHANGES = re.compile(r"(?:now|was)=\{([^}]*)\}")
# Acts whose second half is chosen by a form.
CHOSEN = {
    "flag": flags.ACTS,
    "node": {*nodes.ACTS, "take", "finish", "ban", "suspend"},
    "payout": {*payout_steps.STEPS, "paid", "failed"},
    "dispute": {"speak", "accept", "appeal", "offer", "concede", "outcome"},
    "card": {"bin", "restore", "faulty", "move", "destroy"},
    "picture": {"create", "update", "destroy"},
}


def test_every_act_and_field_that_the_code_writes_has_words(reading):
    source = "".join(path.read_text() for path in Path(package.__file__).parent.rglob("*.py"))
    acts = {*WRITES.findall(source)} - {"order.paid"} | {*(f"{name}.export" for name in SHEETS.findall(source))}
    acts |= {f"{noun}.{verb}" for noun, verbs in CHOSEN.items() for verb in verbs}
    assert len(acts) > 90
    assert [act for act in sorted(acts) if audit_labels.act_in_words(act) == act] == []
    names = {name for told in CHANGES.findall(source) for name in re.findall(r'"([a-z_0-9]+)":', told)}
    names |= {*Settings.__dataclass_fields__} - {name for name in Settings.__dataclass_fields__ if name.endswith("_at")}
    assert names - FIELDS.keys() - {"clock_off_seconds", "sample", "sample_products", "backup_recipient"} == set()
    assert (
        audit_labels.name_in_words("product_tier:7 tier:1 level 2 renewal") == "Product 7 · Tier 1 · Level 2 · renewal"
    )
