"""The signature of EPay v2: RSA with SHA-256 over the sorted `k=v` of what is not blank, joined by &, both ways.

After 彩虹易支付's document 签名规则 (sign_note). The time in seconds is signed too, and what is more than five minutes off is refused.
"""

import base64
import binascii
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from app.payments.gateways.signature import UNSIGNED

SIGN_TYPE = "RSA"
WINDOW_SECONDS = 300
SHAPE = re.compile(r"[0-9A-Za-z+/]{340,700}={0,2}", re.ASCII)
_TIME = re.compile(r"[0-9]{10}", re.ASCII)
# What PHP's trim() takes away: a value of nothing else counts as empty on the provider's side.
_BLANKS = " \t\n\r\0\x0b"


def signed(parameters: Mapping[str, str], key: RSAPrivateKey, now: int) -> dict[str, str]:
    """`parameters` with the time and our signature."""
    whole = {**parameters, "timestamp": str(now)}
    signature = key.sign(_text(whole), PKCS1v15(), SHA256())
    return whole | {"sign": base64.b64encode(signature).decode(), "sign_type": SIGN_TYPE}


def is_signed(parameters: Mapping[str, str], key: RSAPublicKey | None) -> bool:
    """Whether the owner of `key` signed the parameters. Without a key nobody did."""
    given = parameters.get("sign", "")
    if key is None or parameters.get("sign_type") != SIGN_TYPE or not SHAPE.fullmatch(given):
        return False
    try:
        key.verify(base64.b64decode(given, validate=True), _text(parameters), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def is_timely(parameters: Mapping[str, str], now: int) -> bool:
    """Whether what was signed is of these minutes."""
    given = parameters.get("timestamp", "")
    return _TIME.fullmatch(given) is not None and abs(int(given) - now) <= WINDOW_SECONDS


def _text(parameters: Mapping[str, str]) -> bytes:
    pairs = sorted((name, value) for name, value in parameters.items() if name not in UNSIGNED and value.strip(_BLANKS))
    return "&".join(f"{name}={value}" for name, value in pairs).encode()
