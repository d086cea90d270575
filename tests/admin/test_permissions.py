"""The matrix of roles, walked: what it grants opens, what it does not grant is 403, and every noun is in it."""

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from app import accounts
from app.admin import DESK, permissions
from tests.admin.conftest import PASSWORD
from tests.visitor import Visitor

ROLES = ("manager", "support", "finance", "arbitrator")
KEYS = ("channels", "receiving_codes", "outlets", "transfers", "people", "modes", "security")


@pytest.fixture
def browsers(app, shop):
    """One browser a role."""
    found = {role: Visitor(app, address=f"203.0.113.{number}") for number, role in enumerate(ROLES)}
    for role, browser in found.items():
        shop.owner(f"{role}@example.com", PASSWORD, role=role)
        sign_in = {"contact": f"{role}@example.com", "password": PASSWORD}
        assert browser.post("/login", sign_in, page="/login").status_code == 303
    return found


def something(taken):
    """What a place of an address takes, and nothing is called by."""
    if isinstance(taken, AnyConverter):
        return sorted(taken.items)[0]
    return 2147483647 if isinstance(taken, IntegerConverter) else "nothing"


def walked(app):
    """(rule, an address of it, method) of every route of the desk."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("admin."):
            values = {name: something(taken) for name, taken in rule._converters.items()}
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, adapter.build(rule.endpoint, values, method=method), method


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_matrix_says_and_nothing_else(app, browsers, role):
    token = browsers[role].token("/orders")
    for rule, path, method in walked(app):
        noun = rule.endpoint.split(".")[1]
        answer = browsers[role]._send(method, path, data={"csrf_token": token} if method == "POST" else None)
        granted = permissions.allows(role, noun, permissions.needed(method, rule.endpoint))
        assert (answer.status_code == 403) != granted, f"{method} {path}: {answer.status_code}"
        assert answer.status_code < 500, path


def test_every_noun_of_the_desk_is_in_the_matrix():
    assert {noun.pages.name for noun in DESK} == set(permissions.MATRIX)


def test_what_is_proved_again_exists(app):
    assert set(app.view_functions) >= permissions.PROVEN


def test_keys_and_people_are_the_owners(app):
    for role in (*ROLES, "buyer"):
        assert not any(permissions.allows(role, noun, right) for noun in KEYS for right in ("read", "write"))
    for role in ("support", "arbitrator", "buyer"):
        assert not permissions.allows(role, "payout_steps", "write")
        assert not permissions.allows(role, "confirmations", "write")


def test_nobody_but_the_desks_own_may_anything():
    for role in set(accounts.STAFF_ROLES) - set(accounts.DESK_ROLES) | {"buyer", ""}:
        assert not any(permissions.allows(role, noun, "read") for noun in permissions.MATRIX)


def test_the_sidebar_shows_what_a_role_may_read(browsers):
    text = browsers["finance"].get("/admin").text
    assert 'href="/admin/payouts"' in text
    assert 'href="/admin/settings"' not in text
    assert 'href="/admin/payouts"' not in browsers["support"].get("/admin").text


def test_who_may_only_read_a_product_is_offered_nothing_else(browsers, shop):
    """The form is shut, without the cost, and no button leads to a 403; the cover can be seen."""
    text = browsers["support"].get("/admin/products/1/edit").text
    assert "<fieldset disabled>" in text
    for part in ('name="cost"', "/cards/new", 'hx-get="/admin/covers', ">保存<"):
        assert part not in text, part
    assert browsers["support"].get("/admin/covers/show.svg").status_code == 200
    assert 'name="cost"' in browsers["manager"].get("/admin/products/1/edit").text
