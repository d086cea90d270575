"""An application at Alipay whose calls are signed in certificate mode, which whoever sends money has to use."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from app.errors import N_
from app.payments.alipay.certificate import (
    public_key,
    read_certificate,
    read_private_key,
    read_public_key,
    read_root_file,
    root_serial,
    serial,
)

GATEWAY = "https://openapi.alipay.com/gateway.do"
SCENE = "佣金报酬"
# What is never shown again, and what a blank field leaves as it is.
SECRET = ("private_key",)
_APP_ID = re.compile(r"[0-9]{16}", re.ASCII)
_ADDRESS = re.compile(
    r"https://[0-9a-z.-]{4,100}(:[0-9]{1,5})?/gateway\.do|http://127\.0\.0\.1:[0-9]{1,5}/gateway\.do", re.ASCII
)


@dataclass(frozen=True)
class AlipayAccount:
    """Settings that were found sound, their keys read. Without certificates, by plain keys, the serials are empty."""

    app_id: str
    gateway: str
    scene: str
    key: RSAPrivateKey
    app_serial: str
    root_serial: str
    alipay_key: RSAPublicKey
    alipay_serial: str


def check_alipay(settings: Mapping[str, Any]) -> dict[str, str]:
    """field -> what is wrong with it, as an English msgid; empty when calls can be signed and answers verified."""
    faults = check_application(settings)
    key = tried(lambda: read_private_key(settings.get("private_key", "")))
    app = tried(lambda: read_certificate(settings.get("app_certificate", "")))
    if app is None:
        faults["app_certificate"] = N_("This is no certificate. Please paste the file appCertPublicKey.crt.")
    elif key is not None and tried(lambda: public_key(app).public_numbers()) != key.public_key().public_numbers():
        faults["app_certificate"] = N_("This certificate does not belong to the private key.")
    if tried(lambda: public_key(read_certificate(settings.get("alipay_certificate", "")))) is None:
        faults["alipay_certificate"] = N_("This is no certificate. Please paste the file alipayCertPublicKey_RSA2.crt.")
    elif app is not None and settings["alipay_certificate"].split() == settings["app_certificate"].split():
        # With our own certificate in place of Alipay's, everybody who has it could speak as Alipay.
        faults["alipay_certificate"] = N_("This is the application's certificate. Please paste Alipay's own.")
    if not tried(lambda: root_serial(read_root_file(settings.get("root_certificate", "")))):
        faults["root_certificate"] = N_("This is no root certificate. Please paste the file alipayRootCert.crt.")
    return faults


def check_application(settings: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the application's id, its private key and Alipay's address."""
    faults = {}
    if not _APP_ID.fullmatch(settings.get("app_id", "")):
        faults["app_id"] = N_("Please enter the application's id: 16 digits.")
    if not _ADDRESS.fullmatch(settings.get("gateway", "")):
        faults["gateway"] = N_("Please enter Alipay's address, from https:// to /gateway.do.")
    if tried(lambda: read_private_key(settings.get("private_key", ""))) is None:
        faults["private_key"] = N_(
            "This is no RSA private key of 2048 bits. Please paste the application's private key."
        )
    return faults


def open_alipay(settings: Mapping[str, Any]) -> AlipayAccount:
    """The account of settings that `check_alipay` finds nothing wrong with."""
    fields = ("app_id", "gateway", "scene", "private_key", "app_certificate", "alipay_certificate", "root_certificate")
    return _open(*(settings[field] for field in fields))


@lru_cache(maxsize=4)
def _open(app_id: str, gateway: str, scene: str, key: str, app: str, alipay: str, root: str) -> AlipayAccount:
    theirs = read_certificate(alipay)
    return AlipayAccount(
        app_id=app_id,
        gateway=gateway,
        scene=scene,
        key=read_private_key(key),
        app_serial=serial(read_certificate(app)),
        root_serial=root_serial(read_root_file(root)),
        alipay_key=public_key(theirs),
        alipay_serial=serial(theirs),
    )


@lru_cache(maxsize=4)
def open_with_keys(app_id: str, gateway: str, key: str, alipay_key: str) -> AlipayAccount:
    """An account that signs and verifies by plain keys, found sound before."""
    return AlipayAccount(
        app_id=app_id,
        gateway=gateway,
        scene="",
        key=read_private_key(key),
        app_serial="",
        root_serial="",
        alipay_key=read_public_key(alipay_key),
        alipay_serial="",
    )


def tried(read: Callable[[], Any]) -> Any:
    """What is read, None where it is none."""
    try:
        return read()
    except (ValueError, UnsupportedAlgorithm):
        return None
