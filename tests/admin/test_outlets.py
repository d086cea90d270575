"""Outlets at the merchant's desk: keys are written with the password and never read back."""

import pytest
from markupsafe import escape

from app import outbox
from app.db import db
from app.outbox import PUBLIC
from tests.admin.conftest import HOSTILE, PASSWORD
from tests.fakes.letter_box import Mailbox, Receiver
from tests.visitor import Visitor

pytestmark = pytest.mark.config(inward_networks=("127.0.0.0/8",))
LIST = "/admin/outlets"
MAIL = {
    "name": "邮件", "host": "smtp.example.com", "security": "tls", "port": "", "user": "shop@example.com",
    "mailbox_password": "kqzvwnnptbxcvbdd", "sender": "shop@example.com", "buyers": "y", "distributors": "y",
    "readers": "olga@example.com", "events": ["order.paid", "dispute.opened"], "enabled": "y", "password": PASSWORD,
}  # fmt: skip


def outlets():
    db.session.rollback()
    return outbox.list_outlets(db.session)


def add(olga, carrier="mail", **changes):
    return olga.post(LIST, MAIL | {"carrier": carrier} | changes)


def test_a_mail_server_is_added_and_its_password_never_shown(olga):
    answer = add(olga)
    assert answer.status_code == 303
    [outlet] = outlets()
    assert outlet.settings["mailbox_password"] == "kqzvwnnptbxcvbdd"
    page = olga.get(answer.location).text
    assert "smtp.example.com" in page
    assert "kqzvwnnptbxcvbdd" not in page + olga.get(LIST).text
    sealed = db.session.execute(db.text("SELECT settings_sealed FROM outlet")).scalar()
    assert b"kqzvwnnptbxcvbdd" not in bytes(sealed)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("host", {"host": "https://smtp.example.com"}),
        ("host", {"host": "-a.example"}),
        ("host", {"host": ""}),
        ("port", {"port": "0"}),
        ("port", {"port": "４６５"}),
        ("port", {"port": "70000"}),
        ("security", {"security": "plain"}),
        ("security", {"security": "x"}),
        ("mailbox_password", {"mailbox_password": ""}),
        ("sender", {"sender": "shop"}),
        ("sender", {"sender": "a@b.example, c@d.example"}),
        ("readers", {"readers": ""}),
        ("readers", {"readers": "olga@example.com\nno"}),
        ("readers", {"readers": "\n".join(f"olga{number}@example.com" for number in range(6))}),
        ("events", {"events": ["order.lost"]}),
        ("name", {"name": ""}),
        ("password", {"password": "wrong wrong wrong"}),
        ("password", {"password": ""}),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(olga, field, changes):
    answer = add(olga, **changes)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert outlets() == []


def test_there_is_one_mail_server(olga):
    add(olga)
    answer = add(olga)
    assert (answer.status_code, 'id="host-error"' in answer.text) == (422, True)
    assert "carrier=mail" not in olga.get(f"{LIST}/new").text
    assert len(outlets()) == 1


def test_a_change_wants_the_password_and_a_new_host_the_key(olga, form_of):
    add(olga)
    path = f"{LIST}/{outlets()[0].slug}"
    form = form_of(f"{path}/edit", path)
    assert form["mailbox_password"] == ""
    form["events"] = MAIL["events"]
    assert olga.post(path, form | {"name": "新名字"}).status_code == 303
    answer = olga.post(path, form | {"sender": "eve@example.com"})
    assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
    answer = olga.post(path, form | {"host": "smtp.evil.example", "password": PASSWORD})
    assert (answer.status_code, 'id="mailbox_password-error"' in answer.text) == (422, True)
    assert olga.post(path, form | {"sender": "new@example.com", "password": PASSWORD}).status_code == 303
    [outlet] = outlets()
    assert (outlet.settings["sender"], outlet.settings["host"]) == ("new@example.com", "smtp.example.com")
    assert outlet.settings["mailbox_password"] == "kqzvwnnptbxcvbdd"


def test_the_secret_of_a_webhook_is_drawn_and_shown_until_it_is_saved(olga, form_of):
    form = form_of(f"{LIST}/new?carrier=webhook", LIST)
    secret = form["secret"]
    assert secret.startswith("whsec_")
    assert form_of(f"{LIST}/new?carrier=webhook", LIST)["secret"] != secret
    form |= {"address": "https://example.com/hook", "events": ["order.paid"], "password": PASSWORD}
    answer = olga.post(LIST, form)
    assert answer.status_code == 303
    assert outlets()[0].settings["secret"] == secret
    assert secret not in olga.get(answer.location).text
    for wrong in ("", "whsec_", "whsec_!!!", "secret", "whsec_QUJD"):
        answer = olga.post(LIST, form | {"secret": wrong})
        assert (answer.status_code, 'id="secret-error"' in answer.text) == (422, True), wrong


def test_a_test_message_goes_out_or_says_why_not(olga):
    with Mailbox() as mailbox:
        local = {
            "host": "127.0.0.1",
            "security": "plain",
            "port": str(mailbox.port),
            "user": "",
            "mailbox_password": "",
        }
        add(olga, **local)
        path = f"{LIST}/{outlets()[0].slug}"
        assert "对方已接收测试消息" in olga.post(f"{path}/trials", page=f"{path}/edit").text
        [(to, message)] = mailbox.mails
        assert (to, message["Subject"]) == (("olga@example.com",), "测试消息")
        assert outlets()[0].tested_at
        mailbox.answer = "554 no"
        assert "the server answers 554" in olga.post(f"{path}/trials", page=f"{path}/edit").text
    assert "ConnectionRefusedError" in olga.post(f"{path}/trials", page=f"{path}/edit").text


def test_without_an_address_of_ones_own_there_is_nobody_to_write_to(olga):
    add(olga, readers="", events=[])
    path = f"{LIST}/{outlets()[0].slug}"
    assert "请先在下面填写你自己的邮箱" in olga.post(f"{path}/trials", page=f"{path}/edit").text


@pytest.mark.parametrize("carrier", ["webhook", "telegram", "wecom", "bark"])
def test_a_key_is_in_no_page_and_no_log(olga, caplog, carrier):
    key = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" if carrier == "telegram" else "abcdefgh12345678ABCDEFGH"
    with Receiver(body=b"nothing that anybody understands", status=500) as receiver:
        form = {"name": "x", "address": receiver.url, "chat": "1", "events": list(PUBLIC)[:1], "enabled": "y"}
        form |= {"token": key, "key": key, "password": PASSWORD, "carrier": carrier}
        form["secret"] = key = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=" if carrier == "webhook" else key
        answer = olga.post(LIST, form)
        assert answer.status_code == 303
        path = f"{LIST}/{outlets()[0].slug}"
        page = olga.post(f"{path}/trials", page=f"{path}/edit").text
        assert len(receiver.posts) == 1
    assert "500" in page
    assert key not in page + olga.get(answer.location).text + caplog.text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_shown_as_it_is_meant(olga, text):
    answer = add(olga, name=text[:40])
    assert answer.status_code == 303
    for page in (LIST, answer.location):
        shown = olga.get(page).text
        assert str(escape(text[:40])) in shown
        assert "<" not in text or text[:40] not in shown


def test_only_owners_see_them(app, shop, olga):
    shop.owner("pavel@example.com", PASSWORD, role="manager")
    pavel = Visitor(app)
    pavel.post("/login", {"contact": "pavel@example.com", "password": PASSWORD})
    assert pavel.get(LIST).status_code == 403
    assert pavel.get("/admin/messages").status_code == 200
    assert LIST not in pavel.get("/admin/messages").text
