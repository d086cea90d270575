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


def call(
    account: AlipayAccount, method: str, content: Mapping[str, object], now: int, notify_url: str = ""
) -> dict[str, Any]:
    """What Alipay answers to a method of its open platform; its `code` says how it went.

    Raises NotSent when no connection was made, GatewayUnreachable when nobody can say what Alipay did.
    """
    body = {"biz_content": _compact(content)}
    head = _head(account, method, now) | ({"notify_url": notify_url} if notify_url else {})
    head["sign"] = _sign(account, head | body)
    return _read(account, method, fetch("POST", f"{account.gateway}?{urlencode(head)}", body))


def link(
    account: AlipayAccount, method: str, content: Mapping[str, object], now: int, *, notify_url: str, return_url: str
) -> str:
    """The signed address of a page of Alipay's, to which a browser goes."""
    whole = _head(account, method, now) | {"notify_url": notify_url, "return_url": return_url}
    whole["biz_content"] = _compact(content)
    whole["sign"] = _sign(account, whole)
    return f"{account.gateway}?{urlencode(whole)}"


def local_time(at: int) -> str:
    """A time by Alipay's clock, as its interface spells it."""
    return datetime.fromtimestamp(at, UTC).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")


def words(answer: Mapping[str, Any]) -> str:
    """What Alipay says, on one line."""
    said = " ".join(str(answer[name]) for name in ("sub_msg", "sub_code") if answer.get(name)) or str(
        answer.get("msg", "")
    )
    return "".join(letter if letter.isprintable() else " " for letter in said).strip()[:200]


def _compact(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _head(account: AlipayAccount, method: str, now: int) -> dict[str, str]:
    head = {
        "app_id": account.app_id,
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": local_time(now),
        "version": "1.0",
    }
    if account.app_serial:
        head |= {"app_cert_sn": account.app_serial, "alipay_root_cert_sn": account.root_serial}
    return head


def _sign(account: AlipayAccount, parameters: Mapping[str, str]) -> str:
    return base64.b64encode(account.key.sign(_signed(parameters).encode(), PKCS1v15(), SHA256())).decode()


def _signed(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(parameters.items()) if value and name != "sign")


def _read(account: AlipayAccount, method: str, body: bytes) -> dict[str, Any]:
    try:
        text = body.decode()
        nodes = _nodes(text)
        name = f"{method.replace('.', '_')}_response"
        start, end = nodes.get(name) or nodes["error_response"]
        serial = _text(text, nodes, "alipay_cert_sn") if account.alipay_serial else ""
        signature = _text(text, nodes, "sign")
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
