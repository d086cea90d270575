"""Reading an event: its shape, its signature over the raw body, its time, and then what kind of thing it tells of.

https://docs.stripe.com/api/events/object, https://docs.stripe.com/webhooks#verify-events.
"""

import re
from typing import Any

from app.payments.gateways.gateway import Notice, Reading, Settings
from app.payments.gateways.stripe.account import mode, signing_secret
from app.payments.gateways.stripe.call import parse_object
from app.payments.gateways.stripe.signature import TOLERANCE_SECONDS, is_signed, parse_header
from app.payments.gateways.stripe.told import KINDS

HEADER = "stripe-signature"
MOST_BYTES = 65536
LONGEST_HEADER = 4096
_TYPE = re.compile(r"[a-z0-9_.]{1,80}", re.ASCII)


def read_event(settings: Settings, notice: Notice, now: int) -> Reading:
    """What a delivery says; it is not believed before its signature and its time, five minutes to both sides, are right."""
    fault = _fault(notice)
    signed = parse_header(notice.headers.get(HEADER, "")) if fault is None else None
    if signed is None:
        return Reading("malformed", fault or "Stripe-Signature is missing or malformed")
    signed_at, signatures = signed
    if not is_signed(notice.body, signed_at, signatures, signing_secret(settings)):
        return Reading("forged", "the signature is wrong")
    if abs(now - signed_at) > TOLERANCE_SECONDS:
        # What was heard on the wire may not be told again; Stripe signs every attempt of its own anew.
        return Reading("forged", "it was not signed within the last five minutes")
    event = parse_object(notice.body)
    if event is None:
        return Reading("malformed", "the body is no object in JSON")
    return _told(event)


def _fault(notice: Notice) -> str | None:
    if notice.method != "POST":
        return "the method is not POST"
    if notice.content_type.partition(";")[0].strip().lower() != "application/json":
        return "the body is not JSON"
    if len(notice.body) > MOST_BYTES or len(notice.headers.get(HEADER, "")) > LONGEST_HEADER:
        return "the notice is too long"
    return None


def _told(event: dict[str, Any]) -> Reading:
    kind, data, live = event.get("type"), event.get("data"), event.get("livemode")
    thing = data.get("object") if isinstance(data, dict) else None
    is_kind = isinstance(kind, str) and _TYPE.fullmatch(kind) is not None
    if event.get("object") != "event" or not is_kind or not isinstance(thing, dict) or type(live) is not bool:
        return Reading("malformed", "it has not the shape of an event")
    merchant = mode(live, event.get("account"))
    tell = KINDS.get(str(kind))
    if tell is None:
        return Reading("valid", f"an event of another kind: {kind}", merchant=merchant, concerns_us=False)
    return tell(str(kind), thing, merchant)
