"""A small WeChat Pay on loopback, API v3: Native, H5, query, refund and refund query over real HTTP, and sealed notices.

It knows nothing of our code. Requests are checked, answers and notices signed, with the independent package wechatpayv3; notices are
sealed with pycryptodome. Faults can be asked for a method: `server.faults["POST"] = "500"`; `"lost"` does the work and answers
nothing that anybody understands.
"""

import base64
import json
import re
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qsl

from Cryptodome.Cipher import AES
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.utils import rsa_sign, rsa_verify

from tests.fakes.epay_server import HTML, ODD_ANSWERS

NOW = 1_790_000_000
APP_ID, MERCHANT = "wxd678ef0567a06787", "1900007291"
SECRET = "k7Qm2Zp9Xv4LdR8tYb3WcK6sNj5HgF1e"
SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
KEY_ID = "PUB_KEY_ID_0119000072912026112300211700001234"
FAULTS = (
    "500", "502", "redirect", "silent", "drip", "unsigned", "tampered", "foreign key", "foreign serial", "old", "early", "probe",
    *ODD_ANSWERS,
)  # fmt: skip
_AUTHORIZATION = re.compile(
    r'WECHATPAY2-SHA256-RSA2048 mchid="([0-9]+)",nonce_str="([0-9A-Za-z]{1,32})",signature="([0-9A-Za-z+/=]+)",'
    r'timestamp="([0-9]+)",serial_no="([0-9A-F]{40})"'
)
APP_SECRET = "4f1c9a7e2b6d8053c1e7f4a9b2d60835"
_KNOWN = {"appid", "mchid", "description", "out_trade_no", "time_expire", "notify_url", "amount"}


class No(Exception):
    """An error as WeChat Pay answers it."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.told = status, {"code": code, "message": message}


class Papers:
    """Keys and a platform certificate, made once: they take a second."""

    def __init__(self):
        self.merchant_key, self.wechat_key, self.foreign_key = (rsa.generate_private_key(65537, 2048) for _ in range(3))
        self.platform = issue(self.wechat_key)


@cache
def papers():
    """The papers of this run."""
    return Papers()


def issue(key, serial=None):
    """A certificate as WeChat Pay makes them."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com Root CA")])
    today = datetime.now(UTC)
    # A serial number that begins with a zero is written with it.
    number = serial or int("0" + "A7C4" * 9 + "123", 16)
    return x509.CertificateBuilder(name, name, key.public_key(), number, today, today + timedelta(365)).sign(
        key, hashes.SHA256()
    )


def private_pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def certificate_pem(certificate):
    return certificate.public_bytes(Encoding.PEM).decode()


class WechatServer:
    def __init__(self, now=NOW):
        self.papers, self.now, self.clock_off = papers(), now, 0
        self.orders, self.refunds, self.calls = {}, {}, []
        self.codes = {}
        self.faults, self.answer, self.refund_status, self.settles = {}, None, "SUCCESS", False
        self.with_certificates, self.stopped, self.numbers = False, threading.Event(), count(1)
        self._http = _Server(("127.0.0.1", 0), _Pages)
        self._http.provider = self
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()

    def settings(self, **changes):
        """The settings of an account here."""
        known = {"app_id": APP_ID, "merchant_id": MERCHANT, "secret": SECRET, "serial": SERIAL, "api_url": self.url}
        known |= {"private_key": private_pem(self.papers.merchant_key), "trust": "key", "key_id": KEY_ID, "h5": True}
        known |= {
            "wechat_key": public_pem(self.papers.wechat_key),
            "certificates": certificate_pem(self.papers.platform),
        }
        return known | changes

    def client(self):
        """The SDK's own client, as a merchant would set it up."""
        client = WeChatPay(
            WeChatPayType.NATIVE, MERCHANT, private_pem(self.papers.merchant_key), SERIAL, APP_ID, SECRET,
            "https://shop.example.com/n", public_key=public_pem(self.papers.wechat_key), public_key_id=KEY_ID,
        )  # fmt: skip
        client._core._gate_way = self.url
        return client

    @property
    def serial(self):
        return f"{self.papers.platform.serial_number:040X}" if self.with_certificates else KEY_ID

    # What happens at WeChat Pay, and what it tells of it

    def pay(self, number):
        self.orders[number]["trade_state"] = "SUCCESS"

    def opened(self, number, total=10000):
        """A payment that was made here, without asking."""
        told = {
            "appid": APP_ID,
            "mchid": MERCHANT,
            "out_trade_no": number,
            "amount": {"total": total, "currency": "CNY"},
        }
        self._place(told, "NATIVE")
        self.pay(number)

    def payment(self, number, **changes):
        """What is told of a payment that was made; a change to None leaves a field out."""
        order = self.orders[number]
        total = order["amount"]["total"]
        told = {
            "mchid": MERCHANT, "appid": APP_ID, "out_trade_no": number, "transaction_id": order["transaction_id"],
            "trade_type": order["trade_type"], "trade_state": order["trade_state"], "trade_state_desc": "支付成功",
            "bank_type": "OTHERS", "attach": "", "success_time": china(self.now), "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
            "amount": {"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"},
        }  # fmt: skip
        return {name: value for name, value in (told | changes).items() if value is not None}

    def refund(self, number, fen, out_refund_no=None, status="SUCCESS"):
        """Somebody refunds at WeChat Pay's own page, which invents a number; or the shop does, with its own."""
        order = self.orders[number]
        made = {
            "refund_id": f"5030000{next(self.numbers):021d}", "out_refund_no": out_refund_no or f"PLATFORM{next(self.numbers)}",
            "transaction_id": order["transaction_id"], "out_trade_no": number, "channel": "ORIGINAL",
            "user_received_account": "支付用户零钱", "create_time": china(self.now), "status": status, "funds_account": "AVAILABLE",
            "amount": {
                "total": order["amount"]["total"], "refund": fen, "payer_total": order["amount"]["total"], "payer_refund": fen,
                "settlement_refund": fen, "settlement_total": order["amount"]["total"], "discount_refund": 0, "currency": "CNY",
            },
        }  # fmt: skip
        self.refunds[made["out_refund_no"]] = made
        return made

    def refunded(self, refund, status="SUCCESS", **changes):
        """What is told of a refund."""
        names = ("out_trade_no", "transaction_id", "out_refund_no", "refund_id", "user_received_account")
        amounts = {name: refund["amount"][name] for name in ("total", "refund", "payer_total", "payer_refund")}
        told = {"mchid": MERCHANT, **{name: refund[name] for name in names}, "refund_status": status, "amount": amounts}
        return {name: value for name, value in (told | changes).items() if value is not None}

    def sealed(self, kind, thing, *, secret=SECRET, flip=False, original="transaction", **changes):
        """The body of a notice."""
        text = thing if isinstance(thing, bytes) else json.dumps(thing, ensure_ascii=False).encode()
        box = AES.new(secret.encode(), AES.MODE_GCM, nonce=b"fdasflkja484")
        box.update(original.encode())
        shut, tag = box.encrypt_and_digest(text)
        tag = bytes([tag[0] ^ 1]) + tag[1:] if flip else tag
        whole = {
            "id": "EV-2018022511223320873", "create_time": china(self.now), "resource_type": "encrypt-resource",
            "event_type": kind, "summary": "支付成功",
            "resource": {
                "original_type": original, "algorithm": "AEAD_AES_256_GCM", "ciphertext": base64.b64encode(shut + tag).decode(),
                "associated_data": original, "nonce": "fdasflkja484",
            },
        }  # fmt: skip
        return json.dumps(whole | changes, ensure_ascii=False).encode()

    def headers(self, body, *, at=None, key=None, serial=None, nonce="EcArMbAvAH9eDLRNzcTUkZ5Lf8Tc4A0W"):
        """The headers that sign an answer or a notice."""
        at = str(self.now if at is None else at)
        signature = rsa_sign(key or self.papers.wechat_key, f"{at}\n{nonce}\n{body.decode()}\n")
        told = {"Timestamp": at, "Nonce": nonce, "Signature": signature, "Serial": serial or self.serial}
        told["Signature-Type"] = "WECHATPAY2-SHA256-RSA2048"
        return {f"Wechatpay-{name}": value for name, value in told.items()}

    # Pages

    def take(self, method, path, body, headers):
        """(status, object) for a request."""
        if path.startswith("/sns/"):
            return 200, self._identity(path)
        try:
            self._check(method, path, body, headers)
            return 200, self.answer or self._page(method, path, json.loads(body or "{}"))
        except No as no:
            return no.status, no.told

    def _identity(self, path):
        """Who a code of the official account's names; it does once (developers.weixin.qq.com, snsapi_base)."""
        address, _mark, query = path.partition("?")
        asked = dict(parse_qsl(query))
        known = {"appid": APP_ID, "secret": APP_SECRET, "grant_type": "authorization_code"}
        if address != "/sns/oauth2/access_token" or asked | known != asked:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        open_id = self.codes.pop(asked["code"], None)
        if open_id is None:
            return {"errcode": 40163, "errmsg": "code been used"}
        return {"access_token": "ACCESS_TOKEN", "expires_in": 7200, "openid": open_id, "scope": "snsapi_base"}

    def _check(self, method, path, body, headers):
        found = _AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
        if found is None:
            raise No(401, "SIGN_ERROR", "Http头Authorization值格式错误")
        merchant, nonce, signature, at, serial = found.groups()
        head = f"{method}\n{path}\n{at}"
        if (merchant, serial) != (MERCHANT, SERIAL) or not rsa_verify(
            head, nonce, body, signature, self.papers.merchant_key.public_key()
        ):
            raise No(401, "SIGN_ERROR", "签名错误，请检查后再试")
        if abs(int(at) - self.now - self.clock_off) > 300:
            raise No(401, "SIGN_ERROR", "请求时间戳已过期")
        asked = headers.get("Wechatpay-Serial")
        if asked is not None and asked != KEY_ID:
            raise No(400, "PARAM_ERROR", "Wechatpay-Serial")
        if method == "POST" and headers.get("Content-Type") != "application/json":
            raise No(415, "PARAM_ERROR", "Content-Type")

    def _page(self, method, path, told):
        if method == "POST" and path in (
            "/v3/pay/transactions/native",
            "/v3/pay/transactions/h5",
            "/v3/pay/transactions/jsapi",
        ):
            return self._start(told, path.rpartition("/")[2])
        if method == "POST" and path == "/v3/refund/domestic/refunds":
            return self._refund(told)
        if method == "GET" and path.startswith("/v3/pay/transactions/out-trade-no/"):
            number, _mark, query = path.rpartition("/")[2].partition("?")
            if query != f"mchid={MERCHANT}":
                raise No(400, "PARAM_ERROR", "mchid")
            return self._order(number)
        if method == "GET" and path.startswith("/v3/refund/domestic/refunds/"):
            return self._refund_known(path.rpartition("/")[2])
        raise No(404, "NOT_FOUND", "路径错误")

    def _start(self, told, kind):
        own = {"h5": {"scene_info"}, "jsapi": {"payer"}}.get(kind, set())
        extra = (set(told) - _KNOWN) ^ own
        if extra or set(told) < _KNOWN - {"time_expire"} or not 6 <= len(told["out_trade_no"]) <= 32:
            raise No(400, "PARAM_ERROR", f"无法将JSON输入源映射到目标字段 {extra}")
        until = datetime.strptime(told["time_expire"], "%Y-%m-%dT%H:%M:%S%z").timestamp()
        if until < self.now + 60 or told["appid"] != APP_ID or told["mchid"] != MERCHANT:
            raise No(400, "PARAM_ERROR", "time_expire")
        if kind == "h5" and set(told["scene_info"]) != {"payer_client_ip", "h5_info"}:
            raise No(400, "PARAM_ERROR", "scene_info")
        known = self.orders.get(told["out_trade_no"])
        if known is not None and known["amount"] != told["amount"]:
            raise No(400, "INVALID_REQUEST", "201 商户订单号重复")
        if known is not None and known["trade_state"] == "SUCCESS":
            raise No(400, "ORDERPAID", "该订单已支付")
        trade_type = {"h5": "MWEB", "jsapi": "JSAPI"}.get(kind, "NATIVE")
        if known is not None and known["trade_type"] != trade_type:
            raise No(400, "INVALID_REQUEST", "201 商户订单号重复")
        self._place(told, trade_type)
        if kind == "jsapi":
            if not told["payer"]["openid"].startswith("oUpF8u"):
                raise No(400, "PARAM_ERROR", "appid和openid不匹配")
            return {"prepay_id": "wx201410272009395522657a690389285100"}
        if kind == "h5":
            return {
                "h5_url": "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2016121516420242444321&package=1405"
            }
        return {"code_url": f"weixin://wxpay/bizpayurl?pr={told['out_trade_no']}"}

    def _place(self, told, trade_type):
        fresh = {
            "trade_state": "NOTPAY",
            "transaction_id": f"4200{len(self.orders) + 1:024d}",
            "trade_type": trade_type,
        }
        self.orders[told["out_trade_no"]] = told | fresh

    def _order(self, number):
        if number not in self.orders:
            raise No(404, "ORDER_NOT_EXIST", "订单不存在")
        if self.orders[number]["trade_state"] == "NOTPAY":
            names = ("transaction_id", "bank_type", "success_time", "payer", "amount")
            return self.payment(number, **dict.fromkeys(names), trade_state_desc="订单未支付")
        return self.payment(number)

    def _refund(self, told):
        if set(told) - {"notify_url"} != {"transaction_id", "out_refund_no", "amount"} or set(told["amount"]) != {
            "refund",
            "total",
            "currency",
        }:
            raise No(400, "PARAM_ERROR", "参数错误")
        found = [one for one, order in self.orders.items() if order["transaction_id"] == told["transaction_id"]]
        if not found:
            raise No(404, "RESOURCE_NOT_EXISTS", "订单不存在")
        known = self.refunds.get(told["out_refund_no"])
        if known is not None and known["amount"]["refund"] != told["amount"]["refund"]:
            raise No(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
        if known is not None:
            return known
        before = sum(one["amount"]["refund"] for one in self.refunds.values() if one["out_trade_no"] == found[0])
        order = self.orders[found[0]]
        if told["amount"]["total"] != order["amount"]["total"] or order["trade_state"] != "SUCCESS":
            raise No(400, "INVALID_REQUEST", "订单金额不一致")
        if before + told["amount"]["refund"] > order["amount"]["total"]:
            raise No(403, "NOT_ENOUGH", "退款金额大于可退金额")
        made = dict(self.refund(found[0], told["amount"]["refund"], told["out_refund_no"], self.refund_status))
        if self.settles:
            self.refunds[told["out_refund_no"]]["status"] = "SUCCESS"
        return made

    def _refund_known(self, number):
        if number not in self.refunds:
            raise No(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return self.refunds[number]


def china(at):
    return datetime.fromtimestamp(at, timezone(timedelta(hours=8))).isoformat()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A shop that hangs up is what some tests are about."""


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def _answer(self, method):
        provider, body = self.server.provider, self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        provider.calls.append((method, self.path, json.loads(body or "{}"), self.headers))
        fault = provider.faults.get(method)
        if fault in ("500", "502", "429", "redirect", "silent", "drip", *ODD_ANSWERS):
            return self._fail(fault)
        status, told = provider.take(method, self.path, body, self.headers)
        text = json.dumps(told, ensure_ascii=False).encode()
        # What is refused for its signature cannot be answered with one.
        return self._send(status, text, {} if status == 401 else self._signed(text, fault), fault)

    def _signed(self, text, fault):
        provider = self.server.provider
        changes = {
            "foreign key": {"key": provider.papers.foreign_key}, "foreign serial": {"serial": "PUB_KEY_ID_0000000000000001"},
            "old": {"at": provider.now - 301}, "early": {"at": provider.now + 301},
        }.get(fault, {})  # fmt: skip
        told = provider.headers(text, **changes)
        if fault == "probe":
            told["Wechatpay-Signature"] = "WECHATPAY/SIGNTEST/" + told["Wechatpay-Signature"][19:]
        return {} if fault == "unsigned" else told

    def _fail(self, fault):
        provider = self.server.provider
        if fault == "silent":
            provider.stopped.wait(30)
        elif fault == "drip":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
            while not provider.stopped.is_set():
                self.wfile.write(b" ")
                time.sleep(0.05)
        elif fault == "redirect":
            self._send(302, b"", {"Location": "/v3/certificates"})
        elif fault in ODD_ANSWERS:
            self._send(200, ODD_ANSWERS[fault], self._signed(ODD_ANSWERS[fault], None))
        else:
            text = json.dumps({"code": "SYSTEM_ERROR", "message": "系统错误"}).encode()
            self._send(int(fault), text, self._signed(text, None))

    def _send(self, status, body, headers, fault=None):
        if fault == "lost":
            status, body = 200, HTML
        elif fault == "tampered":
            body = body.replace(b'"', b' "', 1)
        self.send_response_only(status)
        provider = self.server.provider
        for name, value in {"Date": formatdate(provider.now + provider.clock_off, usegmt=True), **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """A test's output is not the place for an access log."""
