"""Who may change: roles, shutting out, and the second factor of somebody who lost theirs (A03, D08)."""

import re

import pytest

from app import accounts, audit, clock
from app.accounts import LastOwner
from app.db import db, transaction
from tests import journey, second_factor
from tests.admin.conftest import PASSWORD
from tests.conftest import NOW
from tests.crowd import at_once
from tests.visitor import Visitor


@pytest.fixture
def anna(app, olga, shop):
    """A manager, with a browser."""
    person = shop.owner("anna@example.com", PASSWORD, role="manager")
    browser = journey.log_in(Visitor(app), "anna@example.com", PASSWORD)
    browser.account_id = person.account_id
    return browser


def role_of(shop, account_id):
    return shop.count("SELECT role FROM account WHERE id = :id", id=account_id)


@pytest.mark.both_databases
def test_a_new_role_ends_every_session_and_every_invitation(app, olga, anna, shop):
    olga.post("/admin/people", {"role": "finance"})
    answer = olga.post(f"/admin/people/{anna.account_id}/role", {"role": "support"})
    assert answer.location == f"/admin/people/{anna.account_id}"
    assert anna.get("/admin").status_code == 302
    assert shop.count("SELECT count(*) FROM ticket WHERE used_at IS NULL") == 0
    journey.log_in(anna, "anna@example.com", PASSWORD)
    assert (anna.get("/admin/orders").status_code, anna.get("/admin/payouts").status_code) == (200, 403)
    entry = audit.entries_of(db.session, f"account:{anna.account_id}")[1]
    assert (entry.act, entry.account_id, entry.change) == ("role.update", 1, {"role": ("manager", "support")})


@pytest.mark.parametrize("role", ["buyer", "admin", "", "co-owner"])
def test_there_are_no_other_roles(olga, anna, shop, role):
    assert olga.post(f"/admin/people/{anna.account_id}/role", {"role": role}).status_code == 422
    assert role_of(shop, anna.account_id) == "manager"


def test_nobody_but_an_owner_gives_roles(olga, anna, shop):
    for path in ("/admin/people/1/role", "/admin/people/2/role", "/admin/people/1/factor/removal"):
        assert anna.post(path, {"role": "owner"}).status_code == 403
    dan = shop.member("dan@example.com")
    assert olga.post(f"/admin/people/{dan.account_id}/role", {"role": "owner"}).status_code == 404
    assert role_of(shop, dan.account_id) == "buyer"


def test_the_last_owner_is_not_demoted(olga, shop):
    assert olga.post("/admin/people/1/role", {"role": "manager"}).status_code == 422
    assert role_of(shop, 1) == "owner"
    assert "/admin/people/1/role" not in olga.get("/admin/people/1").text


@pytest.mark.both_databases
@pytest.mark.parametrize("way", ["demoted", "shut out", "one of each"])
def test_two_owners_do_not_end_each_other_at_once(app, shop, way):
    one, two = shop.owner("one@example.com").account_id, shop.owner("two@example.com", role="co-owner").account_id
    demote = [lambda number=number: transaction(accounts.change_role, number, "support", NOW) for number in (one, two)]
    shut = [lambda number=number: transaction(accounts.disable_account, number, NOW) for number in (one, two)]
    acts = {"demoted": demote, "shut out": shut, "one of each": [demote[0], shut[1]]}[way]
    found = at_once(app, acts)
    assert sorted(isinstance(each, LastOwner) for each in found) == [False, True]
    assert shop.count("SELECT count(*) FROM account WHERE role = 'owner' AND disabled_at IS NULL") == 1


def test_another_owner_is_invited_by_an_owner(app, olga, shop):
    path = re.search(r"http://localhost(/welcome/[\w-]{22})", olga.post("/admin/people", {"role": "owner"}).text).group(
        1
    )
    form = {"contact": "omar@example.com", "password": PASSWORD}
    assert Visitor(app).post(path, form, page=path).status_code == 303
    assert role_of(shop, 2) == "owner"
    assert olga.post("/admin/people/1/role", {"role": "manager"}).status_code == 303
    assert olga.get("/admin").status_code == 302


def test_an_owner_takes_a_lost_factor_off(app, olga, anna, shop):
    second_factor.guard(anna)
    assert "badge-good" in olga.get(f"/admin/people/{anna.account_id}").text
    path = f"/admin/people/{anna.account_id}/factor/removal"
    assert olga.post(path).status_code == 303
    assert anna.get("/admin").status_code == 302
    assert journey.log_in(Visitor(app), "anna@example.com", PASSWORD).get("/admin").status_code == 200
    assert shop.count("SELECT count(*) FROM recovery_code") == 0
    second_factor.guard(journey.log_in(anna, "anna@example.com", PASSWORD))
    run = app.test_cli_runner().invoke(args=["accounts", "unguard", "anna@example.com"])
    assert run.exit_code == 0
    assert not accounts.has_second_factor(db.session, anna.account_id)
    acts = [(entry.act, entry.account_id) for entry in audit.entries_of(db.session, f"account:{anna.account_id}")]
    assert acts[0] == ("factor.destroy", None)


def test_it_asks_who_one_is_first(olga, anna, shop):
    with clock.frozen(NOW + 600):
        assert olga.post(f"/admin/people/{anna.account_id}/role", {"role": "owner"}).status_code == 403
    assert role_of(shop, anna.account_id) == "manager"
