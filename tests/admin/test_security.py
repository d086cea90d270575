"""Security: how long somebody stays logged in, how often they may err, and whether all of them need a second factor."""

import pytest

from app import clock
from app.clock import DAY, HOUR, MINUTE
from tests import second_factor
from tests.admin.conftest import PASSWORD
from tests.conftest import NOW
from tests.visitor import Visitor

PATH = "/admin/security"


@pytest.fixture
def secure(olga, form_of):
    def save(**changes):
        return olga.post(PATH, form_of(PATH, PATH) | {name: str(value) for name, value in changes.items()})

    return save


def is_in(visitor, at, path="/admin"):
    with clock.frozen(NOW + at):
        return visitor.get(path).status_code == 200


def test_whoever_runs_the_shop_is_out_after_the_time_that_is_set(olga, secure):
    assert secure(staff_idle_minutes=5).status_code == 303
    assert is_in(olga, 5 * MINUTE)
    assert not is_in(olga, 10 * MINUTE + 2)


def test_a_life_that_was_made_shorter_holds_at_once(olga, secure):
    assert secure(staff_hours=1, staff_idle_minutes=120).status_code == 303
    assert is_in(olga, HOUR - 1)
    assert not is_in(olga, HOUR)


def test_a_longer_life_holds_from_the_next_log_in(app, olga, secure):
    assert secure(staff_hours=24, staff_idle_minutes=120).status_code == 303
    again = Visitor(app, address="192.0.2.50")
    again.post("/login", {"contact": "olga@example.com", "password": PASSWORD}, page="/login")
    for hours in range(1, 24):
        assert is_in(again, hours * HOUR), hours
    assert not is_in(again, 24 * HOUR)


def test_buyers_have_times_of_their_own(app, secure):
    assert secure(buyer_idle_days=1, buyer_days=2).status_code == 303
    dora = Visitor(app, address="192.0.2.51")
    dora.post("/register", {"contact": "dora@example.com", "password": "plum river granite 42"}, page="/register")
    assert is_in(dora, DAY - 1, "/me/security")
    assert is_in(dora, 2 * DAY - 2, "/me/security")
    assert not is_in(dora, 2 * DAY, "/me/security")


@pytest.mark.parametrize("tries", [3, 7])
def test_wrong_passwords_are_as_many_as_is_set(app, secure, tries):
    assert secure(login_tries=tries).status_code == 303
    for number in range(tries):
        guess = Visitor(app, address=f"198.51.100.{number}")
        assert guess.post("/login", {"contact": "olga@example.com", "password": "x"}, page="/login").status_code == 422
    late = Visitor(app, address="198.51.100.99")
    assert late.post("/login", {"contact": "olga@example.com", "password": PASSWORD}, page="/login").status_code == 429


def test_a_second_factor_can_be_asked_of_everybody(app, shop, olga, secure):
    answer = secure(staff_factor="y")
    assert (answer.status_code, 'id="staff_factor-error"' in answer.text) == (422, True), "Olga has none herself"
    second_factor.guard(olga)
    assert secure(staff_factor="y").status_code == 303
    for role, home in (("manager", "/admin"), ("arbitrator", "/arbitration")):
        person = Visitor(app, address=f"192.0.2.{len(role) + 60}")
        shop.owner(f"{role}@example.com", PASSWORD, role=role)
        person.post("/login", {"contact": f"{role}@example.com", "password": PASSWORD}, page="/login")
        assert person.get(home).status_code == 303
        assert person.post(f"{home}/orders", {}).status_code in (303, 404, 405)
        assert person.get("/me/security").status_code == 200
        second_factor.guard(person)
        assert person.get(home).status_code == 200
    assert olga.get("/admin").status_code == 200
