"""The `Stripe-Signature` of an event: HMAC-SHA256 over its time and its raw body (https://docs.stripe.com/webhooks/signature)."""

import hashlib
import hmac
import re

TOLERANCE_SECONDS = 300
# While a secret is being replaced, an event bears a signature of each.
MOST_PARTS = 16
_PART = re.compile(r"([a-z0-9]{1,8})=([0-9a-f]{1,128})", re.ASCII)
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def parse_header(header: str) -> tuple[int, list[str]] | None:
    """(the time that was signed, its v1 signatures); None when the header has not this shape, or tells two times."""
    parts = [_PART.fullmatch(part.strip()) for part in header.split(",", MOST_PARTS)]
    pairs = [(part[1], part[2]) for part in parts if part is not None]
    times = [value for name, value in pairs if name == "t"]
    signatures = [value for name, value in pairs if name == "v1" and _HEX.fullmatch(value)]
    if len(pairs) != len(parts) or len(times) != 1 or not _TIME.fullmatch(times[0]) or not signatures:
        return None
    return int(times[0]), signatures


def is_signed(body: bytes, signed_at: int, signatures: list[str], secret: str) -> bool:
    """Whether one of the signatures is right, in constant time; an empty secret signs nothing."""
    wanted = hmac.new(secret.encode(), b"%d." % signed_at + body, hashlib.sha256).hexdigest()
    found = [hmac.compare_digest(wanted, signature) for signature in signatures]
    return bool(secret) and any(found)
