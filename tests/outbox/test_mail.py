"""Mail, through a mail server that others wrote."""

import ssl
from importlib import import_module

import pytest

from app import outbox, trade
from app.clock import DAY, MINUTE
from app.db import db, transaction
from tests.fakes.epay_server import certificate
from tests.fakes.letter_box import Mailbox
from tests.outbox.conftest import mail_settings, open_outlet
from tests.shop import Person

mail = import_module("app.outbox.carriers.mail")
BUYER = Person("bao@example.com")


def words(message, kind="plain"):
    return message.get_body((kind,)).get_content()


@pytest.fixture
def post(shop, mailbox):
    return open_outlet("mail", mail_settings(mailbox))


@pytest.mark.both_databases
def test_a_buyer_gets_the_goods_once(shop, mailbox, post, tell):
    placed = shop.buy(BUYER)
    assert tell() == [("order.delivered", "buyer", "sent")]
    assert tell() == [("order.delivered", "buyer", "sent")]
    [(to, message)] = mailbox.mails
    assert to == ("bao@example.com",)
    assert message["Subject"] == "你的商品：教程 ps"
    assert message["From"] == "藤卡小铺 <shop@tengka.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        text = words(message, kind)
        assert "PS-00000" in text
        assert "¥100.00" in text
        assert f"http://localhost/orders/{placed.number}?key={placed.secret}" in text.replace("&amp;", "&")


def test_a_phone_gets_no_mail(shop, mailbox, post, tell):
    shop.buy(Person("13800138000"))
    assert tell() == []
    assert mailbox.mails == []


def test_nothing_of_a_letter_is_kept_in_clear(shop, mailbox, post, tell):
    mailbox.answer = "451 later"
    shop.buy(BUYER)
    tell()
    rows = (
        db.session.execute(db.text("SELECT * FROM letter")).all()
        + db.session.execute(db.text("SELECT * FROM message")).all()
    )
    db.session.rollback()
    assert rows
    assert not any("bao" in str(value) or "PS-0" in str(value) for row in rows for value in row)


def test_what_a_buyer_hears_of_refunds_and_new_codes(shop, mailbox, post, tell):
    placed = shop.buy(BUYER)
    tell()
    order_id = shop.order_id(placed)
    card_id = shop.count("SELECT id FROM card WHERE order_id = :id", id=order_id)
    transaction(trade.replace_card, order_id, card_id, actor="account:1", reason="dead", now=shop.now)
    shop.refund(placed, 2500)
    tell()
    assert [message["Subject"] for _, message in mailbox.mails[1:]] == [
        f"你的订单 {placed.number} 换了新卡密",
        "已退款：¥25.00",
    ]
    assert "PS-00001" in words(mailbox.mails[1][1])
    assert "PS-00000" not in words(mailbox.mails[1][1])


def test_goods_that_were_refunded_meanwhile_are_not_sent(shop, mailbox, post, tell):
    mailbox.answer = "451 later"
    placed = shop.buy(BUYER)
    assert tell() == [("order.delivered", "buyer", "pending")]
    shop.refund(placed, 10000)
    mailbox.answer = "250 taken"
    assert ("order.delivered", "buyer", "dropped") in tell(shop.now + MINUTE)
    assert [message["Subject"] for _, message in mailbox.mails] == ["已退款：¥100.00"]


def test_distributors_hear_what_they_asked_for(shop, mailbox, post, tell):
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    transaction(outbox.choose, anna.account_id, ["earned", "released"], "en", shop.now)
    shop.buy(Person("13800138000"), via=boris)
    shop.buy(Person("13800138001"), via=boris)
    assert tell() == [("commission.held", "distributor", "sent")] * 2
    for to, message in mailbox.mails:
        assert (to, message["Subject"]) == (("anna@example.com",), "You earned ¥5.00")
        assert "http://localhost/partner/wishes" in words(message)
        assert "1380013800" not in words(message)
    shop.pass_days(8)
    # One mail a day, when the day is over.
    assert tell()[2:] == [("commission.released", "distributor", "pending")]
    assert tell(shop.now + DAY)[2:] == [("commission.released", "distributor", "sent")]
    assert mailbox.mails[2][1]["Subject"] == "¥10.00 became available"


def test_whoever_takes_the_wish_back_gets_no_more(shop, mailbox, post, tell):
    anna = shop.member("anna@example.com")
    transaction(outbox.choose, anna.account_id, ["earned"], "zh_CN", shop.now)
    mailbox.answer = "451 later"
    shop.buy(Person("13800138000"), via=anna)
    assert tell() == [("commission.held", "distributor", "pending")]
    transaction(outbox.choose, anna.account_id, [], "zh_CN", shop.now)
    mailbox.answer = "250 taken"
    assert tell(shop.now + MINUTE) == [("commission.held", "distributor", "dropped")]
    assert mailbox.mails == []


def test_the_merchant_reads_it_at_all_addresses(shop, mailbox, tell):
    readers = {"readers": "olga@shop.example\npavel@shop.example", "events": ["order.paid"], "buyers": False}
    open_outlet("mail", mail_settings(mailbox, **readers))
    shop.buy(BUYER)
    assert tell() == [("order.paid", "merchant", "sent")]
    [(to, message)] = mailbox.mails
    assert to == ("olga@shop.example", "pavel@shop.example")
    assert message["Subject"] == "已付款：¥100.00"


@pytest.mark.parametrize("title", ["A\r\nBcc: eve@evil.example", "A\nX: y", "=?utf-8?q?x?=\r\n\r\n<b>"])
def test_no_text_begins_a_header_of_its_own(mailbox, title):
    """I07: whatever somebody typed, the mail has the headers that the shop wrote, and the receiver that it meant."""
    values = {"title": title, "text": "x", "to": ("bao@example.com",), "shop_name": title}
    outbox.CARRIERS["mail"].send(mail_settings(mailbox), outbox.Dispatch("N", "order.paid", 1, 1, **values))
    [(to, message)] = mailbox.mails
    assert to == ("bao@example.com",)
    assert message["Bcc"] is None
    assert message["X"] is None
    assert {name.lower() for name in message} == {
        "from", "to", "subject", "date", "message-id", "auto-submitted", "content-type", "content-transfer-encoding",
        "mime-version",
    } | ({"x-peer"} & {name.lower() for name in message})  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("451 later", "pending", "the server answers 451"),
        ("554 spam", "failed", "the server answers 554"),
        ("421 busy", "pending", "the server answers 421"),
    ],
)
def test_what_the_server_says_decides(shop, mailbox, post, tell, answer, state, reason):
    mailbox.answer = answer
    shop.buy(BUYER)
    tell()
    [letter], _ = outbox.list_letters(db.session)
    assert (letter.state, letter.reason) == (state, reason)


@pytest.mark.parametrize(
    ("answer", "state"), [("550 nobody <bao@example.com>", "failed"), ("450 greylisted", "pending")]
)
def test_a_receiver_that_is_refused(shop, mailbox, post, tell, answer, state):
    mailbox.refuses["bao@example.com"] = answer
    shop.buy(BUYER)
    tell()
    [letter], _ = outbox.list_letters(db.session)
    assert (letter.state, letter.reason) == (state, f"the server refuses the receiver ({answer[:3]})")


def test_a_server_that_is_down_loses_nothing(shop, mailbox, post, tell):
    """F10: the code is on the page, the mail waits, is tried again, and the merchant sees it."""
    mailbox.stop()
    placed = shop.buy(BUYER)
    assert tell() == [("order.delivered", "buyer", "pending")]
    [letter], _ = outbox.list_letters(db.session)
    assert letter.reason == "no connection: ConnectionRefusedError"
    assert shop.count("SELECT delivered_at FROM orders WHERE number = :n", n=placed.number) == shop.now
    mailbox.start()
    assert tell(shop.now + MINUTE) == [("order.delivered", "buyer", "sent")]
    assert len(mailbox.mails) == 1


# The mail server does not know that its whole connection is encrypted.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_it_is_encrypted_and_the_server_is_known(tmp_path, monkeypatch, security):
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    dispatch = outbox.Dispatch("N", "order.paid", 1, 1, title="x", text="y", to=("bao@example.com",))
    with Mailbox(user="olga", password="secret", context=context, starts_tls=security == "starttls") as mailbox:
        settings = mail_settings(mailbox, security=security, user="olga", mailbox_password="secret")
        # Nobody vouches for this certificate.
        with pytest.raises(outbox.Undelivered, match="SSLCertVerificationError"):
            outbox.CARRIERS["mail"].send(settings, dispatch)
        monkeypatch.setattr(mail, "CERTIFICATES", ssl.create_default_context(cafile=path))
        outbox.CARRIERS["mail"].send(settings, dispatch)
        assert len(mailbox.mails) == 1
        with pytest.raises(outbox.Undelivered, match=r"refuses user or password \(535\)") as refused:
            outbox.CARRIERS["mail"].send(settings | {"mailbox_password": "wrong"}, dispatch)
        assert not refused.value.is_final
        assert "wrong" not in str(refused.value)
