"""Signatures of WeChat Pay, API v3: SHA-256 with RSA over lines, each of which ends with a line feed.

https://pay.weixin.qq.com/doc/v3/merchant/4012365336 (requests), 4013053249 (answers and notices).
"""

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from app.payments.gateways.wechat.account import WechatAccount

SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE_SECONDS = 300
# WeChat Pay sends signatures that begin so and are wrong, to see whether anybody looks.
PROBE = "WECHATPAY/SIGNTEST/"
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_NONCE = re.compile(r"[!-~]{1,128}", re.ASCII)
_SERIAL = re.compile(r"[0-9A-Za-z_]{1,80}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9A-Za-z+/]{342}==", re.ASCII)


@dataclass(frozen=True)
class Signed:
    """What the headers of an answer or a notice say of its signature."""

    at: int
    nonce: str
    serial: str
    signature: str


def authorization(account: WechatAccount, method: str, path: str, body: bytes, now: int) -> str:
    """The header that signs a request; `path` has its query with it."""
    nonce = secrets.token_hex(16)
    message = f"{method}\n{path}\n{now}\n{nonce}\n".encode() + body + b"\n"
    signature = base64.b64encode(account.key.sign(message, PKCS1v15(), SHA256())).decode()
    parts = {"mchid": account.merchant_id, "nonce_str": nonce, "signature": signature, "timestamp": str(now)}
    parts["serial_no"] = account.serial
    return f"{SCHEME} " + ",".join(f'{name}="{value}"' for name, value in parts.items())


def parse_headers(headers: Mapping[str, str]) -> Signed | None:
    """The headers of a signature; None when one is missing or has not the shape of one."""
    at, nonce, serial, signature = (
        headers.get(f"wechatpay-{name}", "") for name in ("timestamp", "nonce", "serial", "signature")
    )
    is_probe = signature.startswith(PROBE) and _NONCE.fullmatch(signature[:128]) is not None
    if not (_TIME.fullmatch(at) and _NONCE.fullmatch(nonce) and _SERIAL.fullmatch(serial)):
        return None
    if headers.get("wechatpay-signature-type", SCHEME) != SCHEME or not (is_probe or _SIGNATURE.fullmatch(signature)):
        return None
    return Signed(int(at), nonce, serial, signature)


def fault_of(account: WechatAccount, signed: Signed, body: bytes, now: int) -> str | None:
    """Why a signature is not believed; None when it is WeChat Pay's, over this very body, of the last five minutes."""
    key = account.theirs.get(_name(signed.serial))
    if key is None:
        return "it is signed by a key that this account does not know"
    if signed.signature.startswith(PROBE):
        return "it is a wrong signature, sent to see whether anybody looks"
    message = f"{signed.at}\n{signed.nonce}\n".encode() + body + b"\n"
    try:
        key.verify(base64.b64decode(signed.signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return "the signature is wrong"
    if abs(now - signed.at) > TOLERANCE_SECONDS:
        return "it was not signed within the last five minutes"
    return None


def _name(serial: str) -> str:
    """A certificate's serial number as `account` writes it; the id of a key as it is."""
    return serial if "_" in serial else serial.upper().rjust(40, "0")
