"""A small Alipay on loopback: gateway.do with transfer and query, in certificate mode, over real HTTP.

It knows nothing of our code: what it receives it checks with the independent package python-alipay-sdk, which signs what it
answers and computes the certificates' serial numbers. Faults: `server.fault = "500"`, `server.answer = {...}` and the like.
"""

import base64
import json
import threading
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from alipay import AliPay, DCAliPay
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

APP_ID = "2021000122671234"
FAULTS = ("500", "html", "empty", "unsigned", "tampered", "foreign key", "foreign certificate", "other name", "silent")


def issue(common_name, key, issuer=None, issuer_key=None, days=365):
    """A certificate of the kind that Alipay issues: a name of four parts."""
    name = _name(common_name)
    today = datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer or name, name, key.public_key(), x509.random_serial_number(), today, today + timedelta(days)
    )
    return made.sign(issuer_key or key, hashes.SHA256())


def _name(common_name):
    parts = ((NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, "Ant Financial"))
    parts += ((NameOID.ORGANIZATIONAL_UNIT_NAME, "Certification Authority"), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


def pem(certificate):
    return certificate.public_bytes(Encoding.PEM).decode()


def key_pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def bare(key):
    """A private key as Alipay's own tool gives it: Base64 without a frame."""
    return base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


def sdk_serial(certificate):
    """A certificate's serial number, as the SDK computes it; the library beneath it says that it will do so otherwise one day."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        return DCAliPay.get_cert_sn(pem(certificate))


def sdk_root_serial(text):
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        return DCAliPay.get_root_cert_sn(text)


class Papers:
    """Keys and certificates of one application, made once: they take a second."""

    def __init__(self):
        self.root_key, self.app_key, self.alipay_key, self.foreign_key = (
            rsa.generate_private_key(65537, 2048) for _ in range(4)
        )
        self.root = issue("Ant Financial Certification Authority R1", self.root_key)
        signed = {"issuer": self.root.subject, "issuer_key": self.root_key}
        self.app = issue("2088000000000001-" + APP_ID, self.app_key, **signed)
        self.alipay = issue("Alipay", self.alipay_key, **signed)
        self.foreign = issue("Alipay", self.foreign_key, **signed)
        self.serials = {name: sdk_serial(getattr(self, name)) for name in ("app", "alipay", "foreign")}
        self.serials["root"] = sdk_root_serial(pem(self.root))


@cache
def papers():
    """The papers of this run."""
    return Papers()


class AlipayServer:
    def __init__(self):
        self.papers, self.fault, self.answer, self.query_answer = papers(), None, None, None
        self.transfers, self.calls, self.stopped = {}, [], threading.Event()
        # What comes of a transfer, by the name of its payee.
        self.outcomes = {}
        self.sdk = self._sdk(self.papers.alipay_key)
        self._http = _Server(("127.0.0.1", 0), _Gateway)
        self._http.provider = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/gateway.do"

    def _sdk(self, key):
        ours = self.papers.app_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return AliPay(appid=APP_ID, app_private_key_string=key_pem(key), alipay_public_key_string=ours)

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()

    def settings(self, **changes):
        """The settings of an account here."""
        papers = self.papers
        known = {"app_id": APP_ID, "private_key": bare(papers.app_key), "app_certificate": pem(papers.app)}
        known |= {"alipay_certificate": pem(papers.alipay), "root_certificate": pem(papers.root)}
        return known | {"gateway": self.url, "scene": "佣金报酬"} | changes

    def client(self):
        """The SDK's own client, as a merchant would set it up."""
        papers = self.papers
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            client = DCAliPay(
                appid=APP_ID,
                app_private_key_string=key_pem(papers.app_key),
                app_public_key_cert_string=pem(papers.app),
                alipay_public_key_cert_string=pem(papers.alipay),
                alipay_root_cert_string=pem(papers.root),
            )
        client._gateway = self.url
        return client

    # What Alipay does

    def take(self, form):
        """The name of the answer's node, and the answer."""
        name = f"{form.get('method', '').replace('.', '_')}_response"
        signed = {key: value for key, value in form.items() if key != "sign"}
        if form.get("app_id") != APP_ID or not self._is_signed(signed, form.get("sign", "")):
            return name, {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"}
        serials = self.papers.serials
        if (form.get("app_cert_sn"), form.get("alipay_root_cert_sn")) != (serials["app"], serials["root"]):
            return name, {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.missing-app-cert-sn"}
        content = json.loads(form["biz_content"])
        if form["method"] == "alipay.fund.trans.common.query":
            return name, self._query(content) if self.query_answer is None else self.query_answer
        return name, self._transfer(content) if self.answer is None else self.answer

    def _is_signed(self, signed, sign):
        # The SDK takes sign_type out before it verifies, as Alipay wants it for notices: for calls it belongs to what is signed.
        message = "&".join(f"{key}={value}" for key, value in sorted(signed.items()))
        return bool(sign) and self.sdk._verify(message, sign)

    def _transfer(self, content):
        number, payee = content["out_biz_no"], content["payee_info"]
        if number not in self.transfers:
            outcome = self.outcomes.get(payee["name"], "SUCCESS")
            if outcome == "PAYEE_NOT_EXIST":
                return {"code": "40004", "msg": "Business Failed", "sub_code": outcome, "sub_msg": "收款账号不存在"}
            fresh = {"order_id": f"2026{len(self.transfers):024d}", "status": outcome, "content": content}
            self.transfers[number] = fresh
        known = self.transfers[number]
        told = {"code": "10000", "msg": "Success", "out_biz_no": number, "order_id": known["order_id"]}
        return told | {"status": known["status"], "trans_date": "2026-01-31 12:00:00"}

    def _query(self, content):
        known = self.transfers.get(content["out_biz_no"])
        if known is None:
            return {
                "code": "40004",
                "msg": "Business Failed",
                "sub_code": "ORDER_NOT_EXIST",
                "sub_msg": "转账订单不存在",
            }
        told = {"code": "10000", "msg": "Success", "out_biz_no": content["out_biz_no"], "status": known["status"]}
        told |= {"order_id": known["order_id"], "trans_amount": known["content"]["trans_amount"]}
        return told | ({"error_code": "FAILED", "fail_reason": "余额不足"} if known["status"] == "FAIL" else {})

    def body(self, name, answer):
        """An answer over the wire, whatever fault was asked for."""
        node = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        signer = (
            self._sdk(self.papers.foreign_key) if self.fault in ("foreign key", "foreign certificate") else self.sdk
        )
        sign = signer._sign(node)
        serial = self.papers.serials["foreign" if self.fault == "foreign certificate" else "alipay"]
        if self.fault == "tampered":
            node = node.replace('"code"', '"c0de"').replace("}", ',"code":"10000","status":"SUCCESS"}')
        if self.fault == "other name":
            name = "alipay_trade_query_response"
        last = "" if self.fault == "unsigned" else f',"sign":"{sign}"'
        return f'{{"{name}":{node},"alipay_cert_sn":"{serial}"{last}}}'.encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A shop that hangs up is what some tests are about."""


class _Gateway(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer("")

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, body):
        provider = self.server.provider
        form = dict(parse_qsl(f"{urlsplit(self.path).query}&{body}", keep_blank_values=True))
        provider.calls.append(form)
        name, answer = provider.take(form)
        fault = provider.fault
        if fault == "silent":
            provider.stopped.wait(30)
        elif fault == "500":
            self._send(500, provider.body(name, answer))
        elif fault in ("html", "empty"):
            self._send(200, b"<!doctype html>" if fault == "html" else b"")
        else:
            self._send(200, provider.body(name, answer))

    def _send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """A test's output is not the place for an access log."""
