"""Sending money to an Alipay account: `alipay.fund.trans.uni.transfer`, and what became of it: `alipay.fund.trans.common.query`.

A number sent twice is one transfer to Alipay, so a doubtful one is asked for and, where Alipay knows nothing, sent again under
the same number with the same content.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.money import yuan
from app.payments.alipay.account import AlipayAccount
from app.payments.alipay.call import call
from app.payments.gateways.gateway import GatewayUnreachable, NotSent

LEAST_FEN = 10
_NATURE = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
_REFERENCE = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
# Codes of an answer by which Alipay says no: arguments missing, arguments wrong, business failed, no permission.
_NO = ("40001", "40002", "40004", "40006")


@dataclass(frozen=True)
class Transfer:
    """Money to send, under a number that stands for it for good."""

    number: str
    account: str
    name: str
    amount_fen: int
    title: str


@dataclass(frozen=True)
class TransferAnswer:
    """'done', 'failed' (nothing was sent), 'waiting' (nobody knows yet) or 'unknown' (Alipay has no such transfer)."""

    state: str
    reference: str | None = None
    reason: str = ""


def send_transfer(account: AlipayAccount, transfer: Transfer, *, was_tried: bool, now: int) -> TransferAnswer:
    """Send a transfer, or find out what became of it where it `was_tried` before. Raises NotSent when nothing was said.

    A no is believed when Alipay, asked after the number, does not know of it either.
    """
    if was_tried:
        found = query_transfer(account, transfer.number, now)
        if found.state != "unknown":
            return found
    try:
        answer = call(account, "alipay.fund.trans.uni.transfer", _content(account, transfer), now)
    except NotSent:
        raise
    except GatewayUnreachable as error:
        return TransferAnswer("waiting", reason=str(error))
    sent = _read(answer, transfer.number)
    if sent.state != "failed":
        return sent
    found = query_transfer(account, transfer.number, now)
    return sent if found.state == "unknown" else found


def query_transfer(account: AlipayAccount, number: str, now: int) -> TransferAnswer:
    """What Alipay knows of a transfer. Never raises."""
    try:
        answer = call(account, "alipay.fund.trans.common.query", _NATURE | {"out_biz_no": number}, now)
    except GatewayUnreachable as error:
        return TransferAnswer("waiting", reason=str(error))
    if answer.get("code") == "40004" and answer.get("sub_code") == "ORDER_NOT_EXIST":
        return TransferAnswer("unknown", reason=_words(answer))
    found = _read(answer, number)
    # That it may not be asked says nothing of the transfer.
    return TransferAnswer("waiting", reason=found.reason) if answer.get("code") != "10000" else found


def _content(account: AlipayAccount, transfer: Transfer) -> dict[str, object]:
    content: dict[str, object] = _NATURE | {
        "out_biz_no": transfer.number,
        "trans_amount": yuan(transfer.amount_fen),
        "order_title": transfer.title,
        "remark": transfer.number,
        "payee_info": {"identity": transfer.account, "identity_type": "ALIPAY_LOGON_ID", "name": transfer.name},
    }
    if account.scene:
        # Who opened the product since 2026 has to say in which of its agreed scenes money is sent.
        content["transfer_scene_name"] = account.scene
        content["transfer_scene_report_infos"] = [
            {"info_type": f"{account.scene}说明", "info_content": transfer.title[:32]}
        ]
    return content


def _read(answer: Mapping[str, Any], number: str) -> TransferAnswer:
    if answer.get("code") == "10000":
        return _state(answer, number)
    sub_code = answer.get("sub_code")
    is_no = answer.get("code") in _NO and isinstance(sub_code, str) and "SYSTEM_ERROR" not in sub_code.upper()
    return TransferAnswer("failed" if is_no else "waiting", reason=_words(answer))


def _state(answer: Mapping[str, Any], number: str) -> TransferAnswer:
    status, reference = answer.get("status"), answer.get("order_id")
    if answer.get("out_biz_no", number) != number:
        return TransferAnswer("waiting", reason="its answer is about another transfer")
    if status == "SUCCESS" and isinstance(reference, str) and _REFERENCE.fullmatch(reference):
        return TransferAnswer("done", reference)
    if status in ("FAIL", "REFUND"):
        return TransferAnswer("failed", reason=_words(answer) or f"status {status}")
    return TransferAnswer("waiting", reason=f"Alipay is at work on it ({_line(status)})")


def _words(answer: Mapping[str, Any]) -> str:
    said = (answer.get(name) for name in ("fail_reason", "sub_msg", "error_code", "sub_code"))
    return " ".join(_line(text) for text in said if text)[:200] or _line(answer.get("msg"))


def _line(text: object) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in str(text)).strip()[:120]
