"""`payments reconcile`: every unpaid payment since a time is asked about, and a line says what came of each."""

import re
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from app import payments, trade
from app.db import transaction
from tests.fakes.epay_server import EpayServer
from tests.payments.starting import begin
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def provider():
    with EpayServer() as server:
        yield server


@pytest.fixture
def channel(shop, provider):
    values = {"gateway": "epay", "name": "易支付", "settings": provider.settings(), "enabled": True, "now": shop.now}
    transaction(payments.create_channel, slug="epay", **values)
    return transaction(payments.channel_by_slug, "epay")


@pytest.fixture
def place(shop, channel):
    def place(number):
        placed = shop.place(Person(f"p{number}@example.com"), channel="epay", address=f"198.51.{number}.1")
        with urlopen(begin(channel, placed.payment_number).url, timeout=5):
            return placed

    return place


def reconcile(app, since, *more):
    told = datetime.fromtimestamp(since, UTC).isoformat()
    result = app.test_cli_runner().invoke(args=["payments", "reconcile", "--since", told, *more])
    return result.exit_code, result.output


def outcome(output, placed):
    return re.search(rf"^{placed.payment_number} .*  (.+)$", output, re.MULTILINE).group(1)


def test_it_finds_what_no_callback_told_of_expired_orders_too(app, shop, provider, place):
    lost, late, unpaid = place(1), place(2), place(3)
    for placed in (lost, late):
        provider.pay(placed.payment_number)
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    code, output = reconcile(app, shop.now - 3600)
    assert (code, output.splitlines()[-1]) == (0, "3 unpaid payments asked about, 2 of them settled.")
    assert [outcome(output, one) for one in (lost, late, unpaid)] == ["PAID, and settled now"] * 2 + ["not paid"]
    assert shop.count("SELECT count(*) FROM orders WHERE state = 'paid'") == 2
    assert reconcile(app, shop.now - 3600)[1].splitlines()[-1] == "1 unpaid payments asked about, 0 of them settled."


def test_only_since_then_and_only_one_channel(app, shop, provider, place):
    place(1)
    shop.now += 100
    placed = shop.place(Person("dan@example.com"), address="198.51.100.9")
    _, output = reconcile(app, shop.now)
    assert outcome(output, placed) == "the provider did not answer"
    assert output.splitlines()[-1] == "1 unpaid payments asked about, 0 of them settled."
    _, output = reconcile(app, shop.now - 100, "--channel", "epay")
    assert placed.payment_number not in output
    assert output.splitlines()[-1] == "1 unpaid payments asked about, 0 of them settled."


def test_more_than_one_batch(app, shop, provider, channel, monkeypatch):
    monkeypatch.setattr(payments.unpaid_since, "__kwdefaults__", {"channel_id": None, "batch": 2})
    for number in range(5):
        shop.place(Person(f"p{number}@example.com"), channel="epay", address=f"198.51.{number}.1")
    assert reconcile(app, shop.now)[1].splitlines()[-1].startswith("5 unpaid payments")


@pytest.mark.parametrize(
    ("more", "words"),
    [(("--channel", "nosuch"), "There is no channel nosuch."), (("--since", "yesterday"), "give a time")],
)
def test_what_cannot_be_asked_for_is_said_in_a_sentence(app, shop, more, words):
    code, output = reconcile(app, shop.now, *more)
    assert code != 0
    assert words in output
    assert "Traceback" not in output
