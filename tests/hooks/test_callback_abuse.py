"""Callbacks that nobody good sends: twice the same key, floods, far too much, and the return page as a way in."""

from urllib.parse import urlencode

import pytest

from app import clock, payments
from app.db import db, transaction
from app.errors import Refusal
from tests.conftest import NOW
from tests.hooks.caller import NOTHING, ONE
from tests.payments.notices import FORM, SETTINGS
from tests.shop import Person

CLARA = Person("clara@example.com")


@pytest.fixture
def placed(shop, epay):
    return shop.place(CLARA, channel="epay")


@pytest.mark.parametrize(("first", "second"), [("100.00", "0.01"), ("0.01", "100.00"), ("100.00", "100.00")])
def test_it_refuses_a_key_that_comes_twice(caller, placed, first, second):
    """C21: both orders, in the address, in the body, and one in each."""
    values = caller.signed(placed)
    rest = urlencode({name: value for name, value in values.items() if name != "money"})
    twice = f"{rest}&money={first}&money={second}"
    for method in ("GET", "POST"):
        assert caller.send(twice, method=method) == (400, "fail")
    assert caller.send(f"{rest}&money={first}", method="POST", query_string=f"money={second}") == (400, "fail")
    assert (caller.verdicts(), caller.effects()) == (["malformed"] * 3, NOTHING)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"sign": true, "money": 100}', "application/json"),
        (b"\xff\xfe\x00\x00", FORM),
        (b"sign[]=1&sign[a]=2", FORM),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", FORM),
        (b"a=" + b"%00" * 100, FORM),
    ],
)
def test_it_answers_rubbish_and_keeps_it(shop, caller, body, content_type):
    """C13: never 500."""
    assert caller.send(body, method="POST", content_type=content_type) == (400, "fail")
    assert caller.verdicts() == ["malformed"]
    assert bytes(db.session.execute(db.text("SELECT body FROM notice")).scalar()) == body


@pytest.mark.parametrize("size", [65537, 2_000_000])
def test_it_reads_no_more_than_sixty_four_kibibytes(caller, placed, size):
    """C13: kept as a line in the inbox, not as megabytes."""
    body = urlencode(caller.signed(placed)) + "&param=" + "x" * size
    assert caller.send(body, method="POST") == (400, "fail")
    assert (caller.verdicts(), caller.effects()) == (["malformed"], NOTHING)
    kept = db.session.execute(db.text("SELECT length(body) FROM notice")).scalar()
    assert kept < 100


def test_it_ends_a_flood_of_forged_ones_and_still_takes_a_good_one(caller, placed):
    """Behind a proxy the provider may share an address with whoever floods it."""
    forged = caller.signed(placed) | {"sign": "0" * 32}
    statuses = [caller.send(forged, method="POST")[0] for _ in range(35)]
    assert statuses == [400] * 30 + [429] * 5
    assert len(caller.kept()) == 30
    answer = caller.client.get("/hooks/payments/epay", environ_base={"REMOTE_ADDR": caller.address})
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert caller.send(caller.signed(placed)) == (200, "success")
    assert caller.effects() == ONE
    caller.address = "198.51.100.8"
    assert caller.send(forged)[0] == 400


def test_it_counts_each_minute_anew(caller, placed):
    forged = caller.signed(placed) | {"sign": "0" * 32}
    assert [caller.send(forged)[0] for _ in range(31)][-1] == 429
    with clock.frozen(NOW + 60):
        assert caller.send(forged)[0] == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_it_takes_nothing_but_get_and_post(caller, placed, method):
    """Z05."""
    status, _text = caller.send(caller.signed(placed), method=method)
    assert status == (400 if method == "HEAD" else 405)
    assert caller.effects() == NOTHING


@pytest.mark.parametrize("key", ["", " ", "short", "your-secret-key-here", "x" * 32, None])
def test_it_has_no_route_for_a_channel_without_a_real_key(shop, caller, placed, key):
    """C03, C31: the form refuses such a key, and a channel that has one all the same is not there."""
    other = {"gateway": "epay", "name": "x", "settings": SETTINGS | {"key": key}, "enabled": True, "now": shop.now}
    with pytest.raises(Refusal) as refusal:
        transaction(payments.create_channel, slug="weak", **other)
    assert refusal.value.field == "key"
    query = caller.signed_by(key or "", placed)
    transaction(weaken, key)
    assert caller.send(query)[0] == 404
    assert caller.send(caller.signed(placed), method="POST")[0] == 404
    assert (caller.kept(), caller.effects()) == ([], NOTHING)


def weaken(tx, key):
    """What a hand on the database, or an empty variable of the environment, may do."""
    from app.payments.account import seal_settings

    sealed = seal_settings("epay", SETTINGS | {"key": key})
    tx.execute(db.text("UPDATE channel SET settings_sealed = :sealed WHERE slug = 'epay'"), {"sealed": sealed})


@pytest.mark.parametrize("slug", ["nobody", "epay2", "EPAY", "..", "%00", "epay%20"])
def test_it_knows_no_channel_of_another_name(caller, placed, slug):
    assert caller.send(caller.signed(placed), slug=slug)[0] in (400, 404)
    assert (caller.kept(), caller.effects()) == ([], NOTHING)


def test_it_asks_the_provider_to_come_again_when_nothing_could_be_changed(shop, caller, placed):
    """Rules 4 and 5: kept all the same, and the repeat delivers."""
    transaction(lambda tx: tx.exec_driver_sql("ALTER TABLE order_line RENAME TO lost"))
    answer = caller.client.get("/hooks/payments/epay", query_string=caller.signed(placed))
    transaction(lambda tx: tx.exec_driver_sql("ALTER TABLE lost RENAME TO order_line"))
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "fail", "5")
    assert (caller.verdicts(), caller.effects()) == (["failed"], NOTHING)
    assert caller.send(caller.signed(placed)) == (200, "success")
    assert caller.effects() == ONE


def back(caller, placed, values):
    return caller.client.get(f"/orders/{placed.number}/payment/return", query_string=values)


def test_the_return_page_pays_nothing_by_itself(caller, placed):
    """C25: forged, and without any word of the provider."""
    for values in (
        {},
        {"trade_status": "TRADE_SUCCESS"},
        caller.signed(placed) | {"sign": "0" * 32},
        caller.signed_by("", placed),
    ):
        answer = back(caller, placed, values)
        assert answer.status_code in (200, 303)
        assert "PS-" not in answer.text
    assert caller.effects() == NOTHING
    assert {source for _, source, _ in caller.kept()} == {"return"}


def test_the_return_page_passes_the_same_gate_as_the_callback(caller, placed):
    """C25: the buyer was quicker than the callback, which then is a duplicate."""
    assert back(caller, placed, caller.signed(placed)).status_code in (200, 303)
    assert caller.effects() == ONE
    assert caller.send(caller.signed(placed)) == (200, "success")
    assert caller.kept() == [("accepted", "return", "GET"), ("duplicate", "callback", "GET")]


def test_the_return_page_of_another_order_shows_nothing_and_pays_the_named_one(shop, caller, placed):
    """C05: what was signed counts, whatever the address says; and who has no secret reads no goods."""
    other = shop.place(Person("dora@example.com"), channel="epay")
    answer = back(caller, other, caller.signed(placed))
    assert "PS-" not in answer.text
    states = {
        number: shop.count("SELECT state FROM orders WHERE number = :n", n=number)
        for number in (placed.number, other.number)
    }
    assert states == {placed.number: "paid", other.number: "pending"}


def test_the_return_page_says_waiting_before_the_callback_comes(visitor, shop):
    """C25: never "not found", and never paid."""
    placed = shop.place(CLARA)
    answer = visitor.get(f"/orders/{placed.number}/payment/return?trade_status=TRADE_SUCCESS", follow_redirects=True)
    assert answer.status_code == 200
    assert shop.count("SELECT state FROM orders") == "pending"
