"""What was said stays said, and nobody says it for ever."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import trade
from app.db import db, transaction
from app.errors import Refusal
from app.picture import clean_picture
from app.settlement import testimony
from tests.shop import Person
from tests.trade.disputing import Case, picture


@pytest.fixture
def case(shop):
    return Case(shop, shop.buy(Person("clara@example.com")))


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["UPDATE statement SET text = 'x'", "DELETE FROM statement"])
def test_the_database_refuses_to_change_what_was_said(case, change):
    with pytest.raises(DBAPIError, match="append-only"):
        transaction(lambda tx: tx.execute(text(change)))
    db.session.rollback()
    assert case.said() == [("opener", "opened")]


def test_there_is_an_end_to_words_and_to_pictures(case, monkeypatch):
    monkeypatch.setattr(testimony, "MOST_WORDS", 4)
    monkeypatch.setattr(testimony, "MOST_PICTURES", 2)
    shown = clean_picture(picture())
    for _ in range(2):
        case.do(trade.speak, side="opener", actor="buyer", words="", picture=shown)
    with pytest.raises(Refusal, match="2 pictures"):
        case.do(trade.speak, side="opener", actor="buyer", words="", picture=shown)
    case.reply()
    with pytest.raises(Refusal, match="enough here"):
        case.reply()
    case.answer()
    assert len(case.said()) == 5, "the other side is heard all the same"
