"""Webhooks: signed so that others' code verifies them, told once, tried again, and as the description says."""

import base64
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from standardwebhooks import Webhook, WebhookVerificationError

from app import clock, outbox, trade
from app.clock import DAY, HOUR
from app.commands.webhooks import description
from app.db import db, transaction
from app.outbox import PUBLIC
from tests.outbox.conftest import open_outlet
from tests.settlement.cashier import Cashier
from tests.shop import Person

pytestmark = [pytest.mark.both_databases, pytest.mark.config(inward_networks=("127.0.0.0/8",))]
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
FILE = Path(__file__).parents[2] / "docs" / "webhooks.openapi.json"


def settings(receiver, **changes):
    return {"address": f"{receiver.url}/hook", "secret": SECRET, "events": list(PUBLIC)} | changes


@pytest.fixture
def hook(shop, receiver):
    return open_outlet("webhook", settings(receiver), now=shop.now)


@pytest.fixture
def everything(shop):
    """A shop in which each of the six has happened: the moment after it."""
    anna = shop.member("anna@example.com")
    placed = shop.buy(Person("bao@example.com"), via=anna)
    shop.buy(Person("chen@example.com"), via=anna)
    cashier = Cashier(shop)
    cashier.payee(anna)
    shop.pass_days(8)
    cashier.send(number := cashier.ask(anna, 1000))
    cashier.confirm(number)
    told = {"claim": "it does not work", "wanted_fen": 5000, "actor": "buyer", "now": shop.now}
    transaction(trade.complain, shop.order_id(placed), **told)
    shop.refund(shop.buy(Person("dan@example.com")), 2500)
    return shop.now


def test_each_event_is_told_once_and_verifies(shop, receiver, hook, everything, tell):
    # The receiver's code compares the moment with its own clock.
    import time

    now = int(time.time())
    tell(now)
    assert tell(now + 1) == tell(now + 2)
    verifier = Webhook(SECRET)
    told = [verifier.verify(body, headers) for _, headers, body in receiver.posts]
    assert sorted(one["type"] for one in told) == sorted(
        ["order.paid", "order.delivered"] * 3 + ["commission.released"] * 2 + ["payout.paid", "dispute.opened"]
        + ["order.refunded"]
    )  # fmt: skip
    assert len({headers["webhook-id"] for _, headers, _ in receiver.posts}) == len(told)
    for path, headers, body in receiver.posts:
        assert path == "/hook"
        with pytest.raises(WebhookVerificationError):
            verifier.verify(body + b" ", headers)
        with pytest.raises(WebhookVerificationError):
            verifier.verify(body, headers | {"webhook-timestamp": str(now - 1)})


def test_what_is_told_is_what_the_description_says(receiver, hook, everything, tell):
    tell(everything)
    document = json.loads(FILE.read_text())
    validate(document)
    seen = set()
    for told in receiver.told:
        entry = document["webhooks"][told["type"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema = entry | {"components": document["components"]}
        Draft202012Validator(schema).validate(told)
        seen.add(told["type"])
    assert seen == set(PUBLIC)


def test_nobody_is_named_and_no_code_is_in_it(receiver, hook, everything, tell):
    tell(everything)
    text = b"".join(body for _, _, body in receiver.posts).decode()
    assert "PS-0" not in text
    assert "@" not in text
    assert "13800138000" not in text


def test_the_description_in_the_docs_is_the_codes(app):
    assert json.loads(FILE.read_text()) == json.loads(json.dumps(description()))


def test_figures_are_right(shop, receiver, hook, everything, tell):
    tell(everything)
    told = {one["type"]: one["data"] for one in receiver.told}
    assert told["order.refunded"]["refund"]["amount_fen"] == 2500
    assert told["order.refunded"]["order"]["total_fen"] == 10000
    assert told["dispute.opened"]["dispute"]["wanted_fen"] == 5000
    assert [one["amount_fen"] for one in told["commission.released"]["releases"]] == [1000]
    assert told["payout.paid"]["payout"]["amount_fen"] == 1000
    [line] = told["order.paid"]["order"]["lines"]
    assert (line["quantity"], line["amount_fen"], told["order.paid"]["order"]["channel"]) == (1, 10000, "sandbox")


@pytest.mark.parametrize("status", [302, 404, 410, 500, 503])
def test_what_is_not_taken_is_told_again_with_the_same_number(shop, receiver, tell, status):
    open_outlet("webhook", settings(receiver, events=["order.paid"]))
    receiver.status = status
    shop.buy(Person("bao@example.com"))
    assert tell() == [("order.paid", "merchant", "pending")]
    assert tell(shop.now + 59) == [("order.paid", "merchant", "pending")]
    assert len(receiver.posts) == 1
    receiver.status = 204
    assert tell(shop.now + 60) == [("order.paid", "merchant", "sent")]
    numbers = {headers["webhook-id"] for _, headers, _ in receiver.posts}
    stamps = [headers["webhook-timestamp"] for _, headers, _ in receiver.posts]
    assert (len(numbers), stamps) == (1, [str(shop.now), str(shop.now + 60)])


def test_a_silent_one_keeps_nobody_waiting_and_dies_after_two_days(shop, receiver, tell):
    dead = open_outlet("webhook", settings(receiver, address="http://127.0.0.1:9/", events=["order.paid"]))
    open_outlet("webhook", settings(receiver, events=["order.paid"]))
    shop.buy(Person("bao@example.com"))
    shop.buy(Person("chen@example.com"))
    tell()
    assert len(receiver.posts) == 2
    moment = shop.now
    for _ in range(60):
        moment += HOUR
        tell(moment)
    states = [state for _, _, state in tell(moment)]
    assert sorted(states) == ["failed", "failed", "sent", "sent"]
    failed, _ = outbox.list_letters(db.session, state="failed")
    assert {letter.attempts for letter in failed} == {8}
    assert {letter.reason for letter in failed} == {"no connection: ConnectError"}
    assert failed[0].settled_at - shop.now < 3 * DAY
    assert outbox.has_dead_letters(db.session)
    db.session.rollback()
    changed = settings(receiver, events=["order.paid"], address=f"{receiver.url}/new")
    transaction(outbox.change_outlet, dead, name="x", settings=changed, enabled=True)
    for letter in failed:
        assert transaction(outbox.send_again, letter.id, moment)
    tell(moment)
    assert [path for path, _, _ in receiver.posts[2:]] == ["/new", "/new"]
    assert not outbox.has_dead_letters(db.session)


def test_an_outlet_that_is_switched_off_is_told_nothing(shop, receiver, tell):
    slug = open_outlet("webhook", settings(receiver, events=["order.paid"]))
    shop.buy(Person("bao@example.com"))
    with clock.frozen(shop.now):
        transaction(trade.announce, shop.now)
    changed = settings(receiver, events=["order.paid"])
    transaction(outbox.change_outlet, slug, name="x", settings=changed, enabled=False)
    assert tell() == [("order.paid", "merchant", "dropped")]
    shop.buy(Person("chen@example.com"))
    assert len(tell()) == 1
    assert receiver.posts == []


def test_where_nobody_listens_nothing_is_written(shop, receiver):
    shop.buy(Person("bao@example.com"))
    open_outlet("webhook", settings(receiver, events=["payout.paid"]))
    shop.buy(Person("chen@example.com"))
    assert shop.count("SELECT count(*) FROM message") == 0


@pytest.mark.config(inward_networks=())
def test_a_private_address_is_refused(shop, receiver, tell):
    open_outlet("webhook", settings(receiver, events=["order.paid"]))
    shop.buy(Person("bao@example.com"))
    tell()
    assert receiver.posts == []
    [letter], _ = outbox.list_letters(db.session)
    assert (letter.state, letter.reason) == ("pending", "no connection: it leads into a private network")
