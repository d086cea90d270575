"""A signed call to Alipay, and its answer, believed only when Alipay signed it."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from app.payments.alipay.account import AlipayAccount
from app.payments.gateways.gateway import GatewayUnreachable
from app.payments.http import fetch

# Alipay's clock, wherever the shop stands.
_CHINA = timezone(timedelta(hours=8))


def call(account: AlipayAccount, method: str, content: Mapping[str, object], now: int) -> dict[str, Any]:
    """What Alipay answers to a method of its open platform; its `code` says how it went.

    Raises NotSent when no connection was made, GatewayUnreachable when nobody can say what Alipay did.
    """
    body = {"biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":"))}
    head = {
        "app_id": account.app_id,
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": datetime.fromtimestamp(now, UTC).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        "version": "1.0",
        "app_cert_sn": account.app_serial,
        "alipay_root_cert_sn": account.root_serial,
    }
    signature = account.key.sign(_signed(head | body).encode(), PKCS1v15(), SHA256())
    head["sign"] = base64.b64encode(signature).decode()
    return _read(account, method, fetch("POST", f"{account.gateway}?{urlencode(head)}", body))


def _signed(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(parameters.items()) if value and name != "sign")


def _read(account: AlipayAccount, method: str, body: bytes) -> dict[str, Any]:
    try:
        text = body.decode()
        nodes = _nodes(text)
        name = f"{method.replace('.', '_')}_response"
        start, end = nodes.get(name) or nodes["error_response"]
        serial, signature = (_text(text, nodes, key) for key in ("alipay_cert_sn", "sign"))
        answer = json.loads(text[start:end], parse_float=str, parse_int=str)
    except (ValueError, KeyError, RecursionError):
        raise GatewayUnreachable("its answer cannot be read") from None
    if serial != account.alipay_serial:
        raise GatewayUnreachable("its answer is signed by a certificate that the shop does not have")
    try:
        account.alipay_key.verify(base64.b64decode(signature), text[start:end].encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error):
        raise GatewayUnreachable("its answer is not signed by Alipay") from None
    if not isinstance(answer, dict):
        raise GatewayUnreachable("its answer cannot be read")
    return answer


def _text(text: str, nodes: Mapping[str, tuple[int, int]], name: str) -> str:
    start, end = nodes[name]
    found = json.loads(text[start:end])
    if not isinstance(found, str):
        raise ValueError(name)
    return found


def _nodes(text: str) -> dict[str, tuple[int, int]]:
    """name -> where its value begins and ends: the signature is over the characters as they were sent. Raises ValueError."""
    decoder, nodes = json.JSONDecoder(), {}
    position = _after(text, 0, "{")
    while True:
        name, position = decoder.raw_decode(text, _skip(text, position))
        start = _skip(text, _after(text, position, ":"))
        _value, position = decoder.raw_decode(text, start)
        if not isinstance(name, str) or name in nodes:
            raise ValueError("a name comes twice")
        nodes[name] = (start, position)
        position = _skip(text, position)
        if text[position : position + 1] == "}":
            return nodes
        position = _after(text, position, ",")


def _skip(text: str, position: int) -> int:
    while text[position : position + 1] in (" ", "\t", "\r", "\n"):
        position += 1
    return position


def _after(text: str, position: int, sign: str) -> int:
    position = _skip(text, position)
    if text[position : position + 1] != sign:
        raise ValueError(f"no {sign}")
    return position + 1
