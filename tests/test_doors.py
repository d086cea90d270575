"""Z01: every route, for everybody. `doors.txt` says what each may expect; a route that is not in it fails."""

from pathlib import Path

import pytest

from app import accounts
from app.db import db, transaction
from tests import journey
from tests.conftest import NOW
from tests.shop import Person
from tests.visitor import Visitor

EXPECTED = Path(__file__).with_name("doors.txt")
ROLES = ("stranger", "buyer", "holder", "distributor", "owner")
STAFF = ("manager", "support", "finance", "arbitrator")
PASSWORD = "plum river granite 42"


@pytest.fixture
def people(app, shop):
    """One visitor a role; the holder's browser has the secret of the order that the walk looks at."""
    holder = Person("holder@example.com")
    placed = shop.buy(holder)
    visitors = {role: Visitor(app, address=f"203.0.113.{number}") for number, role in enumerate((*ROLES, *STAFF), 1)}
    visitors["holder"].get(f"/orders/{placed.number}?key={placed.secret}")
    for role in ("buyer", "distributor"):
        form = {"contact": f"{role}@example.com", "password": PASSWORD}
        assert visitors[role].post("/register", form, page="/register").status_code == 303
    journey.join(visitors["distributor"])
    for role in ("owner", *STAFF):
        shop.owner(f"{role}@example.com", PASSWORD, role=role)
        form = {"contact": f"{role}@example.com", "password": PASSWORD}
        assert visitors[role].post("/login", form, page="/login").status_code == 303
    return visitors, placed


def filled(rule, placed):
    values = {
        "number": placed.number,
        "token": "nothing",
        "alias": "NOTHING",
        "slug": "ps",
        "filename": "img/favicon.svg",
    }
    values |= {
        "channel": "sandbox",
        "product_id": 1,
        "category_id": 1,
        "name": "x",
        "noun": "orders",
        "account_id": 1,
        "tier_id": 1,
        "flag_id": 1,
        "rebind_id": 1,
        "notice_id": 2147483647,
        "bill_id": 2147483647,
    }
    values |= {"kind": "terms", "version": 0, "digest": "nothing"}
    values |= {"claim_id": 1, "method": "alipay", "act": "suspension"}
    values |= {"refund_number": "NOTHING", "picture": "NOTHING", "step": "approval"}
    values["pid"] = db.session.execute(db.text("SELECT pid FROM node ORDER BY id LIMIT 1")).scalar()
    db.session.rollback()
    if any(noun in rule.endpoint for noun in ("channels", "receiving_codes", "hooks")):
        values["slug"] = "sandbox"
    if "archives" in rule.endpoint:
        # Or the product would not be there for those that come after.
        del values["product_id"]
    if "category_removals" in rule.endpoint:
        del values["category_id"]
    # What is not named here is nothing that exists.
    return {name: values.get(name, 2147483647) for name in rule.arguments}


def walk(app, people, placed):
    adapter = app.url_map.bind("localhost")
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    for number, rule in enumerate(rules):
        roles = (*ROLES, *STAFF) if rule.endpoint.startswith(("admin.", "arbitration.")) else ROLES
        for position, role in enumerate(roles, 1):
            # From elsewhere each time, or wrong guesses would add up to a limit.
            people[role].address = f"198.{18 + number // 256}.{number % 256}.{position}"
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            path = adapter.build(rule.endpoint, filled(rule, placed), method=method)
            codes = [knock(people[role], method, path, rule.endpoint) for role in roles]
            yield f"{method:<5} {rule.endpoint:<32} " + " ".join(str(code) for code in codes)


def knock(visitor, method, path, endpoint):
    """Ask for a page, or send an empty form with a good token; what would undo the walk is sent without one."""
    if method == "GET":
        return visitor.get(path).status_code
    token = {} if endpoint.endswith(".destroy") else {"csrf_token": visitor.token("/orders")}
    return visitor._send(method, path, data=token).status_code


def test_every_door_opens_for_whom_it_should(app, people):
    visitors, placed = people
    found = list(walk(app, visitors, placed))
    expected = [line for line in EXPECTED.read_text().splitlines() if line and not line.startswith("#")]
    assert found == expected


@pytest.mark.parametrize("role", ["stranger", "buyer", "distributor"])
def test_fragments_of_the_merchant_are_refused(app, people, role):
    """Z04: asking as htmx does opens nothing."""
    visitors, _ = people
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for path in ("/admin/products", "/admin/orders", "/admin/channels", "/admin"):
        assert visitors[role].get(path, headers=headers).status_code == 403


def test_a_stranger_is_not_shown_a_log_in_page_inside_a_fragment(visitor):
    answer = visitor.get("/partner/commissions", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "field", ["role", "is_admin", "is_owner", "balance", "parent_id", "rate_bps", "account_id", "state"]
)
def test_no_form_takes_more_than_it_shows(shop, visitor, field):
    """Z03."""
    form = {"contact": "x@example.com", "password": PASSWORD, field: "owner"}
    assert visitor.post("/register", form, page="/register").status_code == 303
    assert shop.count("SELECT role FROM account") == "buyer"
    assert visitor.get("/admin").status_code == 403


def test_the_set_up_is_shut_behind_the_first_owner(shop, visitor, app):
    """D01, D11."""
    token = transaction(accounts.issue_ticket, "owner", None, NOW)
    shop.owner()
    form = {"contact": "evil@example.com", "password": "another long enough phrase", "name": "Evil"}
    for path in (f"/welcome/{token}", "/welcome/wrong"):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, form).status_code == 404
    assert shop.count("SELECT count(*) FROM account") == 1


@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/shop.sqlite3", "/backup.zip", "/console", "/static/../wsgi.py"]
)
def test_what_scanners_look_for_is_not_there(visitor, path):
    """H05."""
    assert visitor.get(path).status_code == 404
