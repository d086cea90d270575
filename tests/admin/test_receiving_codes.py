"""Receiving codes: put up by the owner with the password, written anew, and still to be scanned."""

from io import BytesIO

import pytest
import segno
from PIL import Image

from app import payments
from app.db import db
from tests.admin.conftest import PASSWORD
from tests.by_hand import CODE_TEXT, code_png, modules, open_channel
from tests.conftest import NOW
from tests.visitor import Visitor

CODES = "/admin/channels/manual/codes"


@pytest.fixture
def channel_id(shop):
    return open_channel(shop, code=None)


def put_up(visitor, data, *, method="alipay", password=PASSWORD, name="code.png"):
    form = {"method": method, "password": password, "picture": (BytesIO(data), name)}
    return visitor.post(CODES, form, content_type="multipart/form-data")


def kept(channel_id, method="alipay"):
    found = payments.receiving_code(db.session, channel_id, method)
    db.session.rollback()
    return found


@pytest.mark.parametrize("colour", ["black", "#1677ff", "#07c160"])
def test_a_code_is_written_anew_and_still_says_the_same(olga, channel_id, colour):
    assert put_up(olga, code_png(colour=colour)).status_code == 303
    answer = olga.get(f"{CODES}/alipay")
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, no-store"
    expected = [[bool(module) for module in row] for row in segno.make(CODE_TEXT, error="m", micro=False).matrix]
    assert modules(answer.data, scale=8) == expected


def test_a_screenshot_keeps_its_code(olga, channel_id):
    with Image.open(BytesIO(code_png(scale=10))) as code:
        screen = Image.new("RGB", (1080, 2400), "#1677ff")
        screen.paste(code.convert("RGB"), (300, 900))
    out = BytesIO()
    screen.save(out, "PNG")
    assert put_up(olga, out.getvalue()).status_code == 303
    with Image.open(BytesIO(kept(channel_id))) as found:
        # 2000 pixels at most; the code on it keeps eight pixels a module.
        assert found.size == (900, 2000)
        corner = found.convert("L").getpixel((250 + 37, 750 + 37))
    assert corner < 64


def test_a_new_code_takes_the_place_of_the_old_one(olga, shop, channel_id):
    put_up(olga, code_png())
    first = kept(channel_id)
    put_up(olga, code_png("https://qr.alipay.com/another"))
    assert kept(channel_id) != first
    assert shop.count("SELECT count(*) FROM receiving_code") == 1
    assert payments.receiving_codes(db.session, channel_id) == {"alipay": NOW}


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nothing_changes(olga, channel_id, password):
    answer = put_up(olga, code_png(), password=password)
    assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
    assert kept(channel_id) is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.png"),
        (b"<svg onload=alert(1)>", "x.svg"),
        (b"<?php phpinfo();", "x.png"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "x.png"),
    ],
)
def test_what_is_no_picture_is_refused_beside_the_field(olga, channel_id, data, name):
    answer = put_up(olga, data, name=name)
    assert (answer.status_code, 'id="picture-error"' in answer.text) == (422, True)
    assert kept(channel_id) is None


def test_a_picture_is_wanted_and_a_way_of_the_channel(olga, channel_id):
    answer = olga.post(CODES, {"method": "alipay", "password": PASSWORD})
    assert (answer.status_code, 'id="picture-error"' in answer.text) == (422, True)
    for method in ("bank", "../x", ""):
        assert put_up(olga, code_png(), method=method).status_code == 422
    assert kept(channel_id) is None


def test_codes_are_of_their_own_gateway_and_for_the_owner(shop, app, olga, channel_id):
    assert olga.get(CODES.replace("manual", "sandbox")).status_code == 404
    assert olga.get(f"{CODES}/wxpay").status_code == 404
    put_up(olga, code_png())
    shop.owner("adam@example.com", PASSWORD, role="manager")
    adam = Visitor(app, address="198.51.100.4")
    assert adam.post("/login", {"contact": "adam@example.com", "password": PASSWORD}).status_code == 303
    for path in (CODES, f"{CODES}/alipay"):
        assert adam.get(path).status_code == 403
        assert Visitor(app, address="198.51.100.5").get(path).status_code == 302
    assert put_up(adam, code_png("https://evil.example")).status_code == 403


def test_the_channel_leads_to_its_codes_and_has_neither_keys_nor_a_callback(olga, channel_id):
    text = olga.get("/admin/channels/manual/edit").text
    assert f'href="{CODES}"' in text
    assert "/hooks/payments/manual" not in text
    assert "/channels/manual/trials" not in text
    assert olga.post("/admin/channels/manual/trials").status_code == 404


@pytest.mark.parametrize(
    ("field", "values"),
    [("holder", ("", " ")), ("hold_hours", ("0", "25", "1.5", "１", "-1")), ("instructions", ("x" * 1001,))],
)
def test_it_says_beside_the_field_what_is_wrong(olga, form_of, field, values):
    form = form_of("/admin/channels/new?gateway=manual", "/admin/channels", holder="张三", password=PASSWORD)
    for value in values:
        answer = olga.post("/admin/channels", form | {field: value})
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), value
    assert olga.post("/admin/channels", form).status_code == 303
    account = payments.channel_by_slug(db.session, "manual")
    assert account.settings["hold_hours"] == "12"
    assert (account.can_refund, account.methods) == (False, ("alipay", "wxpay"))
