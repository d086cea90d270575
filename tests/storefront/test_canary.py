"""P03, P06: what is planted as a secret comes back nowhere - no log, no error page, no address, no list of backups."""

import io
import logging
import re

import pytest

from app import care, redaction, settlement
from app.db import db, transaction
from tests import journey
from tests.care.restoring import premises
from tests.conftest import NOW
from tests.shop import KEY, Person
from tests.visitor import Visitor

PASSWORD = "canary-granite-plum-42"
PAYEE = "canarypayee@example.com"
OLGA = "olga-canary@example.com"


@pytest.fixture
def log():
    """What the operator's log holds in the end."""
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = [*root.handlers], root.level
    handler = redaction.install(stream)
    yield stream.getvalue
    root.removeHandler(handler)
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def planted(app, shop, visitor):
    """A shop with secrets of every kind: (name -> secret, the address with the order's secret in it)."""
    shop.owner(OLGA, PASSWORD)
    member = shop.member("distributor-canary@example.com")
    row = {"method": "alipay", "name": "Canary Name", "account": PAYEE}
    transaction(settlement.save_payee, member.account_id, now=NOW, **row)
    placed = shop.buy(Person("buyer-canary@example.com"))
    code = visitor.get(f"/orders/{placed.number}/goods.txt?key={placed.secret}")
    page = visitor.navigate(f"/orders/{placed.number}?key={placed.secret}")
    assert page.status_code in (200, 302, 303), code
    goods = visitor.get(f"/orders/{placed.number}/goods.txt").text.strip()
    assert goods.startswith("PS-")
    secrets = {"password": PASSWORD, "code": goods, "gateway key": KEY, "payee": PAYEE, "token": placed.secret}
    return secrets, placed


def provoke(app, visitor, placed):
    """Things that go wrong with a secret in hand, each with what was answered."""
    form = {"contact": OLGA, "password": f"{PASSWORD}x"}
    yield visitor.post("/login", form, page="/login")
    yield visitor.get(f"/orders/{placed.number}0?key={placed.secret}")
    yield visitor.get(f"/hooks/payments/sandbox?key={KEY}&sign=0&out_trade_no=1")
    yield visitor._send("POST", "/hooks/payments/sandbox", data=f"key={KEY}&password={PASSWORD}")
    yield visitor.get(f"/nothing/{placed.number}")
    yield visitor.get("/breaks")


def test_no_secret_is_told_again(app, planted, log, instance, database, monkeypatch):
    secrets, placed = planted
    stranger = Visitor(app, address="198.51.100.7")
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False

    def broken(*_anything):
        raise RuntimeError(f"key={KEY} password={PASSWORD} token={placed.secret} payee: {PAYEE}")

    monkeypatch.setitem(app.view_functions, "storefront.products.index", broken)
    answers = [*provoke(app, stranger, placed), stranger.get("/")]
    assert answers[-1].status_code == 500
    told = "".join(answer.text for answer in answers if answer.status_code >= 400)
    told += "".join(stranger.get(path).text for path in ("/healthz", "/readyz"))
    key, recipient = care.draw_recovery_key()
    db.session.rollback()
    kept = care.make_backup(premises(instance, database), now=NOW, recipient=recipient)
    listing = f"{kept!r}{''.join(path.read_text() for path in (instance / 'backups').glob('*.json'))}"
    logging.getLogger("test").error("restoring with %s", key)
    for name, secret in (secrets | {"recovery key": key}).items():
        for place, text in (("log", log()), ("error pages", told), ("backups", listing)):
            assert secret not in text, f"{name} in {place}"
    assert "RuntimeError" in log()


def test_no_page_of_an_order_hands_its_secret_on(app, planted):
    """P06: the secret leaves the address at once, and stands in no link that leads away."""
    secrets, placed = planted
    visitor = Visitor(app)
    first = visitor.navigate(f"/orders/{placed.number}?key={placed.secret}")
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert first.status_code in (302, 303)
    assert "key=" not in first.location
    page = visitor.get(first.location)
    assert page.status_code == 200
    assert not [
        url
        for url in re.findall(r'(?:href|src|action)="([^"]*)"', page.text)
        if secrets["token"] in url and "//" in url
    ]
    unpaid = Visitor(app, address="192.0.2.99")
    number = journey.order(unpaid, "eve@example.com")
    payment = unpaid.get(f"/orders/{number}/payment")
    assert not re.findall(r'href="https?://[^"]*key=', payment.text)
