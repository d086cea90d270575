"""A small USDT relay on loopback, as epusdt and BEpusdt answer on their first interface.

Signatures are those of the independent package `epusdt`: the interface signs as its EPay functions do, under the name `signature`.
"""

import json
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from epusdt import generate_epay_signature

TOKEN = "Zk4qP9mX2vB7tR5wY8nC"
WALLET = "TNEns8t9jbWENbStkQdVQtHMGpbYsSQX21"
RATE = Decimal("7.2")


def sign(told, token):
    return generate_epay_signature({name: value for name, value in told.items() if name != "signature"}, token)


class EpusdtServer:
    def __init__(self, token=TOKEN):
        self.token, self.orders, self.fault, self.answer = token, {}, None, None
        self.stopped = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Pages)
        self._http.relay = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()

    def settings(self, **changes):
        return {"api_url": self.url, "key": self.token, "network": ""} | changes

    def create(self, form):
        """(HTTP status, answer) of create-transaction."""
        if form.get("signature") != sign(form, self.token):
            return 401, {"status_code": 401, "message": "signature verification failed", "data": None}
        if form["amount"] <= 0:
            return 400, {"status_code": 10004, "message": "invalid payment amount", "data": None}
        amount = Decimal(str(form["amount"]))
        known = {
            "trade_id": f"2026{len(self.orders):016d}",
            "order_id": form["order_id"],
            "amount": form["amount"],
            "actual_amount": float((amount / RATE).quantize(Decimal("0.0001"))),
            "token": WALLET,
            "expiration_time": 1_790_000_600,
            "payment_url": f"{self.url}pay/checkout-counter/2026{len(self.orders):016d}",
        }
        self.orders[form["order_id"]] = known | {"form": form}
        return 200, {"status_code": 200, "message": "success", "data": known, "request_id": "b1344d70"}

    def notice(self, number, token=None, **changes):
        """The body of a signed notice; a change to None leaves a field out."""
        known = self.orders[number]
        told = {name: known[name] for name in ("trade_id", "order_id", "amount", "actual_amount", "token")}
        told |= {"block_transaction_id": "a" * 64, "status": 2}
        told = {name: value for name, value in (told | changes).items() if value is not None}
        return json.dumps(told | {"signature": sign(told, token or self.token)})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A shop that hangs up is what some tests are about."""


class _Pages(BaseHTTPRequestHandler):
    def do_POST(self):
        relay = self.server.relay
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = relay.create(form)
        if relay.fault == "silent":
            relay.stopped.wait(30)
        body = json.dumps(relay.answer or answer).encode()
        status, body = {
            "500": (500, body),
            "html": (200, b"<!doctype html>"),
            "empty": (200, b""),
            "list": (200, b"[1]"),
            "nested": (200, b'{"status_code":200,"data":' + b"[" * 5000),
        }.get(relay.fault, (status, body))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """A test's output is not the place for an access log."""
