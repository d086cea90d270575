"""Webhooks by Standard Webhooks 1.0 (standardwebhooks.com): signed, with a number and the moment, for the merchant's own programs."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime

from app.detail import Field
from app.errors import N_
from app.outbox.carriers.carrier import (
    Dispatch,
    Settings,
    Topics,
    Undelivered,
    check_address,
    check_events,
    events_field,
    merchants_topics,
    post,
)

PREFIX = "whsec_"


class Webhook:
    name = "webhook"
    title = N_("Webhook")
    about = N_("Tells a program of yours, signed, so that it knows that the shop speaks.")
    fields: tuple[Field, ...] = (
        Field(
            "address", N_("Address of the webhook"), kind="address", hint=N_("https only; redirects are not followed.")
        ),
        Field(
            "secret",
            N_("Signing secret"),
            kind="secret",
            hint=N_("Your program checks the signature with it. Copy it now."),
            is_drawn=True,
        ),
        events_field(is_public=True),
    )

    def check_settings(self, settings: Settings) -> dict[str, str]:
        faults = check_address(settings) | check_events(settings)
        if key_of(settings) is None:
            faults["secret"] = N_("Please enter whsec_ and 24 to 64 bytes in base64.")
        return faults

    def topics(self, settings: Settings) -> Topics:
        return merchants_topics(settings)

    def send(self, settings: Settings, dispatch: Dispatch) -> None:
        """POST the event; any 2xx is its receipt (Standard Webhooks, section "Webhook metadata" and "Signature scheme")."""
        happened_at = datetime.fromtimestamp(dispatch.happened_at, UTC).isoformat().replace("+00:00", "Z")
        told = {"type": dispatch.event, "timestamp": happened_at, "data": dispatch.data}
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Tengka-Webhooks/1",
            "webhook-id": f"msg_{dispatch.number}",
            "webhook-timestamp": str(dispatch.now),
        }
        headers["webhook-signature"] = sign(settings, headers["webhook-id"], dispatch.now, body)
        reply = post(settings["address"], body, headers, dispatch)
        if not 200 <= reply.status < 300:
            raise Undelivered(f"it answers {reply.status}")


def sign(settings: Settings, number: str, now: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of number, second and body, in base64."""
    key = key_of(settings)
    assert key is not None
    digest = hmac.digest(key, f"{number}.{now}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def key_of(settings: Settings) -> bytes | None:
    """The bytes of the secret, 24 to 64 of them; None when it is none."""
    text = str(settings.get("secret") or "")
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if text.startswith(PREFIX) and 24 <= len(key) <= 64 else None


def draw_secret(random: bytes) -> str:
    """32 random bytes as a secret is written."""
    return PREFIX + base64.b64encode(random).decode()
