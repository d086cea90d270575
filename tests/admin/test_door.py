"""Who may come to the merchant's desk (Z01, Z04)."""

import pytest

from tests.visitor import Visitor


@pytest.fixture
def paths(app):
    """Every address of the desk, with something in each place."""
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    values = {
        "number": "0000000000000000",
        "slug": "sandbox",
        "method": "alipay",
        "act": "suspension",
        "noun": "orders",
    }
    values |= {"refund_number": "NOTHING", "picture": "NOTHING", "step": "approval", "kind": "terms"}
    return [
        (method, adapter.build(rule.endpoint, {name: values.get(name, 1) for name in rule.arguments}))
        for rule in rules
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def test_it_sends_strangers_to_the_log_in_and_back(app, shop, paths):
    visitor = Visitor(app)
    token = visitor.token("/login")
    for method, path in paths:
        answer = visitor._send(method, path, data={"csrf_token": token} if method == "POST" else None)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/login?next=/admin"), path
        fragment = visitor._send(method, path, headers={"HX-Request": "true", "X-CSRFToken": token})
        assert fragment.status_code == 403, path


def test_it_refuses_buyers(app, shop, paths):
    visitor = Visitor(app)
    answer = visitor.post(
        "/register", {"contact": "dan@example.com", "password": "four unrelated plain words"}, page="/register"
    )
    assert answer.status_code == 303
    token = visitor.token("/me")
    for method, path in paths:
        data = {"csrf_token": token} if method == "POST" else None
        assert visitor._send(method, path, data=data).status_code == 403, path


def test_it_takes_no_form_without_a_token(olga, paths):
    for method, path in paths:
        if method == "POST":
            assert olga._send("POST", path, data={}).status_code == 400, path
