"""A merchant's account at WeChat Pay: its keys, and by what WeChat Pay is recognised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from app.payments.alipay.certificate import public_key, read_certificate, read_private_key, read_public_key
from app.payments.gateways.wechat.fields import KEY

MOST_CERTIFICATES = 5
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----[^-]{1,8000}-----END CERTIFICATE-----", re.ASCII)


@dataclass(frozen=True)
class WechatAccount:
    """Settings that were found sound, their keys read. `theirs` has WeChat Pay's keys by what it calls them."""

    address: str
    app_id: str
    merchant_id: str
    secret: bytes
    key: RSAPrivateKey
    serial: str
    theirs: Mapping[str, RSAPublicKey]
    # What WeChat Pay is told to sign with, where the account has a key of its own.
    key_id: str


def open_account(settings: Mapping[str, Any]) -> WechatAccount:
    """The account of settings that `check_account` finds nothing wrong with."""
    names = ("api_url", "app_id", "merchant_id", "secret", "private_key", "serial", "trust", "key_id", "wechat_key")
    return _open(*(text_of(settings, name) for name in (*names, "certificates")))


@lru_cache(maxsize=4)
def _open(
    address: str,
    app_id: str,
    merchant_id: str,
    secret: str,
    key: str,
    serial: str,
    trust: str,
    key_id: str,
    wechat_key: str,
    certificates: str,
) -> WechatAccount:
    by_key = trust == KEY
    return WechatAccount(
        address=address,
        app_id=app_id,
        merchant_id=merchant_id,
        secret=secret.encode(),
        key=read_private_key(key),
        serial=serial,
        theirs={key_id: read_public_key(wechat_key)} if by_key else read_certificates(certificates),
        key_id=key_id if by_key else "",
    )


def read_certificates(text: str) -> dict[str, RSAPublicKey]:
    """The keys of platform certificates by their serial numbers; while WeChat Pay changes them there are two."""
    found = [read_certificate(block) for block in _BLOCK.findall(text)]
    if len(found) > MOST_CERTIFICATES:
        raise ValueError("too many certificates")
    return {f"{one.serial_number:040X}": public_key(one) for one in found}


def text_of(settings: Mapping[str, Any], name: str) -> str:
    value = settings.get(name)
    return value if isinstance(value, str) else ""
