"""A ceremony: a browser lets a key sign what the shop drew, for this site alone (WebAuthn, level 2)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from app import vault
from app.accounts.challenge import LIFE_SECONDS, draw_challenge, use_challenge
from app.accounts.passkey import add_passkey, list_passkeys, note_use

T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """What keys sign for: the shop's name, its host, and the address that pages have to come from."""

    name: str
    host: str
    origin: str


def draw_new_key(tx: Connection, account_id: int, holder: str, site: Site, label: str, now: int) -> str:
    """What a browser needs to make a key for the account, which it lists as `label`, as JSON."""
    from webauthn import generate_registration_options as options
    from webauthn.helpers import options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    wanted = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(
        options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=vault.blind("passkey", str(account_id)),
            user_name=label,
            challenge=draw_challenge(tx, account_id, holder, now),
            timeout=LIFE_SECONDS * 1000,
            authenticator_selection=wanted,
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=one.credential_id) for one in list_passkeys(tx, account_id)
            ],
        )
    )


def draw_signature(tx: Connection, account_id: int, holder: str, site: Site, now: int) -> str:
    """What a browser needs to let one of the account's keys sign, as JSON."""
    from webauthn import generate_authentication_options as options
    from webauthn.helpers import options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    return options_to_json(
        options(
            rp_id=site.host,
            challenge=draw_challenge(tx, account_id, holder, now),
            timeout=LIFE_SECONDS * 1000,
            allow_credentials=[
                PublicKeyCredentialDescriptor(id=one.credential_id) for one in list_passkeys(tx, account_id)
            ],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def take_new_key(
    tx: Connection, account_id: int, holder: str, site: Site, name: str, answer: str, now: int
) -> int | None:
    """Add the key that a browser made, and return its id. None when it is not the answer to what was drawn. Raises Refusal."""
    from webauthn import verify_registration_response as verify

    challenge = use_challenge(tx, account_id, holder, now)
    made = _judge(verify, site, challenge, credential=answer) if challenge else None
    if made is None:
        return None
    key = {"credential_id": made.credential_id, "public_key": made.credential_public_key}
    return add_passkey(tx, account_id, name=name, sign_count=made.sign_count, now=now, **key)


def take_signature(tx: Connection, account_id: int, holder: str, site: Site, answer: str, now: int) -> bool:
    """Whether one of the account's keys signed what was drawn."""
    from webauthn import verify_authentication_response as verify
    from webauthn.helpers import bytes_to_base64url

    challenge = use_challenge(tx, account_id, holder, now)
    named = _named(answer)
    keys = {bytes_to_base64url(one.credential_id): one for one in list_passkeys(tx, account_id)}
    if challenge is None or named not in keys:
        return False
    key = keys[named]
    known = {"credential_public_key": key.public_key, "credential_current_sign_count": key.sign_count}
    signed = _judge(verify, site, challenge, credential=answer, **known)
    return signed is not None and note_use(tx, key, signed.new_sign_count, now)


def _judge(verify: Callable[..., T], site: Site, challenge: bytes, **told: Any) -> T | None:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    # What a browser sends is deep in layers of other people's formats: what cannot be read is as good as not signed.
    unreadable = (ValueError, TypeError, LookupError, AttributeError, RuntimeError, InvalidSignature)
    expected = {"expected_challenge": challenge, "expected_rp_id": site.host, "expected_origin": site.origin}
    try:
        return verify(**told, **expected, require_user_verification=True)
    except (WebAuthnException, UnsupportedAlgorithm, *unreadable):
        return None


def _named(answer: str) -> object:
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    named = told.get("id") if isinstance(told, dict) else None
    return named if isinstance(named, str) else None
