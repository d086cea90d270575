"""Sending money back through an EPay v2 provider: `api/pay/refund` once, and `api/pay/refundquery` where its answer leaves a doubt.

Our number of the refund goes with it, and the provider tells of it by that number.
"""

from collections.abc import Mapping

from app.money import parse_fen, yuan
from app.payments.gateways.epay2_call import Refused, call
from app.payments.gateways.epay_answer import TRADE_NUMBER, either
from app.payments.gateways.gateway import GatewayUnreachable, NotSent, RefundAnswer, RefundWanted, Settings


def send_refund(settings: Settings, wanted: RefundWanted) -> RefundAnswer:
    """Ask the provider to send `amount_fen` of a payment back. Raises NotSent when no connection was made."""
    form = {
        "trade_no": wanted.trade_number,
        "out_trade_no": wanted.payment_number,
        "out_refund_no": wanted.refund_number,
        "money": yuan(wanted.amount_fen),
    }
    try:
        answer = call(settings, "pay/refund", form, wanted.now)
    except NotSent:
        raise
    except Refused as error:
        return _look(settings, wanted, RefundAnswer("failed", reason=str(error)))
    except GatewayUnreachable as error:
        return _look(settings, wanted, RefundAnswer("doubtful", reason=str(error)))
    if _is_about(answer, wanted):
        return RefundAnswer("done", either(TRADE_NUMBER, answer.get("refund_no")))
    return _look(settings, wanted, RefundAnswer("doubtful", reason="its yes is about another refund"))


def _look(settings: Settings, wanted: RefundWanted, otherwise: RefundAnswer) -> RefundAnswer:
    """What the provider knows of the refund; `otherwise` where it knows of none, or of one that did not succeed."""
    try:
        answer = call(settings, "pay/refundquery", {"out_refund_no": wanted.refund_number}, wanted.now)
    except Refused:
        return otherwise
    except GatewayUnreachable as error:
        return RefundAnswer("doubtful", reason=f"{otherwise.reason}; {error}"[:200])
    if not _is_about(answer, wanted):
        return RefundAnswer("doubtful", reason="the provider knows another refund under this number")
    if answer.get("status") == "1":
        return RefundAnswer("done", either(TRADE_NUMBER, answer.get("refund_no")))
    # 0 is what a refund begins with and what a failed one keeps: after a plain no it has failed, after silence nobody knows.
    return otherwise if answer.get("status") == "0" else RefundAnswer("doubtful", reason=otherwise.reason)


def _is_about(answer: Mapping[str, str], wanted: RefundWanted) -> bool:
    try:
        amount_fen = parse_fen(answer.get("money", ""))
    except ValueError:
        return False
    told = (answer.get("out_refund_no"), answer.get("trade_no"), amount_fen)
    return told == (wanted.refund_number, wanted.trade_number, wanted.amount_fen)
