"""The app on somebody's phone: it is set up by the page, and shows codes as the phone's own library computes them."""

import re

import pyotp

from app import clock


class Phone:
    """An app for one-time codes."""

    def __init__(self, seed):
        self.app = pyotp.TOTP(seed)

    def code(self, steps=0):
        """The code of this half minute, or of one some steps from it."""
        return self.app.at(clock.now() + 30 * steps)


def guard(visitor):
    """Turn the second factor on in somebody's browser; the phone, and the recovery codes that the page showed."""
    assert visitor.post("/me/authenticator", page="/me/security").status_code == 303
    page = visitor.get("/me/authenticator").text
    phone = Phone(re.search(r'id="seed">([A-Z2-7 ]+)<', page).group(1).replace(" ", ""))
    answer = visitor.post("/me/authenticator/confirmation", {"code": phone.code()}, page="/me/security")
    assert answer.status_code == 200, answer.text
    return phone, re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", answer.text)


def show(visitor, code, field="proof", **extra):
    """Answer the second step of a log-in."""
    return visitor.post("/login/second", {field: code} | extra, page="/login/second")
