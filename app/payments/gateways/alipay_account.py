"""A merchant's application at Alipay that takes payments: by plain keys or by certificates."""

from collections.abc import Mapping
from typing import Any

from app.errors import N_
from app.payments.alipay.account import (
    GATEWAY,
    AlipayAccount,
    check_alipay,
    check_application,
    open_alipay,
    open_with_keys,
    tried,
)
from app.payments.alipay.certificate import read_private_key, read_public_key
from app.payments.gateways.gateway import Field

KEYS, CERTIFICATES = "keys", "certificates"
QR, PAGE = "qr", "page"
FIELDS = (
    Field("app_id", N_("Application id (APPID)"), hint=N_("From Alipay’s open platform: 16 digits."), most=20),
    Field(
        "seller_id",
        N_("Merchant id (PID)"),
        hint=N_("Begins with 2088: 16 digits. A payment to anybody else is not believed."),
        most=20,
    ),
    Field(
        "private_key", N_("The application's private key"), "secret_text", N_("What Alipay’s key tool made for you.")
    ),
    Field(
        "trust",
        N_("How Alipay is recognised"),
        "choice",
        options=((KEYS, N_("by its public key")), (CERTIFICATES, N_("by certificates"))),
        default=KEYS,
    ),
    Field(
        "alipay_key",
        N_("Alipay's public key"),
        "text",
        N_("Shown by Alipay’s platform after you set yours. Not your application’s own public key."),
    ),
    Field(
        "app_certificate",
        N_("The application's certificate"),
        "text",
        N_("Only with certificates: the file appCertPublicKey_….crt."),
    ),
    Field(
        "alipay_certificate",
        N_("Alipay's certificate"),
        "text",
        N_("Only with certificates: the file alipayCertPublicKey_RSA2.crt."),
    ),
    Field(
        "root_certificate",
        N_("Alipay's root certificate"),
        "text",
        N_("Only with certificates: the file alipayRootCert.crt."),
    ),
    Field(
        "desk",
        N_("On a computer"),
        "choice",
        N_("On a phone the buyer goes to Alipay’s app or page."),
        options=((QR, N_("a QR code on the shop’s page (当面付)")), (PAGE, N_("Alipay’s page (电脑网站支付)"))),
        default=QR,
    ),
    Field(
        "gateway",
        N_("Address of the interface"),
        "address",
        N_("Stays as it is, but for Alipay’s sandbox."),
        default=GATEWAY,
    ),
)


def check_account(settings: Mapping[str, Any]) -> dict[str, str]:
    """field -> what is wrong with it; empty when the account can take payments."""
    texts = {one.name: settings.get(one.name) if isinstance(settings.get(one.name), str) else "" for one in FIELDS}
    faults = check_alipay(texts) if texts["trust"] == CERTIFICATES else check_application(texts) | _check_key(texts)
    seller = texts["seller_id"] or ""
    if not (len(seller) == 16 and seller.isascii() and seller.isdigit() and seller.startswith("2088")):
        faults["seller_id"] = N_("Please enter your merchant id at Alipay: 16 digits that begin with 2088.")
    if texts["trust"] not in (KEYS, CERTIFICATES):
        faults["trust"] = N_("Please choose one.")
    if texts["desk"] not in (QR, PAGE):
        faults["desk"] = N_("Please choose one.")
    return faults


def _check_key(texts: Mapping[str, Any]) -> dict[str, str]:
    theirs = tried(lambda: read_public_key(texts["alipay_key"]))
    if theirs is None:
        return {"alipay_key": N_("This is no RSA public key of 2048 bits. Please paste Alipay’s public key.")}
    ours = tried(lambda: read_private_key(texts["private_key"]).public_key())
    if ours is not None and ours.public_numbers() == theirs.public_numbers():
        # With our own key in place of Alipay's, every answer of Alipay's would be refused, and whoever has ours could speak as Alipay.
        return {"alipay_key": N_("This is your application’s own public key. Please paste Alipay’s.")}
    return {}


def open_account(settings: Mapping[str, Any]) -> AlipayAccount:
    """The account of settings that `check_account` finds nothing wrong with."""
    if settings["trust"] == CERTIFICATES:
        return open_alipay({**settings, "scene": ""})
    return open_with_keys(settings["app_id"], settings["gateway"], settings["private_key"], settings["alipay_key"])
