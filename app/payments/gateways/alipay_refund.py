"""Sending money back: `alipay.trade.refund`. A number sent twice is one refund, and `alipay.trade.fastpay.refund.query` tells of it."""

from app.money import parse_fen, yuan
from app.payments.alipay.account import AlipayAccount
from app.payments.alipay.call import call, words
from app.payments.gateways.gateway import GatewayUnreachable, NotSent, RefundAnswer, RefundWanted

_NO = ("40002", "40004", "40006")


def send_refund(account: AlipayAccount, wanted: RefundWanted) -> RefundAnswer:
    """Ask Alipay to send money back; whatever is not a plain yes is asked after. Raises NotSent when no connection was made."""
    content = {
        "out_trade_no": wanted.payment_number,
        "trade_no": wanted.trade_number,
        "out_request_no": wanted.refund_number,
        "refund_amount": yuan(wanted.amount_fen),
    }
    try:
        answer = call(account, "alipay.trade.refund", content, wanted.now)
    except NotSent:
        raise
    except GatewayUnreachable as error:
        return _look(account, wanted, RefundAnswer("doubtful", reason=str(error)))
    if answer.get("code") == "10000" and answer.get("out_trade_no") == wanted.payment_number:
        if answer.get("fund_change") == "Y":
            return RefundAnswer("done", wanted.refund_number)
        return _look(account, wanted, RefundAnswer("doubtful", reason="Alipay says that no money moved"))
    said = words(answer)
    sub_code = str(answer.get("sub_code", ""))
    is_no = answer.get("code") in _NO and sub_code and "SYSTEM_ERROR" not in sub_code
    return _look(account, wanted, RefundAnswer("failed" if is_no else "doubtful", reason=said))


def _look(account: AlipayAccount, wanted: RefundWanted, otherwise: RefundAnswer) -> RefundAnswer:
    """What Alipay knows of the refund; `otherwise` where it knows nothing. A no is believed only if it knows nothing."""
    content = {
        "out_trade_no": wanted.payment_number,
        "trade_no": wanted.trade_number,
        "out_request_no": wanted.refund_number,
    }
    try:
        answer = call(account, "alipay.trade.fastpay.refund.query", content, wanted.now)
    except GatewayUnreachable as error:
        return RefundAnswer("doubtful", reason=f"{otherwise.reason}; {error}"[:200])
    if answer.get("code") == "10000" and answer.get("refund_status") == "REFUND_SUCCESS":
        try:
            fits = parse_fen(str(answer.get("refund_amount"))) == wanted.amount_fen
        except ValueError:
            fits = False
        if fits and answer.get("out_request_no") == wanted.refund_number:
            return RefundAnswer("done", wanted.refund_number)
        return RefundAnswer("doubtful", reason="Alipay knows another refund under this number")
    if answer.get("code") == "10000" or answer.get("sub_code") in ("TRADE_NOT_EXIST", "ACQ.TRADE_NOT_EXIST"):
        return otherwise
    return RefundAnswer("doubtful", reason=f"{otherwise.reason}; {words(answer)}"[:200])
