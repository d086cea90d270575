"""A small EPay provider on loopback: submit.php, mapi.php and api.php (act=order, act=query, act=refund) over real HTTP.

It knows nothing of our code. What it receives it checks with the independent package epay-sdk, and what it sends is signed by it.
Faults can be asked for a page: `server.faults["/mapi.php"] = "500"`.
"""

import json
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from epay_sdk import EPayClient, EPayConfig

KEY = "Q7mZp2Xv9LdR4tYb6WcK8sNj"
# What a shop that follows redirects, or does not look at the status, would take for an answer.
TEMPTING = b'{"code": 1, "status": 0, "payurl": "https://evil.example/"}'
HTML = b"<!doctype html><title>502</title><h1>Bad gateway</h1>"
ODD_ANSWERS = {
    "empty": b"",
    "html": HTML,
    "list": b"[]",
    "deep": b"[" * 60000,
    "repeat": b'{"code": -1, "code": 1, "payurl": "https://evil.example/"}',
    "nan": b'{"code": NaN}',
    "long": b'{"code": 1, "msg": "' + b"x" * 70000 + b'"}',
}


FAULTS = ("500", "404", "redirect", "silent", "drip", "drip headers", *ODD_ANSWERS)


class EpayServer:
    def __init__(self, merchant_id="1001", key=KEY, certificate=None):
        self.merchant_id, self.key = merchant_id, key
        self.orders, self.calls, self.addresses, self.faults, self.answers = {}, [], [], {}, {}
        self.refunds, self.stopped = {}, threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Pages)
        self._http.provider = self
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self._http.server_port}/"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.sdk = EPayClient(EPayConfig(pid=merchant_id, key=key, base_url=self.url, environment="sandbox"))

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()
        self.sdk.session.close()

    def settings(self, **changes):
        """The settings of a channel with an account here."""
        methods = ["alipay", "wxpay", "qqpay"]
        return {
            "api_url": self.url,
            "merchant_id": self.merchant_id,
            "key": self.key,
            "mode": "submit",
            "methods": methods,
        } | changes

    def pay(self, number, **changes):
        """The buyer pays. Returns the query string of the notice."""
        order = self.orders[number]
        order["status"] = 1
        notice = {name: order[name] for name in ("pid", "trade_no", "out_trade_no", "type", "name", "money")}
        notice |= {"trade_status": "TRADE_SUCCESS", "sign_type": "MD5"} | changes
        return urlencode(notice | {"sign": self.sdk.sign(notice)})

    def notify(self, number, method="GET", **changes):
        """Pay, and tell the shop at its notify address. Returns the answer's text."""
        query, address = self.pay(number, **changes), self.orders[number]["notify_url"]
        request = Request(f"{address}?{query}") if method == "GET" else Request(address, query.encode())
        with urlopen(request, timeout=10) as response:
            return response.read().decode()

    # Pages

    def pages(self):
        return {"/submit.php": self.submit, "/mapi.php": self.mapi, "/api.php": self.api}

    def seal(self, path, told):
        """What makes an answer the provider's own: the first version has nothing of the kind."""
        return told

    def submit(self, form):
        order = self._take(form)
        return f"<!doctype html><p>{order['name']} {order['money']}" if order else "sign error"

    def mapi(self, form):
        if not form.get("clientip") or form.get("device") not in ("pc", "mobile"):
            return {"code": -1, "msg": "clientip"}
        order = self._take(form)
        if order is None:
            return {"code": -1, "msg": "sign error"}
        return {"code": 1, "msg": "", "trade_no": order["trade_no"], "payurl": f"{self.url}pay/{order['trade_no']}/"}

    def api(self, form):
        if form.get("act") == "refund":
            return self.refund(form)
        if form.get("act") not in ("order", "query") or (form.get("pid"), form.get("key")) != (
            self.merchant_id,
            self.key,
        ):
            return {"code": -3, "msg": "key"}
        if form["act"] == "query":
            return {"code": 1, "pid": int(self.merchant_id), "key": self.key, "active": 1, "money": "0.00"}
        order = self.orders.get(form.get("out_trade_no"))
        return {"code": 1, "msg": "succ", **order} if order else {"code": -1, "msg": "no such order"}

    def refund(self, form):
        if (form.get("pid"), form.get("key")) != (self.merchant_id, self.key):
            return {"code": -3, "msg": "key"}
        order, money = self.orders.get(form.get("out_trade_no")), Decimal(form["money"])
        if order is None or order["trade_no"] != form.get("trade_no") or order["status"] != 1:
            return {"code": -1, "msg": "no such order"}
        before = self.refunds.get(order["trade_no"], 0)
        if money > Decimal(order["money"]) - before:
            return {"code": -1, "msg": "the order was refunded before"}
        self.refunds[order["trade_no"]] = before + money
        return {"code": 1, "msg": "refunded"}

    def _take(self, form):
        if form.get("pid") != self.merchant_id or not self.sdk.verify_sign(form):
            return None
        number = form["out_trade_no"]
        fresh = {"trade_no": f"2026{len(self.orders):016d}", "status": 0, "addtime": "2026-01-31 12:00:00"}
        return self.orders.setdefault(number, {**form, **fresh})


def certificate(folder):
    """A file with a fresh key and a certificate for 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    today = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), today, today + timedelta(1)
    )
    signed = made.add_extension(address, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    return path


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A shop that hangs up is what some tests are about."""


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        # As PHP does it: what stands in the address is there besides the form.
        self._answer(dict(parse_qsl(f"{urlsplit(self.path).query}&{body}", keep_blank_values=True)))

    def _answer(self, form):
        provider, path = self.server.provider, urlsplit(self.path).path
        provider.calls.append((self.command, path, form))
        provider.addresses.append(self.path)
        pages = provider.pages()
        if path not in pages:
            return self._send(200, TEMPTING)
        fault = provider.faults.get(path)
        if fault:
            return self._fail(fault)
        told = pages[path](form)
        if isinstance(told, dict):
            return self._send(200, json.dumps(provider.seal(path, told | provider.answers.get(path, {}))).encode())
        return self._send(200, told.encode())

    def _fail(self, fault):
        if fault == "silent":
            self.server.provider.stopped.wait(30)
        elif fault in ("drip", "drip headers"):
            head = b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if fault == "drip" else b"X-Slow: ")
            self._drip(head)
        elif fault == "redirect":
            self._send(302, b"", Location="/elsewhere")
        elif fault in ODD_ANSWERS:
            self._send(200, ODD_ANSWERS[fault])
        else:
            self._send(int(fault), TEMPTING)

    def _drip(self, head):
        self.wfile.write(head)
        while not self.server.provider.stopped.is_set():
            self.wfile.write(b" ")
            time.sleep(0.05)

    def _send(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """A test's output is not the place for an access log."""
