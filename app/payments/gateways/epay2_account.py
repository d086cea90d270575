"""A merchant's account at an EPay provider that signs with RSA: what its settings must look like, and its two keys."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.errors import N_
from app.payments.alipay.account import tried
from app.payments.alipay.certificate import read_private_key, read_public_key
from app.payments.gateways import epay_account
from app.payments.gateways.gateway import Field

CREATE, SUBMIT = "create", "submit"
_OF_V1 = {field.name: field for field in epay_account.FIELDS}
FIELDS = (
    _OF_V1["api_url"],
    _OF_V1["merchant_id"],
    Field(
        "private_key",
        N_("Your private key"),
        "secret_text",
        N_("The half that stays with you. Its public half belongs on the provider’s page."),
    ),
    Field(
        "platform_key",
        N_("The platform's public key"),
        "text",
        N_("Shown on the provider’s page. Not your own public key."),
    ),
    Field(
        "mode",
        N_("How payments start"),
        "choice",
        options=(
            (CREATE, N_("create: the shop shows what the provider answers, a QR code or a link")),
            (SUBMIT, N_("submit: the buyer goes to the provider's page, within five minutes")),
        ),
        default=CREATE,
    ),
    _OF_V1["methods"],
    _OF_V1["refunds"],
)


def check_account(settings: Mapping[str, Any], methods: tuple[str, ...]) -> dict[str, str]:
    """field -> what is wrong with it; empty when requests can be signed and answers verified."""
    faults = epay_account.check_merchant(settings) | epay_account.check_provider(settings, methods)
    if settings.get("mode") not in (CREATE, SUBMIT):
        faults["mode"] = N_("Please choose one.")
    return faults | _check_keys(settings)


def platform_key(settings: Mapping[str, Any]) -> RSAPublicKey | None:
    """What notices are verified with; None when the keys would not do: with that nothing verifies (rule 2)."""
    return None if _check_keys(settings) else read_public_key(settings["platform_key"])


def _check_keys(settings: Mapping[str, Any]) -> dict[str, str]:
    faults = {}
    ours, theirs = (_text(settings, name) for name in ("private_key", "platform_key"))
    private, public = tried(lambda: read_private_key(ours)), tried(lambda: read_public_key(theirs))
    if private is None:
        faults["private_key"] = N_("This is no RSA private key of 2048 bits. Please paste the one that you made.")
    if public is None:
        faults["platform_key"] = N_("This is no RSA public key of 2048 bits. Please paste the platform’s.")
    elif private is not None and private.public_key().public_numbers() == public.public_numbers():
        # Every link that a buyer gets is signed by our key: with it in the platform's place, links would pass as notices.
        faults["platform_key"] = N_("This is your own public key. Please paste the platform’s.")
    return faults


def _text(settings: Mapping[str, Any], name: str) -> str:
    value = settings.get(name)
    return value if isinstance(value, str) else ""
