"""People who run the shop: invited by a link, shut out at once; what a manager may and an arbitrator may not."""

import re

import pytest

from app import accounts, clock, trade
from app.accounts import read_contact
from app.db import db, transaction
from tests.admin.conftest import PASSWORD
from tests.visitor import Visitor

OWNERS = ("/admin/mode", "/admin/channels", "/admin/channels/new", "/admin/people")
STAFFS = ("/admin", "/admin/orders", "/admin/products", "/admin/products/new", "/admin/categories")


def invited(app, role, contact):
    """Somebody's browser, after they set themselves up by a link."""
    link = app.test_cli_runner().invoke(args=["accounts", "invite", role]).output.strip()
    browser = Visitor(app)
    path = link.removeprefix("http://localhost")
    answer = browser.post(path, {"contact": contact, "password": PASSWORD}, page=path)
    assert answer.status_code == 303, answer.text
    return browser, answer.location


@pytest.mark.both_databases
def test_a_manager_runs_the_shop_but_has_no_keys(app, shop):
    shop.owner()
    anna, home = invited(app, "manager", "anna@example.com")
    assert home == "/admin/start"
    for path in STAFFS:
        assert anna.get(path).status_code == 200, path
    text = anna.get("/admin").text
    for path in OWNERS:
        assert anna.get(path).status_code == 403, path
        assert f'href="{path}"' not in text
    assert anna.post("/admin/people", {"role": "manager"}).status_code == 403
    assert anna.post("/admin/mode", {}).status_code == 403
    assert 'href="/admin"' in anna.get("/me").text


def test_an_arbitrator_sees_nothing_of_the_desk(app, shop):
    shop.owner()
    tom, home = invited(app, "arbitrator", "tom@example.com")
    assert home == "/arbitration"
    for path in (*STAFFS, *OWNERS):
        assert tom.get(path).status_code == 403, path
    assert 'href="/admin"' not in tom.get("/me").text
    assert 'href="/arbitration"' in tom.get("/me").text


def test_the_owner_hands_a_link_out_once(app, olga, shop):
    answer = olga.post("/admin/people", {"role": "arbitrator"})
    path = re.search(r"http://localhost(/welcome/[\w-]{22})", answer.text).group(1)
    assert path not in olga.get("/admin/people").text
    tom = Visitor(app)
    assert tom.post(path, {"contact": "13800138000", "password": PASSWORD}, page=path).status_code == 303
    assert Visitor(app).get(path).status_code == 404
    page = olga.get("/admin/people").text
    assert "+86…00" in page
    assert "13800138000" not in page
    assert "olga@example.com" not in page
    assert shop.count("SELECT role FROM account WHERE id = 2") == "arbitrator"


@pytest.mark.parametrize("role", ["buyer", "co-owner", "", None])
def test_nobody_is_invited_as_anything_else(olga, shop, role):
    assert olga.post("/admin/people", {"role": role} if role else {}).status_code == 422
    assert shop.count("SELECT count(*) FROM ticket WHERE used_at IS NULL") == 0


@pytest.mark.both_databases
def test_who_is_shut_out_is_out_at_once(app, olga, shop):
    anna, _ = invited(app, "manager", "anna@example.com")
    account_id = shop.count("SELECT max(id) FROM account")
    assert olga.post(f"/admin/people/{account_id}", {"out": "1"}).status_code == 303
    assert anna.get("/admin").status_code == 302
    assert shop.count("SELECT count(*) FROM session WHERE account_id = :id", id=account_id) == 0
    sign_in = {"contact": "anna@example.com", "password": PASSWORD}
    assert Visitor(app).post("/login", sign_in).status_code == 422
    assert olga.post(f"/admin/people/{account_id}", {"out": "0"}).status_code == 303
    assert Visitor(app).post("/login", sign_in).location == "/admin"


@pytest.mark.both_databases
def test_the_last_owner_stays(olga, shop):
    answer = olga.post("/admin/people/1", {"out": "1"})
    assert answer.status_code == 422
    assert olga.get("/admin").status_code == 200
    assert shop.count("SELECT disabled_at FROM account") is None


def test_buyers_are_no_people_of_the_shop(olga, shop):
    buyer = shop.member("bob@example.com")
    assert olga.post(f"/admin/people/{buyer.account_id}", {"out": "1"}).status_code == 404
    assert "b…b@example.com" not in olga.get("/admin/people").text


def test_a_link_of_one_kind_is_good_for_nothing_else(app, shop, visitor):
    owner = f"/welcome/{transaction(accounts.issue_ticket, 'owner', None, clock.now())}"
    password = transaction(accounts.issue_ticket, "password", None, clock.now())
    somebody = {"contact": read_contact("x@example.com"), "password_hash": "x", "name": "", "now": clock.now()}
    with pytest.raises(accounts.BadTicket):
        transaction(trade.register_staff, token=password, **somebody)
    assert (
        visitor.post(owner, {"contact": "o@example.com", "password": PASSWORD}, page=f"{owner}/shop").status_code == 303
    )
    assert shop.count("SELECT role FROM account") == "owner"
    weak = transaction(accounts.issue_ticket, "manager", None, clock.now())
    answer = Visitor(app).post(
        f"/welcome/{weak}", {"contact": "y@example.com", "password": "elevenchars"}, page=f"/welcome/{weak}"
    )
    assert answer.status_code == 422


def test_two_people_never_read_alike(app, olga):
    """The same mask, and still one is told from the other: by number, and by the name that they gave themselves."""
    anna, _ = invited(app, "manager", "anna@example.com")
    invited(app, "support", "alba@example.com")
    assert anna.post("/me/name", {"name": " Anna <b> "}, page="/me/name").status_code == 303
    page = olga.get("/admin/people").text
    assert "Anna &lt;b&gt; · 店长 · a…a@example.com · #2" in page
    assert "a…a@example.com · #3" in page
    assert "已修改" in olga.get("/admin/audit?act=account.update").text


def test_an_owner_makes_a_link_for_whoever_forgot_the_password(app, olga, shop):
    anna, _ = invited(app, "manager", "anna@example.com")
    buyer = shop.member("bob@example.com")
    pid = shop.node(buyer).pid
    for path in ("/admin/people/1/password", f"/admin/nodes/{pid}/password"):
        assert anna.post(path).status_code == 403
    for page, path, contact in (
        ("/admin/people/2", "/admin/people/2/password", "anna@example.com"),
        (f"/admin/nodes/{pid}", f"/admin/nodes/{pid}/password", "bob@example.com"),
    ):
        link = re.search(r"http://localhost(/passwords/[\w-]{22})", olga.post(path, page=page).text).group(1)
        assert link not in olga.get(page).text
        assert Visitor(app).post(link, {"password": "seven quiet harbour lamps"}, page=link).status_code == 303
        sign_in = {"contact": contact, "password": "seven quiet harbour lamps"}
        assert Visitor(app).post("/login", sign_in).status_code == 303
    db.session.rollback()
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'password_link.create'") == 2
