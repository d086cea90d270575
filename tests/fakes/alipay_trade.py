"""A small Alipay on loopback that takes payments: precreate, wap and page links, query, refund, refund query, and notices.

Like `alipay_server.py` it checks what it gets, and signs what it says, with the independent package python-alipay-sdk.
"""

import json
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.alipay_server import APP_ID, AlipayServer, bare

SELLER_ID = "2088000000000001"
PAGES = ("alipay.trade.wap.pay", "alipay.trade.page.pay")


def public_text(key):
    """A public key as Alipay's page shows it: Base64 without a frame."""
    der = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return "".join(der.splitlines()[1:-1])


class AlipayTrade(AlipayServer):
    def __init__(self):
        super().__init__()
        self.trades, self.refunds, self.with_certificates = {}, {}, False

    def settings(self, **changes):
        """The settings of an account here, by plain keys."""
        papers = super().settings()
        known = {"app_id": APP_ID, "seller_id": SELLER_ID, "private_key": bare(self.papers.app_key), "trust": "keys"}
        known |= {"alipay_key": public_text(self.papers.alipay_key), "desk": "qr", "gateway": self.url}
        known |= {name: papers[name] for name in ("app_certificate", "alipay_certificate", "root_certificate")}
        return known | changes

    # What Alipay does

    def take(self, form):
        if not form.get("method", "").startswith("alipay.trade"):
            return super().take(form)
        name = f"{form['method'].replace('.', '_')}_response"
        signed = {key: value for key, value in form.items() if key != "sign"}
        if form.get("app_id") != APP_ID or not self._is_signed(signed, form.get("sign", "")):
            return name, {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"}
        if self.answer is not None:
            return name, self.answer
        act = {
            "alipay.trade.precreate": self._precreate,
            "alipay.trade.query": self._trade,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._refund_query,
        }[form["method"]]
        return name, act(json.loads(form["biz_content"]), form)

    def body(self, name, answer):
        whole = super().body(name, answer)
        return whole if self.with_certificates else whole.replace(b'"alipay_cert_sn":"', b'"other":"')

    def open(self, link):
        """Follow a link to Alipay's page as a browser does; the number of the payment, None where the signature is wrong."""
        form = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
        signed = {key: value for key, value in form.items() if key != "sign"}
        if form["method"] not in PAGES or not self._is_signed(signed, form["sign"]):
            return None
        return self._open(json.loads(form["biz_content"]), form)

    def _open(self, content, form):
        number = content["out_trade_no"]
        fresh = {"trade_no": f"2026{len(self.trades):024d}", "status": "WAIT_BUYER_PAY", "back": Decimal(0)}
        self.trades.setdefault(number, fresh | {"content": content, "form": form})
        return number

    def _precreate(self, content, form):
        number = self._open(content, form)
        told = {"code": "10000", "msg": "Success", "out_trade_no": number}
        return told | {"qr_code": f"https://qr.alipay.com/{number.lower()}"}

    def pay(self, number):
        self.trades[number]["status"] = "TRADE_SUCCESS"

    def _trade(self, content, form):
        trade = self.trades.get(content["out_trade_no"])
        if trade is None:
            return {
                "code": "40004",
                "msg": "Business Failed",
                "sub_code": "ACQ.TRADE_NOT_EXIST",
                "sub_msg": "交易不存在",
            }
        told = {"code": "10000", "msg": "Success", "out_trade_no": content["out_trade_no"]}
        told |= {"trade_no": trade["trade_no"], "trade_status": trade["status"]}
        return told | {"total_amount": trade["content"]["total_amount"]}

    def _refund(self, content, form):
        trade = self.trades.get(content["out_trade_no"])
        if trade is None or trade["status"] not in ("TRADE_SUCCESS", "TRADE_CLOSED"):
            return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        amount, known = Decimal(content["refund_amount"]), self.refunds.get(content["out_request_no"])
        told = {"code": "10000", "msg": "Success", "out_trade_no": content["out_trade_no"]}
        if known is None:
            if trade["back"] + amount > Decimal(trade["content"]["total_amount"]):
                return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"}
            trade["back"] += amount
            self.refunds[content["out_request_no"]] = amount
            if trade["back"] == Decimal(trade["content"]["total_amount"]):
                trade["status"] = "TRADE_CLOSED"
        return told | {"refund_fee": f"{trade['back']:.2f}", "fund_change": "N" if known is not None else "Y"}

    def _refund_query(self, content, form):
        known = self.refunds.get(content["out_request_no"])
        told = {"code": "10000", "msg": "Success"}
        if known is None:
            return told
        told |= {"out_request_no": content["out_request_no"], "refund_amount": f"{known:.2f}"}
        return told | {"refund_status": "REFUND_SUCCESS"}

    def notice(self, number, key=None, **changes):
        """The body of a signed notice about a payment; a change to None leaves a field out."""
        trade = self.trades[number]
        told = {
            "notify_time": "2026-01-31 12:00:01",
            "notify_type": "trade_status_sync",
            "notify_id": "2026013100222120000000000000001",
            "charset": "utf-8",
            "version": "1.0",
            "app_id": APP_ID,
            "seller_id": SELLER_ID,
            "out_trade_no": number,
            "trade_no": trade["trade_no"],
            "trade_status": trade["status"],
            "total_amount": trade["content"]["total_amount"],
            "subject": trade["content"]["subject"],
            "gmt_payment": "2026-01-31 12:00:00",
            "fund_bill_list": '[{"amount":"100.00","fundChannel":"ALIPAYACCOUNT"}]',
        }
        told = {name: value for name, value in (told | changes).items() if value is not None}
        return urlencode(told | {"sign_type": "RSA2", "sign": self.sign(told, key)})

    def sign(self, told, key=None):
        message = "&".join(f"{name}={value}" for name, value in sorted(told.items()))
        return self._sdk(key or self.papers.alipay_key)._sign(message)
