"""A small EPay v2 provider on loopback: submit, create, query, refund, refundquery and merchant/info over real HTTP.

It knows nothing of our code. What it receives it checks with the independent package pycryptodomex, which signs what it sends.
Faults as with `epay_server.py`; besides, `server.signs["/api/pay/query"] = "nobody"` and the like spoil one page's signature.
"""

import base64
from decimal import Decimal
from functools import cache
from urllib.parse import urlencode

from Cryptodome.Hash import SHA256
from Cryptodome.PublicKey import RSA
from Cryptodome.Signature import pkcs1_15
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fakes.epay_server import FAULTS, EpayServer

NOW = 1_790_000_000
SIGNS = ("nobody", "stranger", "tampered", "late", "early", "timeless", "md5")
DOUBTS = (*FAULTS, *SIGNS)


@cache
def key_of(owner):
    """A key of 'merchant', 'platform' or 'stranger'. Made by OpenSSL, because it is quicker."""
    made = rsa.generate_private_key(65537, 2048)
    return RSA.import_key(made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def private_text(owner, pkcs=8):
    """A private key as providers' pages show it: Base64 without a frame."""
    return base64.b64encode(key_of(owner).export_key("DER", pkcs=pkcs)).decode()


def public_text(owner):
    return base64.b64encode(key_of(owner).public_key().export_key("DER")).decode()


def _digest(values):
    left_out = ("sign", "sign_type")
    words = [f"{name}={values[name]}" for name in sorted(values) if name not in left_out and values[name] != ""]
    return SHA256.new("&".join(words).encode())


def sign(values, owner="platform"):
    signature = pkcs1_15.new(key_of(owner)).sign(_digest(values))
    return values | {"sign": base64.b64encode(signature).decode(), "sign_type": "RSA"}


def is_signed(values, owner="merchant"):
    try:
        pkcs1_15.new(key_of(owner).public_key()).verify(_digest(values), base64.b64decode(values.get("sign", "")))
    except ValueError:
        return False
    return values.get("sign_type") == "RSA"


class Epay2Server(EpayServer):
    def __init__(self):
        super().__init__()
        self.now, self.signs = NOW, {}

    def settings(self, **changes):
        """The settings of a channel with an account here."""
        keys = {"private_key": private_text("merchant"), "platform_key": public_text("platform")}
        known = {"api_url": self.url, "merchant_id": "1001", "mode": "create", "refunds": True}
        return known | keys | {"methods": ["alipay", "wxpay", "qqpay"]} | changes

    def pay(self, number, **changes):
        """The buyer pays. Returns the query string of the notice."""
        self.orders[number]["status"] = 1
        return self.notice(number, **changes)

    def notice(self, number, owner="platform", **changes):
        """A signed notice; a change to None leaves a field out."""
        order = self.orders[number]
        told = {name: order[name] for name in ("pid", "trade_no", "out_trade_no", "type", "name", "money")}
        told |= {"trade_status": "TRADE_SUCCESS", "timestamp": str(self.now), "param": "", "buyer": "2088002"}
        told |= {
            "api_trade_no": "40001249985198893",
            "addtime": "2026-01-31 12:00:00",
            "endtime": "2026-01-31 12:01:00",
        }
        return urlencode(sign({name: value for name, value in (told | changes).items() if value is not None}, owner))

    # Pages

    def pages(self):
        pay = {"create": self.create, "query": self.query, "refund": self.refund, "refundquery": self.refundquery}
        pages = {f"/api/pay/{name}": self._checked(page) for name, page in pay.items()}
        return pages | {"/api/pay/submit": self.submit, "/api/merchant/info": self._checked(self.info)}

    def seal(self, path, told):
        if str(told.get("code")) != "0":
            return told
        how = self.signs.get(path)
        skew = {"late": -301, "early": 301}.get(how, 0)
        told = {**told, "timestamp": str(self.now + skew)}
        if how == "timeless":
            del told["timestamp"]
        if how == "nobody":
            return told
        flat = {name: value for name, value in told.items() if value is not None and not isinstance(value, list | dict)}
        whole = told | sign(flat, "stranger" if how == "stranger" else "platform")
        return whole | {"tampered": {"extra": "1"}, "md5": {"sign_type": "MD5"}}.get(how, {})

    def _checked(self, page):
        def checked(form):
            if not self._knows(form):
                return {"code": -3, "msg": "RSA sign error"}
            return page(form)

        return checked

    def _knows(self, form):
        return form.get("pid") == "1001" and is_signed(form) and abs(int(form["timestamp"]) - self.now) <= 300

    def _take(self, form):
        if not self._knows(form):
            return None
        fresh = {"trade_no": f"2026{len(self.orders):016d}", "status": 0}
        return self.orders.setdefault(form["out_trade_no"], {**form, **fresh})

    def create(self, form):
        if not form.get("clientip") or form.get("method") != "web":
            return {"code": -1, "msg": "clientip"}
        order = self._take(form)
        told = {"code": 0, "trade_no": order["trade_no"], "pay_type": "jump"}
        return told | {"pay_info": f"{self.url}pay/{order['trade_no']}/"}

    def query(self, form):
        order = self.orders.get(form.get("out_trade_no"))
        if order is None:
            return {"code": -1, "msg": "订单号不存在"}
        names = ("trade_no", "out_trade_no", "type", "name", "money", "status")
        return {"code": 0, "pid": 1001, "refundmoney": None} | {name: order[name] for name in names}

    def refund(self, form):
        known = self.refunds.get(form["out_refund_no"])
        if known is None:
            order = self.orders.get(form.get("out_trade_no"))
            if order is None or order["trade_no"] != form["trade_no"] or order["status"] != 1:
                return {"code": -1, "msg": "当前订单不存在！"}
            back = sum((Decimal(one["money"]) for one in self.refunds.values()), Decimal(form["money"]))
            if back > Decimal(order["money"]):
                return {"code": -1, "msg": "退款金额超过"}
            known = {name: form[name] for name in ("out_refund_no", "trade_no", "money")}
            known |= {"refund_no": f"2027{len(self.refunds):015d}", "uid": 1001, "status": 1}
            self.refunds[form["out_refund_no"]] = known
        return {"code": 0, "msg": f"退款成功！退款金额¥{known['money']}"} | {
            k: v for k, v in known.items() if k != "status"
        }

    def refundquery(self, form):
        known = self.refunds.get(form.get("out_refund_no"))
        return {"code": 0, **known} if known else {"code": -1, "msg": "退款记录不存在"}

    def info(self, form):
        return {"code": 0, "pid": 1001, "status": 1, "money": "0.00", "settle_name": "张三"}
