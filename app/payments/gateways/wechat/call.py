"""One signed call to WeChat Pay, and its answer, believed only when WeChat Pay signed it.

https://pay.weixin.qq.com/doc/global/v3/zh/4012354982: a success without a signature has to be taken for a forgery. What WeChat Pay
does not carry out because our own signature is wrong (401) it cannot sign.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.payments.gateways.gateway import GatewayUnreachable
from app.payments.gateways.wechat.account import WechatAccount
from app.payments.gateways.wechat.parse import number_of, parse_object
from app.payments.gateways.wechat.signature import authorization, fault_of, parse_headers
from app.payments.http import Reply, exchange

MOST_WORDS = 200


class TooMany(GatewayUnreachable):
    """WeChat Pay turned the request away unread, because of its number (429)."""


class Refused(Exception):
    """WeChat Pay said no. `code` is its name for the reason, and its words are for people."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def call(
    account: WechatAccount, method: str, path: str, content: Mapping[str, object] | None = None, *, now: int
) -> dict[str, Any]:
    """The object that WeChat Pay answers; `path` begins with /v3/ and has its query with it.

    Raises Refused for a plain no, GatewayUnreachable when nothing is known, NotSent when no connection was made.
    """
    return believe(account, send(account, method, path, content, now=now), now)


def send(
    account: WechatAccount, method: str, path: str, content: Mapping[str, object] | None = None, *, now: int
) -> Reply:
    """Whatever is answered to a signed request. Raises GatewayUnreachable, NotSent when no connection was made."""
    body = b"" if content is None else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Authorization": authorization(account, method, path, body, now)}
    if content is not None:
        headers["Content-Type"] = "application/json"
    if account.key_id:
        headers["Wechatpay-Serial"] = account.key_id
    return exchange(method, account.address + path, content=body or None, headers=headers)


def believe(account: WechatAccount, reply: Reply, now: int) -> dict[str, Any]:
    """The object of an answer. Raises Refused, GatewayUnreachable."""
    if reply.status == 429:
        raise TooMany("it answers 429")
    signed = parse_headers(reply.headers)
    fault = "it is not signed" if signed is None else fault_of(account, signed, reply.body, now)
    answer = parse_object(reply.body)
    if reply.status == 200 and fault is None and answer is not None:
        return answer
    if reply.status == 200:
        raise GatewayUnreachable(f"its answer cannot be believed: {fault or 'it is no object in JSON'}")
    code, words = _words(answer or {}, reply.status)
    if 400 <= reply.status < 500 and code and (fault is None or reply.status == 401):
        raise Refused(code, words)
    raise GatewayUnreachable(words)


def _words(answer: Mapping[str, Any], status: int) -> tuple[str, str]:
    """The name of an error, "" where there is none, and what it says, on one line."""
    code, message = number_of(answer, "code") or "", answer.get("message")
    said = f"{message if isinstance(message, str) else ''} {code}".strip() or f"it answers {status}"
    return code, "".join(letter if letter.isprintable() else " " for letter in said).strip()[:MOST_WORDS]
