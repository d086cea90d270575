"""P07: after the times of the privacy page, what was kept for a time is gone, and every sum is what it was."""

from hashlib import sha256

import pytest

from app import accounts, audit, clock, ledger, trade
from app.clock import DAY
from app.commands.worker import run_job
from app.db import db, transaction
from app.errors import Refusal
from app.payments import KeptNotice
from app.referral import Trace, sight
from tests.conftest import NOW
from tests.shop import Person

LEFT = {
    "SELECT count(*) FROM click WHERE address_prefix IS NOT NULL OR agent_hash IS NOT NULL OR device_hash IS NOT NULL": 0,
    "SELECT count(*) FROM sighting": 0,
    "SELECT count(*) FROM attribution WHERE network_index IS NOT NULL": 0,
    "SELECT count(*) FROM session": 0,
    "SELECT count(*) FROM spent_token": 0,
    "SELECT count(*) FROM passkey_challenge": 0,
    "SELECT count(*) FROM audit_origin": 0,
    "SELECT count(*) FROM notice WHERE length(body) + length(query) + length(headers) + length(address) > 0": 0,
}
KEPT = ("click", "notice", "audit_entry", "journal", "posting", "orders", "commission")


@pytest.fixture
def told(shop):
    """A shop in which everything that is kept for a time has something."""
    anna = shop.member("anna@example.com")
    trace = Trace(b"network", b"agent", NOW)
    shop.buy(Person("bo@example.com"), via=anna, trace=trace)
    owner = shop.owner()
    transaction(accounts.open_session, owner.account_id, "owner", NOW)
    transaction(accounts.spend, "token", NOW + 60)
    site = accounts.Site("shop", "localhost", "http://localhost")
    transaction(accounts.draw_signature, owner.account_id, "holder", site, NOW)
    transaction(sight, shop.node(anna).id, trace)
    transaction(audit.record, audit.Who(owner.account_id, "192.0.2.7", "Mozilla", "r", NOW), "role.change", "account:1")
    return shop


def counts(shop):
    return {table: shop.count(f"SELECT count(*) FROM {table}") for table in KEPT}


def figures():
    found = {finding.id: (finding.figure, finding.broken) for finding in ledger.check_books(db.session)}
    db.session.rollback()
    return found


@pytest.mark.both_databases
def test_the_worker_forgets_in_time_and_the_sums_stay(app, told):
    before = counts(told), figures()
    notice = db.session.query(KeptNotice).first()
    words = b"\n".join([b"GET\n", b"", bytes(notice.query), b""])
    db.session.rollback()
    assert all(told.count(query) for query in LEFT)
    with clock.frozen(NOW + 200 * DAY):
        assert run_job(app, "tidy", "one")
    assert {query: told.count(query) for query in LEFT} == LEFT
    assert (counts(told), figures()) == before
    assert bytes(told.count("SELECT words_hash FROM notice")) == sha256(words).digest()
    with db.engine.connect() as connection:
        assert audit.verify_chain(connection).broken is None


def test_what_is_young_is_kept(app, told):
    with clock.frozen(NOW + 29 * DAY):
        assert run_job(app, "tidy", "one")
    kept = {query for query in LEFT if told.count(query)}
    assert len(kept) == 5, kept


def test_a_notice_without_words_is_not_judged_once_more(app, told):
    with clock.frozen(NOW + 200 * DAY):
        assert run_job(app, "tidy", "one")
    notice = db.session.query(KeptNotice).first()
    with pytest.raises(Refusal, match="no longer kept"):
        trade.replay(told.channel, notice, NOW, actor="account:1", reason="test")
