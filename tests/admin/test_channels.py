"""Channels: keys are written and never read back."""

import pytest
from sqlalchemy import update

from app import payments, vault
from app.db import db, transaction
from tests.admin.conftest import PASSWORD
from tests.conftest import NOW
from tests.fakes.epay_server import EpayServer

LIST = "/admin/channels"
KEY = "9f86d081884c7d659a2feaa0c55ad015"


@pytest.fixture
def filled(form_of):
    return form_of(
        f"{LIST}/new?gateway=epay",
        LIST,
        name="易支付",
        slug="epay",
        api_url="https://pay.example.com",
        merchant_id="1001",
        key=KEY,
        password=PASSWORD,
    )


def keys_that_worked():
    db.session.rollback()
    return payments.channels_tested(db.session)


def channel(slug="epay"):
    db.session.rollback()
    return payments.channel_by_slug(db.session, slug)


def test_it_adds_an_account_and_shows_its_callback_address_but_not_its_key(olga, filled):
    answer = olga.post(LIST, filled)
    assert answer.status_code == 303
    assert channel().settings == {
        "api_url": "https://pay.example.com/",
        "merchant_id": "1001",
        "key": KEY,
        "mode": "submit",
        "methods": ["alipay", "wxpay"],
        "refunds": False,
    }
    page = olga.get(answer.location).text
    assert "http://localhost/hooks/payments/epay" in page
    assert KEY not in page + olga.get(LIST).text


@pytest.mark.parametrize(
    "key", ["", "short", " " * 20, "has a space in it 123", "xxxxxxxxxxxxxxxxxxxx", "changeme-00000000000"]
)
def test_it_refuses_a_weak_key(olga, filled, form_of, key):
    """C31."""
    answer = olga.post(LIST, filled | {"key": key})
    assert (answer.status_code, 'id="key-error"' in answer.text) == (422, True)
    assert channel() is None
    olga.post(LIST, filled)
    again = form_of(f"{LIST}/epay/edit", f"{LIST}/epay", key=key, password=PASSWORD)
    answer = olga.post(f"{LIST}/epay", again)
    # Blank keeps the key that is there, and says so beside the field; anything else has to be one.
    assert answer.status_code == (303 if key == "" else 422)
    assert channel().settings["key"] == KEY


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", ("", "x" * 41, "a\x00")),
        ("slug", ("", "Sandbox", "sandbox", "a/b", "x" * 31)),
        (
            "api_url",
            ("", "http://pay.example.com/", "https://pay.example.com/submit.php", "javascript:alert(1)", "https://"),
        ),
        ("merchant_id", ("", "1 1", "１００１", "x" * 33)),
        ("mode", ("", "other")),
        ("methods", ("usdt",)),
        ("fee", ("", "-1", "10.01", "0.005", "１")),
        ("hold_days", ("91", "-1", "1.5")),
        ("position", ("１", "+1", "1\n", "")),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(olga, filled, field, values):
    for value in values:
        answer = olga.post(LIST, filled | {field: value})
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), value
        assert KEY not in answer.text
    assert channel() is None


def test_it_asks_for_a_way_to_pay(olga, filled):
    filled.pop("methods")
    assert 'id="methods-error"' in olga.post(LIST, filled).text


def test_it_keeps_the_key_and_changes_the_rest(olga, filled, form_of):
    olga.post(LIST, filled)
    changed = form_of(
        f"{LIST}/epay/edit", f"{LIST}/epay", name="新名字", methods=["qqpay"], slug="other", gateway="sandbox"
    )
    changed.pop("enabled")
    answer = olga.post(f"{LIST}/epay", changed)
    assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
    changed["password"] = PASSWORD
    assert olga.post(f"{LIST}/epay", changed).status_code == 303
    account = channel()
    assert (account.name, account.enabled, account.settings["key"]) == ("新名字", False, KEY)
    assert (account.methods, account.gateway.name) == (("qqpay",), "epay")


def test_it_renames_the_test_gateway_and_leaves_its_key(olga, shop, form_of):
    key = shop.channel.settings["key"]
    form = form_of(f"{LIST}/sandbox/edit", f"{LIST}/sandbox", name="演示")
    assert "key" not in form
    assert olga.post(f"{LIST}/sandbox", form | {"key": KEY, "merchant_id": "9"}).status_code == 303
    assert (channel("sandbox").name, channel("sandbox").settings["key"]) == ("演示", key)
    assert key not in olga.get(f"{LIST}/sandbox/edit").text


def test_it_shows_a_channel_without_a_key_red_and_gives_it_no_route(olga, filled):
    """C31."""
    olga.post(LIST, filled)
    empty = vault.seal('{"merchant_id": "1001", "key": ""}', "channel:epay:settings")
    transaction(
        lambda tx: tx.execute(
            update(payments.Channel).where(payments.Channel.slug == "epay").values(settings_sealed=empty)
        )
    )
    assert "badge-loss" in olga.get(LIST).text
    assert "/hooks/payments/epay" not in olga.get(LIST).text
    assert "notice-loss" in olga.get(f"{LIST}/epay/edit").text
    assert olga.get("/hooks/payments/epay?sign=1").status_code == 404
    assert "epay:" not in olga.get("/p/ps").text


def test_it_knows_no_channel_that_is_not_there(olga):
    assert olga.get(f"{LIST}/nothing/edit").status_code == 404
    assert olga.post(f"{LIST}/nothing", {}).status_code == 404


@pytest.mark.parametrize(
    ("fee", "hold_days", "terms"), [("0", "", (0, None)), ("0.6", "30", (60, 30)), ("10", "0", (1000, 0))]
)
def test_it_keeps_the_terms_of_a_channel(olga, shop, form_of, fee, hold_days, terms):
    edit = f"{LIST}/sandbox/edit"
    form = form_of(edit, f"{LIST}/sandbox", fee=fee, hold_days=hold_days)
    assert olga.post(f"{LIST}/sandbox", form).status_code == 303
    assert payments.terms_of_channel(db.session, shop.channel_id) == terms
    again = form_of(edit, f"{LIST}/sandbox")
    assert (again["fee"], again["hold_days"]) == (fee, hold_days)


def test_refunds_through_the_provider_are_offered_only_where_the_owner_says_so(olga, filled, form_of):
    olga.post(LIST, filled)
    assert not channel().can_refund
    form = form_of(f"{LIST}/epay/edit", f"{LIST}/epay", password=PASSWORD)
    assert "refunds" not in form
    olga.post(f"{LIST}/epay", form | {"refunds": "y"})
    assert channel().can_refund
    assert form_of(f"{LIST}/epay/edit", f"{LIST}/epay")["refunds"] == "y"
    olga.post(f"{LIST}/epay", form)
    assert not channel().can_refund


def test_a_key_is_changed_only_with_the_password(olga, filled, form_of):
    olga.post(LIST, filled)
    another = "0123abcd4567ef890123abcd4567ef89"
    for password in ("", "not it"):
        form = form_of(f"{LIST}/epay/edit", f"{LIST}/epay", key=another, password=password)
        answer = olga.post(f"{LIST}/epay", form)
        assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
        assert olga.post(LIST, filled | {"slug": "second", "password": password}).status_code == 422
    assert (channel().settings["key"], channel("second")) == (KEY, None)
    assert olga.post(f"{LIST}/epay", form | {"password": PASSWORD}).status_code == 303
    assert channel().settings["key"] == another
    renamed = form_of(f"{LIST}/epay/edit", f"{LIST}/epay", name="别的名字")
    assert olga.post(f"{LIST}/epay", renamed).status_code == 303, "a name is no secret"


def test_a_key_is_not_sent_to_another_address(olga, filled, form_of):
    olga.post(LIST, filled)
    moved = form_of(f"{LIST}/epay/edit", f"{LIST}/epay", api_url="https://evil.example/", password=PASSWORD)
    answer = olga.post(f"{LIST}/epay", moved)
    assert (answer.status_code, 'id="key-error"' in answer.text) == (422, True)
    assert channel().settings["api_url"] == "https://pay.example.com/"


def test_the_keys_are_tried_at_the_provider(olga, filled):
    with EpayServer() as provider:
        account = {"api_url": provider.settings()["api_url"], "merchant_id": "1001", "key": provider.key}
        assert olga.post(LIST, filled | account).status_code == 303
        assert "notice-good" in olga.post(f"{LIST}/epay/trials").text
        assert keys_that_worked() == {"epay": NOW}
        provider.key = "another-good-key-4711"
        answer = olga.post(f"{LIST}/epay/trials").text
        assert ("notice-good" in answer, "notice-loss" in answer) == (False, True)
    assert "notice-loss" in olga.post(f"{LIST}/epay/trials").text, "nobody answers there now"
    assert olga.post(f"{LIST}/nothing/trials").status_code == 404


def test_every_gateway_that_needs_keys_can_be_chosen(olga):
    text = olga.get(f"{LIST}/new").text
    for gateway in payments.GATEWAYS.values():
        address = f"{LIST}/new?gateway={gateway.name}"
        assert (f'href="{address}"' in text) == (not gateway.is_test)
        assert olga.get(address).status_code == (404 if gateway.is_test else 200)
    assert olga.get(f"{LIST}/new?gateway=nothing").status_code == 404


def test_the_balance_needs_no_keys_and_has_no_callback_address(olga, form_of):
    form = form_of(f"{LIST}/new?gateway=balance", LIST, password=PASSWORD)
    assert olga.post(LIST, form).status_code == 303
    assert channel("balance").is_sound
    assert "/hooks/payments/balance" not in olga.get(LIST).text + olga.get(f"{LIST}/balance/edit").text
