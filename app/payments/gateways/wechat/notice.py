"""Reading what WeChat Pay sends: its shape, its signature over the raw body, its time, and then what is sealed inside.

WeChat Pay signs for all its merchants, and anybody may be one and name our address: only what opens with this account's own APIv3
key (AES-256-GCM) is meant for it. https://pay.weixin.qq.com/doc/v3/merchant/4012071382.
"""

import base64
import re
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.payments.gateways.gateway import Notice, Reading
from app.payments.gateways.wechat.account import WechatAccount
from app.payments.gateways.wechat.parse import parse_object
from app.payments.gateways.wechat.signature import fault_of, parse_headers
from app.payments.gateways.wechat.told import KINDS, merchant_of

MOST_BYTES = 65536
ALGORITHM = "AEAD_AES_256_GCM"
_KIND = re.compile(r"[A-Z_.]{1,80}", re.ASCII)
_NONCE = re.compile(r"[!-~]{12}", re.ASCII)
_ADDED = re.compile(r"[ -~]{0,32}", re.ASCII)
_BASE64 = re.compile(r"[0-9A-Za-z+/]{24,60000}={0,2}", re.ASCII)


def read_notice(account: WechatAccount | None, notice: Notice, now: int) -> Reading:
    """What a delivery says. Without an account whose keys will do, nothing verifies. Never raises."""
    fault = _fault(notice)
    signed = parse_headers(notice.headers) if fault is None else None
    if signed is None:
        return Reading("malformed", fault or "the headers of the signature are missing or malformed")
    wrong = "this account has no keys" if account is None else fault_of(account, signed, notice.body, now)
    if account is None or wrong is not None:
        return Reading("forged", wrong or "")
    whole = parse_object(notice.body)
    if whole is None:
        return Reading("malformed", "the body is no object in JSON")
    kind, sealed = whole.get("event_type"), whole.get("resource")
    is_kind = isinstance(kind, str) and _KIND.fullmatch(kind) is not None
    if not is_kind or whole.get("resource_type") != "encrypt-resource" or not isinstance(sealed, dict):
        return Reading("malformed", "it has not the shape of a notice")
    return _told(account, str(kind), sealed)


def _fault(notice: Notice) -> str | None:
    if notice.method != "POST":
        return "the method is not POST"
    if notice.query:
        return "the address has parameters of its own"
    if notice.content_type.partition(";")[0].strip().lower() != "application/json":
        return "the body is not JSON"
    return "the notice is too long" if len(notice.body) > MOST_BYTES else None


def _told(account: WechatAccount, kind: str, sealed: dict[str, Any]) -> Reading:
    nonce, added, text = sealed.get("nonce"), sealed.get("associated_data", ""), sealed.get("ciphertext")
    # Left out and empty are the same.
    added = "" if added is None else added
    if (
        sealed.get("algorithm") != ALGORITHM
        or not _is(nonce, _NONCE)
        or not _is(added, _ADDED)
        or not _is(text, _BASE64)
    ):
        return Reading("malformed", "what is sealed in it has not its shape")
    try:
        opened = AESGCM(account.secret).decrypt(
            str(nonce).encode(), base64.b64decode(str(text), validate=True), str(added).encode()
        )
    except (InvalidTag, ValueError):
        return Reading("forged", "what is sealed in it does not open with this account's APIv3 key")
    thing = parse_object(opened)
    if thing is None:
        return Reading("malformed", "what was sealed in it is no object in JSON")
    tell = KINDS.get(kind)
    if tell is None:
        merchant = merchant_of(account.app_id, account.merchant_id)
        return Reading("valid", f"a notice of another kind: {kind}", merchant=merchant, concerns_us=False)
    return tell(account, kind, thing)


def _is(value: object, shape: re.Pattern[str]) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None
