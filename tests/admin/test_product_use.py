"""How goods are used, on a product's form: the figures of a kind, and no others."""

import pytest

from tests.admin.conftest import CROOKED
from tests.shop import Person

pytestmark = pytest.mark.both_databases
EDIT, ONE = "/admin/products/1/edit", "/admin/products/1"


@pytest.fixture
def save(olga, form_of):
    """Send the form of the product with changes; returns the answer."""
    return lambda **changes: olga.post(ONE, form_of(EDIT, ONE) | changes)


def kept(shop):
    columns = ("vesting", "validity_days", "uses", "forfeit_unused")
    return tuple(shop.count(f"SELECT {column} FROM product WHERE id = 1") for column in columns)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("instant", ("instant", None, None, False)),
        ("validity", ("validity", 30, None, False)),
        ("use_count", ("use_count", 30, 7, True)),
        ("first_use", ("first_use", 30, None, False)),
    ],
)
def test_a_kind_keeps_its_own_figures_only(shop, save, kind, expected):
    assert save(vesting=kind, validity_days="30", uses="7", forfeit_unused="y").status_code == 303
    assert kept(shop) == expected


def test_uses_without_an_end_are_never_forfeited(shop, save):
    answer = save(vesting="use_count", uses="7", forfeit_unused="y")
    assert answer.status_code == 422
    assert 'id="validity_days-error"' in answer.text
    assert kept(shop)[0] == "instant"


@pytest.mark.parametrize("field", ["validity_days", "uses"])
@pytest.mark.parametrize("text", [*CROOKED, "0", "100001"])
def test_figures_are_whole_and_within_their_bounds(save, field, text):
    changes = {"vesting": "use_count", "uses": "7"} | {field: text}
    answer = save(**changes)
    assert answer.status_code == 422, text
    assert f'id="{field}-error"' in answer.text


@pytest.mark.parametrize("kind", ["rent", "", "Instant", "use_count "])
def test_there_are_four_kinds(shop, save, kind):
    answer = save(vesting=kind)
    assert answer.status_code == 422
    assert 'id="vesting-error"' in answer.text
    assert kept(shop)[0] == "instant"


def test_a_renewal_group_and_its_months_are_kept(olga, form_of, save):
    assert save(renewal_group=" cloud ", renewal_months="12", refund_window_days="7").status_code == 303
    form = form_of(EDIT, ONE)
    assert (form["renewal_group"], form["renewal_months"], form["refund_window_days"]) == ("cloud", "12", "7")


def test_what_was_sold_keeps_the_right_it_was_sold_with(shop, save):
    save(vesting="use_count", uses="7")
    shop.buy(Person("clara@example.com"))
    save(vesting="instant")
    assert shop.count("SELECT uses_left FROM entitlement") == 7
