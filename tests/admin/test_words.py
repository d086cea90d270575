"""What the merchant reads in place of a key: who acted, which rule set a rate, why something was refunded."""

import pytest

from app import referral
from app.admin import actors, labels
from app.db import transaction
from app.display import rule


@pytest.fixture
def reading(app, shop):
    """A page in English is being made."""
    with app.test_request_context("/?lang=en"):
        yield


def test_everybody_who_acts_has_a_name(shop, reading):
    olga, ann = shop.owner(), shop.owner("ann@example.com", role="manager")
    both = f"account:{olga.account_id}, account:{ann.account_id}"
    assert actors.names([both, "worker", "buyer", "provider:sandbox", "account:99"]) == {
        both: "o…a@example.com、a…n@example.com",
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
