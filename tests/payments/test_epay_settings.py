"""The settings of a channel: whoever fills them in wrongly is told beside the field, and weak keys are refused."""

import pytest

from tests.payments.notices import EPAY, KEY, SETTINGS
from tests.shop import KEY as SHOP_KEY


def faults(**changes):
    return set(EPAY.check_settings({name: v for name, v in (SETTINGS | changes).items() if v != "left out"}))


def test_good_settings_have_no_faults():
    assert EPAY.check_settings(SETTINGS) == {}
    assert EPAY.check_settings(SETTINGS | {"mode": "mapi", "methods": ["qqpay"]}) == {}


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        SHOP_KEY,
        "a81f3c90d7e24b56",
        "6emOZLNWFJeRElItp9bn3VDBIccY0Dac",
        "d41d8cd98f00b204e9800998ecf8427e",
        "p@ss/w0rd+Zx=9Q!7",
    ],
)
def test_a_real_key_is_good(key):
    assert faults(key=key) == set()


@pytest.mark.parametrize(
    "key",
    ["left out", None, 1234567890123456, True, ["x" * 20], "", " ", "short", "a" * 15, "x" * 16, "1" * 32, "ab" * 10]
    + [f" {KEY}", f"{KEY} ", f"{KEY}\n", "with a space in it", f"{KEY}\u3000", f"{KEY}\x00", f"{KEY}é", "x" * 200]
    + ["密钥", "密钥密钥密钥密钥密钥密钥密钥密钥", "请在这里填写您的商户密钥请在这里填写"]
    + ["your-key-your-key", "your-secret-key-here", "YOUR_MERCHANT_KEY", "changeme-changeme", "ChangeMe12345678"]
    + ["test-test-test-test", "testtest12345678", "placeholder-placeholder", "<your epay key>", "replace-me-with-key"]
    + ["1234567890123456", "0123456789abcdef", "abcdefghijklmnop", "89unJUB8HZ54Hj7x4nUj56HN4nUzUJ8i"],
)
def test_an_empty_short_spaced_or_placeholder_key_is_refused(key):
    assert faults(key=key) == {"key"}


@pytest.mark.parametrize(
    "merchant", ["left out", "", " 1001", "1001\n", "１００１", "a b", "x" * 33, "1001'", 1001, None]
)
def test_a_merchant_id_is_plain(merchant):
    assert faults(merchant_id=merchant) == {"merchant_id"}


@pytest.mark.parametrize(
    "address",
    [
        "https://pay.example.com/",
        "https://pay.example.com:8443/",
        "https://example.com/pay/v1/",
        "http://127.0.0.1:8080/",
    ]
    + ["http://localhost/", "http://[::1]:80/", "https://xn--fiqs8s.example/"],
)
def test_a_provider_has_an_address_with_https(address):
    assert faults(api_url=address) == set()


@pytest.mark.parametrize(
    "address",
    ["left out", "", None, 1, "pay.example.com", "http://pay.example.com/", "https://pay.example.com", "ftp://x/"]
    + ["https:///", "https://", "https://pay.example.com/submit.php", "https://pay.example.com/?a=1/", "https://x/#/"]
    + ["https://user:pass@pay.example.com/", "https://pay.example.com/\n", "https://pay.example.com /", "https://[::/"]
    + ["https://x:0/", "https://x:99999/", "https://x:a/", "https://a/b//", "javascript://x/", "https://例子.cn/"]
    + ["http://127.0.0.1.evil.example/", "http://localhost@evil.example/", "https://x/" + "y" * 400 + "/", "//x/"],
)
def test_every_other_address_is_refused_without_raising(address):
    assert faults(api_url=address) == {"api_url"}


@pytest.mark.parametrize("mode", ["left out", "", None, "SUBMIT", "post", 1, []])
def test_the_mode_is_one_of_two(mode):
    assert faults(mode=mode) == {"mode"}


@pytest.mark.parametrize("methods", ["left out", [], None, "alipay", ["alipay", "bank"], [None], {"alipay": 1}, 7])
def test_the_methods_are_some_of_those_there_are(methods):
    assert faults(methods=methods) == {"methods"}
