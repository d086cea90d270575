"""The settings of a channel at WeChat Pay: what cannot work is told beside its field (C31)."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app import payments
from app.db import transaction
from app.errors import Refusal
from tests.fakes.wechat_server import APP_ID, MERCHANT, WechatServer, certificate_pem, issue, private_pem, public_pem
from tests.payments.wechat_notices import WECHAT


@pytest.fixture(scope="module")
def provider():
    server = WechatServer()
    yield server
    server._http.server_close()


def faults(provider, **changes):
    return set(WECHAT.check_settings({k: v for k, v in provider.settings(**changes).items() if v != "left out"}))


def bare(pem):
    return "".join(pem.splitlines()[1:-1])


def test_both_ways_to_know_wechat_pay_do(provider):
    assert faults(provider) == set()
    assert faults(provider, certificates="") == set()
    assert faults(provider, trust="certificates", key_id="", wechat_key="") == set()
    assert faults(provider, wechat_key=bare(public_pem(provider.papers.wechat_key))) == set()
    assert faults(provider, private_key=bare(private_pem(provider.papers.merchant_key))) == set()
    both = certificate_pem(provider.papers.platform) + "\n" + certificate_pem(issue(provider.papers.foreign_key, 77))
    assert faults(provider, trust="certificates", certificates=both) == set()


@pytest.mark.parametrize("field", ["app_id", "merchant_id", "secret", "private_key", "serial", "trust", "api_url"])
@pytest.mark.parametrize("value", ["left out", "", " ", "1", "１" * 32, None, 7, ["a"], "-----BEGIN PRIVATE KEY-----"])
def test_what_cannot_work_is_told_beside_its_field(provider, field, value):
    assert field in faults(provider, **{field: value})


@pytest.mark.parametrize(
    "value", ["", " ", "x", None, 7, "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----\nAAAA\n"]
)
def test_wechat_pays_keys_are_wanted_where_they_are_chosen(provider, value):
    assert faults(provider, wechat_key=value) == {"wechat_key"}
    assert faults(provider, key_id=value) == {"key_id"}
    assert faults(provider, trust="certificates", certificates=value) == {"certificates"}


@pytest.mark.parametrize(
    "secret",
    [
        "k7Qm2Zp9Xv4LdR8tYb3WcK6sNj5HgF1", "k7Qm2Zp9Xv4LdR8tYb3WcK6sNj5HgF1e2", "k7Qm2Zp9Xv4LdR8tYb3WcK6sNj5HgF ",
        "x" * 32, "ab" * 16, "0123456789abcdef" * 2, "12345678901234567890123456789012", "0123456789abcdefghijklmnopqrstuv",
        "your-api-v3-key-here-1234567890!", "YourWeChatPayApiV3SecretKeyHere0", "钥" * 32,
    ],
)  # fmt: skip
def test_an_apiv3_key_has_32_characters_and_is_no_example(provider, secret):
    assert faults(provider, secret=secret) == {"secret"}


def test_our_own_key_is_not_wechat_pays(provider):
    """Whoever has it could speak as WeChat Pay."""
    ours = provider.papers.merchant_key
    assert faults(provider, wechat_key=public_pem(ours)) == {"wechat_key"}
    assert faults(provider, trust="certificates", certificates=certificate_pem(issue(ours))) == {"certificates"}


def test_keys_are_of_rsa_and_long_enough(provider):
    curve = ec.generate_private_key(ec.SECP256R1())
    curve_pem = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    short = rsa.generate_private_key(65537, 1024)
    assert (
        faults(provider, private_key=curve_pem) == faults(provider, private_key=private_pem(short)) == {"private_key"}
    )
    assert (
        faults(provider, wechat_key=public_pem(curve))
        == faults(provider, wechat_key=public_pem(short))
        == {"wechat_key"}
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://api.mch.weixin.qq.com", "https://api.mch.weixin.qq.com/", "https://api.mch.weixin.qq.com/v3", "https://x@127.0.0.1",
        "http://127.0.0.1@evil.example", "http://127.0.0.1.evil.example", "https://evil.example\n", "ftp://a.example.com",
    ],
)  # fmt: skip
def test_keys_go_over_https_or_stay_on_this_machine(provider, address):
    assert faults(provider, api_url=address) == {"api_url"}
    for good in (
        "https://api.mch.weixin.qq.com",
        "https://api2.mch.weixin.qq.com",
        "http://127.0.0.1:8000",
        "http://[::1]:1",
    ):
        assert faults(provider, api_url=good) == set()


def test_what_people_type_in_two_ways_is_kept_in_one(provider):
    typed = {"serial": "51:57:f0 9e", "api_url": "https://api2.mch.weixin.qq.com/", "h5": ""}
    kept = {"serial": "5157F09E", "api_url": "https://api2.mch.weixin.qq.com", "h5": False}
    assert WECHAT.prepare(typed) == kept | {"weixin_url": "https://api.weixin.qq.com"}
    assert WECHAT.prepare({})["api_url"] == "https://api.mch.weixin.qq.com"
    assert WECHAT.merchant(provider.settings()) == f"{APP_ID}/{MERCHANT}"


@pytest.mark.parametrize("name", ["secret", "private_key", "wechat_key", "key_id", "app_id"])
def test_a_channel_without_keys_is_not_made(app, provider, name):
    settings = provider.settings(**{name: ""})
    values = {"gateway": "wechat", "name": "微信支付", "settings": settings, "enabled": True}
    with pytest.raises(Refusal) as refusal:
        transaction(payments.create_channel, slug="wechat", **values, now=1)
    assert refusal.value.field == name
