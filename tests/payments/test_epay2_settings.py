"""The settings of an EPay v2 account (C31): two keys of two owners, told apart, and nothing that cannot work."""

import pytest

from app.payments.gateways import GatewayUnreachable
from tests.fakes.epay2_server import NOW, Epay2Server, key_of, private_text, public_text
from tests.payments.epay2_notices import EPAY2

SERVER = Epay2Server()
SMALL = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    SERVER._http.server_close()
    SERVER.sdk.session.close()


def faults(**changes):
    return set(EPAY2.check_settings({name: v for name, v in SERVER.settings(**changes).items() if v != "left out"}))


def test_good_settings_have_no_faults():
    assert faults() == set()
    assert faults(mode="submit", methods=["qqpay"], api_url="https://pay.example.com/") == set()


@pytest.mark.parametrize("pkcs", [1, 8])
def test_a_key_may_come_in_a_frame_or_bare(pkcs):
    framed = key_of("merchant").export_key("PEM", pkcs=pkcs).decode()
    wrapped = "\n".join(private_text("merchant", pkcs)[at : at + 64] for at in range(0, 2000, 64)).strip()
    for key in (framed, f"\n{framed}\n", private_text("merchant", pkcs), wrapped):
        assert faults(private_key=key) == set()
    assert faults(platform_key=key_of("platform").public_key().export_key("PEM").decode()) == set()


@pytest.mark.parametrize("name", ["private_key", "platform_key"])
@pytest.mark.parametrize(
    "key",
    ["left out", None, "", " ", "changeme", "your-key-here", "A" * 400, "密钥", 7, ["x"], SMALL, "-----BEGIN X-----"],
)
def test_what_is_no_key_is_refused_beside_its_field(name, key):
    assert faults(**{name: key}) == {name}


def test_a_key_stands_in_its_own_field():
    assert faults(private_key=public_text("merchant")) == {"private_key"}
    assert faults(platform_key=private_text("platform")) == {"platform_key"}


def test_our_own_public_key_is_not_the_platforms():
    assert faults(platform_key=public_text("merchant")) == {"platform_key"}
    framed = key_of("merchant").public_key().export_key("PEM").decode()
    assert faults(platform_key=framed) == {"platform_key"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("merchant_id", ""), ("merchant_id", "10 01"), ("mode", "mapi"), ("mode", None), ("mode", []), ("methods", [])]
    + [("methods", ["bank"]), ("api_url", "http://pay.example.com/"), ("api_url", "https://x/?a=1"), ("api_url", None)],
)
def test_what_cannot_work_is_told_beside_its_field(name, value):
    assert faults(**{name: value}) == {name}


def test_the_last_slash_may_be_missing():
    assert EPAY2.prepare({"api_url": "https://pay.example.com"})["api_url"] == "https://pay.example.com/"


def test_secrets_are_secret():
    assert {field.name for field in EPAY2.fields if field.is_secret} == {"private_key"}


def test_keys_are_tried_at_the_provider():
    with Epay2Server() as provider:
        assert EPAY2.try_keys(provider.settings(), NOW).works
        tried = EPAY2.try_keys(provider.settings(private_key=private_text("stranger")), NOW)
        assert (tried.works, tried.says) == (False, "RSA sign error")
        provider.answers["/api/merchant/info"] = {"pid": 1002}
        assert not EPAY2.try_keys(provider.settings(), NOW).works
        with pytest.raises(GatewayUnreachable, match="not signed by the platform"):
            EPAY2.try_keys(provider.settings(platform_key=public_text("stranger")), NOW)
        # The shop's clock is off: the provider says so.
        assert not EPAY2.try_keys(provider.settings(), NOW + 301).works
