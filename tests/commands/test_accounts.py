"""`accounts link`: how the operator lets somebody in who lost their password."""

import re

import pytest

from app import clock
from app.clock import MINUTE
from tests import journey
from tests.visitor import Visitor

NEW = "seven quiet harbour lamps"


def run(app, *arguments):
    result = app.test_cli_runner().invoke(args=["accounts", *arguments])
    return result.exit_code, result.output.strip()


def link(app, contact):
    code, text = run(app, "link", contact)
    assert code == 0, text
    found = re.fullmatch(r"http://localhost(/passwords/[\w-]{22})", text)
    assert found, text
    return found.group(1)


@pytest.fixture
def boris(shop, app):
    """Somebody who registered, and has forgotten."""
    return journey.register(Visitor(app), "boris@example.com")


def test_it_lets_in_once(shop, app, boris, visitor):
    path = link(app, " Boris@Example.com ")
    assert visitor.get(path).status_code == 200
    answer = visitor.post(path, {"password": NEW}, page=path)
    assert (answer.status_code, answer.location) == (303, "/me")
    assert "boris@example.com" in visitor.get("/me").text
    assert Visitor(app).get(path).status_code == 404
    journey.log_in(Visitor(app), "boris@example.com", NEW)
    # Whoever was logged in with the old password no longer is.
    assert "boris@example.com" not in boris.get("/me").text


def test_a_newer_link_ends_the_older_one(shop, app, boris, visitor):
    older, newer = link(app, "boris@example.com"), link(app, "boris@example.com")
    assert (visitor.get(older).status_code, visitor.get(newer).status_code) == (404, 200)


def test_it_is_good_for_half_an_hour(shop, app, boris, visitor):
    path = link(app, "boris@example.com")
    with clock.frozen(shop.now + 30 * MINUTE - 1):
        assert visitor.get(path).status_code == 200
    with clock.frozen(shop.now + 30 * MINUTE):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("contact", ["nobody@example.com", "13800138000", "not a contact", ""])
def test_it_says_that_nobody_goes_by_that(shop, app, contact):
    code, text = run(app, "link", contact)
    assert code == 1
    assert text.startswith("Error: ")
    assert "Traceback" not in text
    assert shop.count("SELECT count(*) FROM ticket") == 0


def test_a_link_for_the_owner_is_printed_until_there_is_one(shop, app):
    code, text = run(app, "owner")
    assert code == 0
    assert re.fullmatch(r"http://localhost/welcome/[\w-]{22}", text)
    shop.owner()
    code, text = run(app, "owner")
    assert (code, text.splitlines()[-1]) == (1, "Error: The shop has an owner. Use: accounts link CONTACT")
