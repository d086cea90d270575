"""`books check`: a line for each invariant, and an exit code that a timer can act on."""

import pytest

from app import clock, ledger
from app.commands.worker import run_job
from app.db import db, transaction
from tests.conftest import NOW
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sold(shop):
    """Two levels earned on one order."""
    anna = shop.member("anna@example.com")
    return shop.buy(Person("clara@example.com"), via=shop.member("boris@example.com", via=anna))


def check(app):
    result = app.test_cli_runner().invoke(args=["books", "check"])
    return result.exit_code, result.output.splitlines()


def known_broken():
    db.session.rollback()
    return ledger.books_broken(db.session)


def slip(fen):
    change = f"UPDATE balance SET amount_fen = amount_fen + {fen} WHERE account = 'income:sales'"
    transaction(lambda tx: tx.exec_driver_sql(change))


def test_it_prints_each_invariant_with_its_figure(app, sold):
    code, lines = check(app)
    assert code == 0
    assert [line.split()[:2] for line in lines] == [[f"I{number}", "ok"] for number in (*range(1, 10), 11, 12, 13)]
    figures = {line.split()[0]: line.split()[2] for line in lines}
    assert (figures["I1"], figures["I4"], figures["I7"]) == ("2", "1,500", "1")


def test_it_says_what_is_broken_and_fails(app, sold):
    slip(1)
    try:
        code, lines = check(app)
    finally:
        slip(-1)
    assert code == 1
    assert [line.split()[:2] for line in lines if "ok" not in line.split()] == [["I9", "BROKEN"], ["I12", "BROKEN"]]
    assert lines[-2].endswith("(1 broken)")
    assert check(app)[0] == 0


def test_an_empty_shop_is_in_order(app):
    code, lines = check(app)
    assert (code, len(lines)) == (0, 12)


def test_broken_books_are_remembered_until_a_check_finds_them_whole(app, sold):
    slip(1)
    try:
        assert check(app)[0] == 1
        assert known_broken()
    finally:
        slip(-1)
    assert check(app)[0] == 0
    assert not known_broken()


def test_the_worker_checks_them_once_a_day(app, sold):
    slip(1)
    try:
        assert run_job(app, "books", "one")
        assert known_broken()
    finally:
        slip(-1)
    assert run_job(app, "books", "one")
    assert known_broken()
    with clock.frozen(NOW + clock.DAY):
        assert run_job(app, "books", "one")
    assert not known_broken()
