"""A small Stripe on loopback: Checkout Sessions, refunds and the balance over real HTTP, and signed events.

It knows nothing of our code. Which parameters there are it takes from Stripe's own library, which signs its events as well; and
that library can talk to it (tests/payments/test_stripe_fake.py). Objects have the shapes of https://docs.stripe.com/api. Faults can
be asked for a path: `server.faults["/v1/refunds"] = "500"`; `"lost"` does the work and answers nothing anybody understands.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qsl, urlsplit

import stripe
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from tests.fakes.epay_server import HTML, ODD_ANSWERS

NOW = 1_790_000_000
KEY = "sk_test_51Qm4ZxTvB8nRk2LwYc7HdPs9"
SECRET = "whsec_k3Vq8ZtY1nRbW5xLmC7dHs2pJf9GuTe4"
FAULTS = ("500", "502", "409", "redirect", "silent", "drip", *ODD_ANSWERS)


class No(Exception):
    """An error as Stripe answers it."""

    def __init__(self, status, kind, message, code=None):
        super().__init__(message)
        self.status, self.error = status, {"type": kind, "message": message, "code": code}


class StripeServer:
    def __init__(self, key=KEY, secret=SECRET, now=NOW):
        self.key, self.secret, self.now = key, secret, now
        self.sessions, self.refunds, self.kept = {}, {}, {}
        self.calls, self.faults, self.answers, self.numbers = [], {}, {}, count(1)
        self.refund_status, self.stopped = "succeeded", threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Pages)
        self._http.provider = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def livemode(self):
        return "_live_" in self.key

    def settings(self, **changes):
        """The settings of a channel with an account here."""
        return {"secret_key": self.key, "signing_secret": self.secret, "api_url": self.url} | changes

    # What happens at Stripe, and what it tells of it

    def session_of(self, payment_number):
        found = [one for one in self.sessions.values() if one["client_reference_id"] == payment_number]
        assert len(found) == 1, f"{len(found)} sessions for {payment_number}"
        return found[0]

    def pay(self, payment_number, kind="checkout.session.completed", payment_status="paid"):
        """The buyer pays on Stripe's page. Returns the event."""
        session = self.session_of(payment_number)
        session["payment_intent"] = session["payment_intent"] or self._id("pi")
        session |= {"status": "complete", "payment_status": payment_status, "url": None}
        return self.event(kind, session)

    def refund(self, payment_intent, amount, status="succeeded", metadata=None):
        """Somebody refunds on Stripe's page. Returns the refund."""
        number = self._id("re")
        self.refunds[number] = {
            "id": number, "object": "refund", "amount": amount, "balance_transaction": self._id("txn"),
            "charge": self._id("ch"), "created": self.now, "currency": self._session(payment_intent)["currency"],
            "destination_details": {"card": {"type": "refund"}, "type": "card"}, "metadata": metadata or {},
            "payment_intent": payment_intent, "reason": None, "receipt_number": None, "source_transfer_reversal": None,
            "status": status, "transfer_reversal": None,
        }  # fmt: skip
        return self.refunds[number]

    def dispute(self, payment_intent, amount, reason="fraudulent"):
        """The buyer's bank disputes a payment. Returns the event."""
        thing = {
            "id": self._id("du"), "object": "dispute", "amount": amount, "balance_transactions": [],
            "charge": self._id("ch"), "created": self.now, "currency": self._session(payment_intent)["currency"],
            "evidence": {}, "evidence_details": {"due_by": self.now + 604800, "has_evidence": False},
            "is_charge_refundable": False, "livemode": self.livemode, "metadata": {},
            "payment_intent": payment_intent, "reason": reason, "status": "needs_response",
        }  # fmt: skip
        return self.event("charge.dispute.created", thing)

    def event(self, kind, thing, **changes):
        return {
            "id": self._id("evt"), "object": "event", "api_version": "2026-10-28.endive", "created": self.now,
            "data": {"object": thing}, "livemode": self.livemode, "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None}, "type": kind,
        } | changes  # fmt: skip

    def signed(self, event, at=None, secret=None):
        """(body, headers) of a delivery, signed by Stripe's own library."""
        body = json.dumps(event, indent=2)
        signature = stripe.WebhookSignature.generate_signature_header(body, secret or self.secret, at or self.now)
        return body.encode(), {"Stripe-Signature": signature, "Content-Type": "application/json; charset=utf-8"}

    def _session(self, payment_intent):
        return next(one for one in self.sessions.values() if one["payment_intent"] == payment_intent)

    def _id(self, prefix):
        mode = "_live" if self.livemode else "_test"
        return f"{prefix}{mode if prefix == 'cs' else ''}_{next(self.numbers):024d}"

    # Pages

    def answer(self, method, path, form, headers):
        """(status, object) for a request."""
        try:
            if headers.get("Authorization") != f"Bearer {self.key}":
                raise No(401, "invalid_request_error", "Invalid API Key provided: sk_****")
            key = headers.get("Idempotency-Key")
            if method == "POST" and key in self.kept:
                first, answer = self.kept[key]
                if first != (path, form):
                    raise No(400, "idempotency_error", "Keys for idempotent requests go with the same parameters only.")
                return answer
            answer = 200, json.loads(json.dumps(self._page(method, path)(form)))
        except No as no:
            return no.status, {"error": no.error}
        if method == "POST" and key:
            self.kept[key] = (path, form), answer
        return answer

    def _page(self, method, path):
        if method == "GET" and path.startswith("/v1/checkout/sessions/"):
            return lambda form: self._find(path.rpartition("/")[2])
        pages = {
            ("POST", "/v1/checkout/sessions"): self.create_session,
            ("POST", "/v1/refunds"): self.create_refund,
            ("GET", "/v1/refunds"): self.list_refunds,
            ("GET", "/v1/balance"): self.balance,
        }
        if (method, path) not in pages:
            raise No(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")
        return pages[method, path]

    def _find(self, number):
        if number not in self.sessions:
            raise No(404, "invalid_request_error", f"No such checkout.session: {number}", "resource_missing")
        return self.sessions[number]

    def create_session(self, form):
        told = nested(form)
        _known(told, SessionCreateParams)
        item = told["line_items"]["0"]
        price = item["price_data"]
        if not 1800 <= int(told["expires_at"]) - self.now <= 86400:
            raise No(400, "invalid_request_error", "`expires_at` must be between 30 minutes and 24 hours from now.")
        number, amount = self._id("cs"), int(price["unit_amount"]) * int(item["quantity"])
        self.sessions[number] = {
            "id": number, "object": "checkout.session", "adaptive_pricing": {"enabled": False},
            "amount_subtotal": amount, "amount_total": amount, "automatic_tax": {"enabled": False},
            "cancel_url": told["cancel_url"], "client_reference_id": told.get("client_reference_id"),
            "created": self.now, "currency": price["currency"], "customer": None, "expires_at": int(told["expires_at"]),
            "livemode": self.livemode, "metadata": told.get("metadata", {}), "mode": told["mode"],
            "payment_intent": None, "payment_method_types": ["card"], "payment_status": "unpaid", "status": "open",
            "success_url": told["success_url"], "total_details": {"amount_discount": 0, "amount_tax": 0},
            "url": f"{self.url}c/pay/{number}#fidkdWxOYHwnPyd1blpxYHZxWjA0",
        }  # fmt: skip
        return self.sessions[number]

    def create_refund(self, form):
        told = nested(form)
        _known(told, RefundCreateParams)
        paid = [one for one in self.sessions.values() if one["payment_intent"] == told["payment_intent"]]
        if not paid:
            raise No(
                404, "invalid_request_error", f"No such payment_intent: '{told['payment_intent']}'", "resource_missing"
            )
        before = sum(one["amount"] for one in self._of(told["payment_intent"]) if one["status"] != "failed")
        if before == paid[0]["amount_total"]:
            raise No(400, "invalid_request_error", "The charge has already been refunded.", "charge_already_refunded")
        if before + int(told["amount"]) > paid[0]["amount_total"]:
            raise No(400, "invalid_request_error", "Refund amount is greater than unrefunded amount on charge.")
        return self.refund(told["payment_intent"], int(told["amount"]), self.refund_status, told.get("metadata"))

    def list_refunds(self, form):
        found = self._of(form["payment_intent"])[: int(form.get("limit", 10))]
        return {"object": "list", "url": "/v1/refunds", "has_more": False, "data": found}

    def _of(self, payment_intent):
        return [one for one in self.refunds.values() if one["payment_intent"] == payment_intent]

    def balance(self, form):
        return {
            "object": "balance",
            "available": [{"amount": 0, "currency": "cny"}],
            "livemode": self.livemode,
            "pending": [],
        }


def nested(form):
    """{"a[b]": "c"} as {"a": {"b": "c"}}."""
    told = {}
    for name, value in form.items():
        *path, last = name.replace("]", "").split("[")
        inner = told
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = value
    return told


def _known(told, parameters):
    for name in told:
        if name not in parameters.__annotations__:
            raise No(400, "invalid_request_error", f"Received unknown parameter: {name}", "parameter_unknown")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A shop that hangs up is what some tests are about."""


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer("GET", urlsplit(self.path).query)

    def do_POST(self):
        self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, method, text):
        provider, path, form = (
            self.server.provider,
            urlsplit(self.path).path,
            dict(parse_qsl(text, keep_blank_values=True)),
        )
        provider.calls.append((method, path, form, self.headers))
        fault = provider.faults.get(path)
        if fault and fault != "lost":
            return self._fail(fault)
        status, told = provider.answer(method, path, form, self.headers)
        if fault == "lost":
            return self._send(200, HTML)
        return self._send(status, json.dumps(told | provider.answers.get(path, {})).encode())

    def _fail(self, fault):
        if fault == "silent":
            self.server.provider.stopped.wait(30)
        elif fault == "drip":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
            while not self.server.provider.stopped.is_set():
                self.wfile.write(b" ")
                time.sleep(0.05)
        elif fault == "redirect":
            self._send(302, b"", Location="/v1/balance")
        elif fault in ODD_ANSWERS:
            self._send(200, ODD_ANSWERS[fault])
        else:
            self._send(int(fault), b'{"error": {"type": "api_error", "message": "An unknown error occurred"}}')

    def _send(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """A test's output is not the place for an access log."""
