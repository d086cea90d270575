"""What a distributor sees of others: an alias that two viewers cannot join, and nobody's contact."""

import dataclasses
import re

import pytest

from app import referral
from app.db import db
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CONTACTS = ("boris@example.com", "13800138000", "dora.canary@example.com")


@pytest.fixture
def team(shop):
    """Anna → Boris → a guest with a phone → a guest with an address."""
    anna = shop.member("anna@example.com")
    boris = shop.member(CONTACTS[0], via=anna)
    shop.buy(Person(CONTACTS[1]), via=boris)
    shop.buy(Person(CONTACTS[2]), via=Person(CONTACTS[1]))
    return anna, boris


def views(shop, person):
    """Everything that the network says to somebody about others."""
    node = shop.node(person)
    members, _ = referral.list_team(db.session, [node.id], node.pid)
    rows, _ = referral.list_commissions(db.session, [node.id], node.pid)
    db.session.rollback()
    return members, rows


def test_it_is_the_same_for_one_viewer_and_another_for_another(shop, team):
    """P02."""
    anna, boris = (shop.node(person).pid for person in team)
    subjects = [f"{number:016d}" for number in range(200)]
    seen_by_anna = [referral.alias(anna, subject) for subject in subjects]
    seen_by_boris = [referral.alias(boris, subject) for subject in subjects]
    assert seen_by_anna == [referral.alias(anna, subject) for subject in subjects]
    assert not set(seen_by_anna) & set(seen_by_boris)
    assert len(set(seen_by_anna)) == 200
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{6}", alias) for alias in seen_by_anna + seen_by_boris)
    assert referral.alias(anna, boris) != referral.alias(boris, anna)


def test_it_is_one_in_the_team_and_in_the_earnings(shop, team):
    """P02: a viewer can tell who brought what, in both lists."""
    members, rows = views(shop, team[0])
    guest = members[0].downline[0].alias
    assert {row.alias for row in rows} == {guest}
    seen_by_boris, _ = views(shop, team[1])
    assert seen_by_boris[0].alias != guest


def texts(value):
    """Every text anywhere in a view, by the names of its fields."""
    if dataclasses.is_dataclass(value):
        return [text for field in dataclasses.fields(value) for text in texts(getattr(value, field.name))]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts(part)]
    return [str(value)]


def test_no_view_holds_who_anybody_is(shop, team):
    """P01: contact, phone, order number, address, public id."""
    secrets = [word for contact in CONTACTS for word in (contact, contact.partition("@")[0])] + ["anna", "192.0.2"]
    secrets += db.session.execute(db.text("SELECT number FROM orders")).scalars().all()
    secrets += db.session.execute(db.text("SELECT pid FROM node")).scalars().all()
    secrets += db.session.execute(db.text("SELECT number FROM payment")).scalars().all()
    for person in team:
        members, rows = views(shop, person)
        assert members
        assert rows
        shown = texts([members, rows])
        assert not [secret for secret in secrets for text in shown if secret in text]


def test_the_views_have_no_field_for_it():
    """P01: a field that is added has to be thought about here."""
    assert {field.name for field in dataclasses.fields(referral.Member)} == {
        "alias",
        "since_at",
        "orders",
        "brought_fen",
        "downline",
    }
    assert {field.name for field in dataclasses.fields(referral.CommissionView)} == {
        "id",
        "alias",
        "level",
        "amount_fen",
        "gross_fen",
        "matured_fen",
        "base_fen",
        "rate_bps",
        "rule",
        "state",
        "created_at",
        "mature_at",
    }


def test_nobody_sees_below_the_second_level(shop, team):
    members, _ = views(shop, team[0])
    assert [len(members), len(members[0].downline), len(members[0].downline[0].downline)] == [1, 1, 0]
    _, rows = views(shop, team[0])
    assert [row.level for row in rows] == [2]
