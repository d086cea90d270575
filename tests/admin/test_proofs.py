"""Keys, payouts and people want the password again after ten minutes; what was typed meanwhile is not lost."""

import re

import pytest

from app import audit, clock
from app.db import db
from tests.admin.conftest import PASSWORD
from tests.conftest import NOW

LATER = NOW + 600


@pytest.fixture
def later(olga):
    """Ten minutes after the log-in."""
    with clock.frozen(LATER):
        yield


def test_a_log_in_is_a_proof_for_ten_minutes(olga):
    assert olga.get("/admin/channels/new").status_code == 200
    with clock.frozen(LATER - 1):
        assert olga.get("/admin/channels/new").location is None
    with clock.frozen(LATER):
        assert olga.get("/admin/channels/new").location == "/admin/proofs/new?next=/admin/channels/new"


@pytest.mark.usefixtures("later")
def test_the_password_opens_the_page_and_is_written_down(olga):
    answer = olga.post("/admin/proofs", {"proof": PASSWORD, "next": "/admin/channels/new"})
    assert answer.location == "/admin/channels/new"
    assert olga.get("/admin/channels/new").status_code == 200
    assert [entry.act for entry in audit.entries_of(db.session, "session")] == ["session.prove"]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_it_leads_nowhere_else(olga, target):
    assert olga.post("/admin/proofs", {"proof": PASSWORD, "next": target}).location == "/admin"


@pytest.mark.usefixtures("later")
def test_a_wrong_password_proves_nothing_and_is_counted(olga):
    for _ in range(5):
        assert olga.post("/admin/proofs", {"proof": "wrong"}).status_code == 422
    assert olga.post("/admin/proofs", {"proof": PASSWORD}).status_code == 429
    assert olga.get("/admin/channels/new").status_code == 303


@pytest.mark.usefixtures("later")
def test_what_was_sent_waits_on_the_page_and_goes_on(olga, shop):
    """A form that was open for too long: the page that asks carries it along, and the answer does what was wanted."""
    asked = olga.post("/admin/people", {"role": "support"})
    assert asked.status_code == 403
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked.text))
    kept.pop("csrf_token")
    assert kept == {"role": "support"}
    assert shop.count("SELECT count(*) FROM ticket WHERE purpose = 'support'") == 0
    assert olga.post("/admin/people", kept | {"proof": "wrong"}).status_code == 403
    assert olga.post("/admin/people", kept | {"proof": PASSWORD}).status_code == 200
    assert shop.count("SELECT count(*) FROM ticket WHERE purpose = 'support'") == 1


@pytest.mark.usefixtures("later")
def test_a_key_that_was_typed_is_not_sent_back(olga):
    answer = olga.post("/admin/channels", {"gateway": "epay", "key": "0123456789abcdef-canary"})
    assert answer.status_code == 303
    assert answer.location.startswith("/admin/proofs/new")
    assert "canary" not in answer.text + answer.location
