"""The settings of a channel at Stripe: what is empty, short or an example is refused beside its field (C31)."""

import pytest

from app import payments
from app.db import transaction
from app.errors import Refusal
from tests.payments.stripe_events import SETTINGS, STRIPE

LIVE = "sk_live_51Qm4ZxTvB8nRk2LwYc7HdPs9"


def faults(**changes):
    return set(STRIPE.check_settings({name: v for name, v in (SETTINGS | changes).items() if v != "left out"}))


@pytest.mark.parametrize(
    "key", [LIVE, LIVE.replace("sk_", "rk_"), LIVE.replace("live", "test"), "sk_live_" + "aB3dE6gH9" * 11]
)
def test_real_keys_are_good(key):
    assert faults(secret_key=key) == set()


@pytest.mark.parametrize(
    "key",
    [
        "left out",
        None,
        7,
        [LIVE],
        "",
        " ",
        "sk_live_",
        "sk_live_short",
        f" {LIVE}",
        f"{LIVE}\n",
        LIVE + "é",
        LIVE.replace("_", "-"),
    ]
    + ["pk_live_51Qm4ZxTvB8nRk2LwYc7HdPs9", "whsec_k3Vq8ZtY1nRbW5xLmC7dHs2pJf9GuTe4", "51Qm4ZxTvB8nRk2LwYc7HdPs9"]
    + ["sk_live_your_secret_key_here", "sk_test_yourSecretKeyHere123", "sk_live_" + "x" * 24, "sk_live_" + "ab" * 12]
    + [
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "sk_live_1234567890123456789012",
        "sk_live_0123456789abcdefghij",
        "密钥" * 20,
    ],
)
def test_what_is_no_secret_key_is_refused(key):
    assert faults(secret_key=key) == {"secret_key"}


@pytest.mark.parametrize(
    "secret",
    [
        "left out",
        None,
        True,
        "",
        " ",
        "whsec_",
        "whsec_short",
        "whsec_" + "x" * 32,
        "whsec_yourwebhooksigningsecrethere",
        LIVE,
    ]
    + [
        "whsec_k3Vq8ZtY1nRbW5xLmC7dHs2pJf9GuTe4 ",
        "k3Vq8ZtY1nRbW5xLmC7dHs2pJf9GuTe4",
        "whsec_...",
        "whsec_" + "12" * 20,
    ],
)
def test_what_is_no_signing_secret_is_refused(secret):
    assert faults(signing_secret=secret) == {"signing_secret"}


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "http://evil.example/", "http://127.0.0.1@evil.example/", 7, ""]
)
def test_the_key_goes_to_stripe_only(address):
    from app.payments.gateways.stripe.account import API, api

    assert api(SETTINGS | {"api_url": address}) == API == api(SETTINGS)


def test_a_channel_without_keys_is_not_made(app):
    for name in SETTINGS:
        values = {"gateway": "stripe", "name": "Stripe", "settings": SETTINGS | {name: ""}, "enabled": True}
        with pytest.raises(Refusal) as refusal:
            transaction(payments.create_channel, slug="stripe", **values, now=1)
        assert refusal.value.field == name


def test_a_test_key_takes_no_payments_in_a_live_shop(app):
    """Whoever knows the card numbers of Stripe's documentation would buy for nothing."""
    for slug, key in (("trying", SETTINGS["secret_key"]), ("real", LIVE)):
        values = {"gateway": "stripe", "name": slug, "settings": SETTINGS | {"secret_key": key}, "enabled": True}
        transaction(payments.create_channel, slug=slug, **values, now=1)
    trying, real = (transaction(payments.channel_by_slug, slug) for slug in ("trying", "real"))
    told = [
        (payments.offered(one, None, live=live), payments.listens(one, live=live))
        for one in (trying, real)
        for live in (0, 1)
    ]
    assert told == [(True, True), (False, False), (True, True), (True, True)]
    assert (trying.is_test, real.is_test) == (True, False)
