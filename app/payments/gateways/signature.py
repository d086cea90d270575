"""The MD5 signature of EPay v1: sorted `k=v` of what is not empty, joined by &, and the merchant's key behind it."""

import hashlib
import hmac
import re
from collections.abc import Mapping

UNSIGNED = frozenset({"sign", "sign_type"})
_HEX = re.compile(r"[0-9a-f]{32}", re.ASCII)


def sign(parameters: Mapping[str, str], key: str) -> str:
    """The signature of `parameters`, 32 lower-case hexadecimal digits."""
    pairs = sorted((name, value) for name, value in parameters.items() if value != "" and name not in UNSIGNED)
    text = "&".join(f"{name}={value}" for name, value in pairs) + key
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def signed(parameters: Mapping[str, str], key: str) -> dict[str, str]:
    """`parameters` with their signature."""
    return {**parameters, "sign": sign(parameters, key), "sign_type": "MD5"}


def is_signed(parameters: Mapping[str, str], key: str) -> bool:
    """Whether the signature among `parameters` is right; constant time once its shape is. An empty key signs nothing."""
    given = parameters.get("sign", "")
    # compare_digest raises on text that is not ASCII: the shape is looked at first.
    return bool(key) and _HEX.fullmatch(given) is not None and hmac.compare_digest(given, sign(parameters, key))
