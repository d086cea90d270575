"""What is wrong with the settings of an account at WeChat Pay, beside the field that it is wrong with."""

import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from app.errors import N_
from app.payments.alipay.account import tried
from app.payments.alipay.certificate import read_private_key, read_public_key
from app.payments.gateways.wechat.account import read_certificates, text_of
from app.payments.gateways.wechat.fields import CERTIFICATES, KEY

FEWEST_CHARACTERS = 6
KEY_BITS = 2048
_APP_ID = re.compile(r"w[wx][0-9A-Za-z]{16}", re.ASCII)
_MERCHANT = re.compile(r"[0-9]{8,12}", re.ASCII)
_SECRET = re.compile(r"[!-~]{32}", re.ASCII)
_APP_SECRET = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SERIAL = re.compile(r"[0-9A-F]{16,40}", re.ASCII)
_KEY_ID = re.compile(r"PUB_KEY_ID_[0-9A-Za-z_]{8,60}", re.ASCII)
_ADDRESS = re.compile(
    r"https://[0-9a-z](?:[0-9a-z.-]{2,100})(?::[0-9]{1,5})?|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?",
    re.ASCII,
)
_FILLER = re.compile(
    r"(?:your|merchant|secret|private|password|placeholder|change|replace|insert|enter|paste|put|key|token|wechat|weixin|pay|api|"
    r"example|sample|default|demo|test|todo|none|null|here|with|this|real|me|my|the|is|abc|v|xx+)+"
)


def check_account(settings: Mapping[str, Any]) -> dict[str, str]:
    """field -> what is wrong with it, as an English msgid."""
    faults = _check_names(settings)
    secret = settings.get("secret")
    if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
        faults["secret"] = N_("Please enter the APIv3 key: exactly 32 characters, without spaces.")
    elif _is_placeholder(secret):
        faults["secret"] = N_("This is an example and not a key of yours. Please set a random APIv3 key.")
    ours = tried(lambda: read_private_key(text_of(settings, "private_key")))
    if ours is None or ours.key_size != KEY_BITS:
        faults["private_key"] = N_("This is no RSA private key of 2048 bits. Please paste the file apiclient_key.pem.")
        ours = None
    return faults | _check_trust(settings, ours)


def _check_names(settings: Mapping[str, Any]) -> dict[str, str]:
    faults = {}
    if not _APP_ID.fullmatch(text_of(settings, "app_id")):
        faults["app_id"] = N_("Please enter the APPID: 18 characters that begin with wx.")
    if not _MERCHANT.fullmatch(text_of(settings, "merchant_id")):
        faults["merchant_id"] = N_("Please enter the merchant number (mchid): 10 digits.")
    if not _SERIAL.fullmatch(text_of(settings, "serial")):
        faults["serial"] = N_(
            "Please enter the serial number of the merchant API certificate: 40 digits and letters A to F."
        )
    if not _ADDRESS.fullmatch(text_of(settings, "api_url")):
        faults["api_url"] = N_("Please enter the address of WeChat Pay's interface, without a slash at the end.")
    if settings.get("weixin_url") and not _ADDRESS.fullmatch(text_of(settings, "weixin_url")):
        faults["weixin_url"] = N_("Please enter an https address without a slash at the end.")
    if settings.get("app_secret") and not _APP_SECRET.fullmatch(text_of(settings, "app_secret")):
        faults["app_secret"] = N_("Please enter the AppSecret: exactly 32 digits and small letters a to f.")
    if type(settings.get("h5")) is not bool:
        faults["h5"] = N_("Please choose one.")
    return faults


def _check_trust(settings: Mapping[str, Any], ours: RSAPrivateKey | None) -> dict[str, str]:
    if settings.get("trust") == CERTIFICATES:
        field = "certificates"
        keys = list((tried(lambda: read_certificates(text_of(settings, field))) or {}).values())
        wrong = N_("This is no platform certificate. Please paste the file wechatpay_….pem.")
        own = N_("This is your own merchant certificate. Please paste WeChat Pay's platform certificate.")
        faults = {}
    elif settings.get("trust") == KEY:
        field = "wechat_key"
        found = tried(lambda: read_public_key(text_of(settings, field)))
        keys = [] if found is None else [found]
        wrong = N_("This is no RSA public key of 2048 bits. Please paste the file pub_key.pem.")
        own = N_("This is your own public key. Please paste WeChat Pay's.")
        is_id = _KEY_ID.fullmatch(text_of(settings, "key_id")) is not None
        faults = (
            {}
            if is_id
            else {"key_id": N_("Please enter the id of WeChat Pay's public key: it begins with PUB_KEY_ID_.")}
        )
    else:
        return {"trust": N_("Please choose one.")}
    if not keys or any(key.key_size != KEY_BITS for key in keys):
        return faults | {field: wrong}
    if ours is not None and any(key.public_numbers() == ours.public_key().public_numbers() for key in keys):
        # Whoever has our key could speak as WeChat Pay.
        return faults | {field: own}
    return faults


def _is_placeholder(secret: str) -> bool:
    low = secret.lower()
    letters = re.sub(r"[^a-z]", "", low)
    return (
        len(set(low)) < FEWEST_CHARACTERS
        or low in "0123456789abcdefghijklmnopqrstuvwxyz" * 2
        or low in "abcdefghijklmnopqrstuvwxyz0123456789" * 2
        or low in "0123456789abcdef" * 4
        or low in "1234567890" * 5
        or _FILLER.fullmatch(letters) is not None
    )
