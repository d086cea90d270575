"""Cookie names and flags, the device id, and the session key."""

import pytest
from flask import make_response, session
from flask.sessions import SecureCookieSessionInterface

from app.cookies import device_hash, drop_cookie, read_cookie, set_cookie

HTTPS = {"public_url": "https://shop.example", "public_url_is_set": True}
WEAK_KEYS = [
    "dev",
    "secret",
    "change-me",
    "changeme",
    "secret-key",
    "SECRET_KEY",
    "password",
    "",
    "0" * 32,
    "your-secret-key",
]


def visit(app):
    @app.get("/visit")
    def _visit():
        session["seen"] = True
        response = make_response(device_hash().hex())
        set_cookie(response, "inv", "value", 60)
        return response

    @app.get("/read")
    def _read():
        return str(read_cookie("inv"))

    @app.get("/drop")
    def _drop():
        response = make_response("")
        drop_cookie(response, "inv")
        return response

    return app.test_client()


def set_cookies(answer):
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_https_cookies_are_bound_to_the_host(build):
    answer = visit(build(**HTTPS)).get("/visit", base_url="https://shop.example")
    cookies = set_cookies(answer)
    assert set(cookies) == {"__Host-s", "__Host-inv", "__Host-device"}
    for line in cookies.values():
        for flag in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"):
            assert flag in line
        assert "Domain" not in line


def test_plain_http_cookies_have_plain_names_and_no_secure_flag(build):
    cookies = set_cookies(visit(build()).get("/visit"))
    assert set(cookies) == {"s", "inv", "device"}
    assert all("HttpOnly" in line and "SameSite=Lax" in line and "Secure" not in line for line in cookies.values())
    assert "Max-Age=34560000" in cookies["device"]


def test_a_cookie_is_read_under_the_name_it_was_set_with(build):
    client = visit(build(**HTTPS))
    client.get("/visit", base_url="https://shop.example")
    assert client.get("/read", base_url="https://shop.example").text == "value"
    client.get("/drop", base_url="https://shop.example")
    assert client.get("/read", base_url="https://shop.example").text == "None"


def test_a_cookie_without_the_prefix_does_not_count_on_https(build):
    client = visit(build(**HTTPS))
    assert client.get("/read", base_url="https://shop.example", headers={"Cookie": "inv=planted"}).text == "None"


def test_a_browser_keeps_its_device_and_another_browser_has_another(app):
    first, second = visit(app), app.test_client()
    device = first.get("/visit").text
    again = first.get("/visit")
    assert again.text == device
    assert "device" not in set_cookies(again)
    assert second.get("/visit").text != device
    assert len(device) == 64


@pytest.mark.parametrize("planted", ["", "x", "a" * 23, "é" * 22, "a" * 21 + "\n"])
def test_a_device_id_of_another_shape_is_replaced(app, planted):
    client = visit(app)
    client.set_cookie("device", planted)
    assert "device" in set_cookies(client.get("/visit"))


@pytest.mark.parametrize("key", WEAK_KEYS)
def test_a_session_signed_with_a_well_known_key_is_nobody(app, key):
    signer = SecureCookieSessionInterface()
    app.get("/me", endpoint="get /me")(lambda: str(session.get("_user_id")))
    real, app.secret_key = app.secret_key, key or "x"
    forged = signer.get_signing_serializer(app).dumps({"_user_id": "1"})
    app.secret_key = real
    client = app.test_client()
    client.set_cookie("s", forged)
    assert client.get("/me").text == "None"
