"""Taking codes in: every line is told apart, and none is lost without a word."""

import pytest

from app import stock
from app.db import db, transaction
from app.errors import Refusal
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def take_in(shop):
    product_id = transaction(shop.product, "empty", codes=0)
    sku_id = shop.count("SELECT id FROM sku WHERE product_id = :id", id=product_id)
    return lambda pasted, sku_id=sku_id: transaction(stock.take_in, sku_id, pasted, account_id=None, now=shop.now)


def bought(shop, quantity):
    """The codes as a buyer reads them."""
    placed = shop.buy(Person("clara@example.com"), slug="empty", quantity=quantity)
    order_id = shop.count("SELECT id FROM orders WHERE number = :number", number=placed.number)
    with db.engine.connect() as connection:
        return stock.codes_of_order(connection, order_id)


def test_it_tells_apart_what_happened_to_each_line(shop, take_in):
    """K07."""
    take_in("OLD-1\nOLD-2")
    report = take_in("NEW-1\nOLD-2\n\nNEW-1\n  \nBAD\x00CODE\nOLD-2\nNEW-2")
    assert report == stock.Report(added=2, repeated_in_text=[4, 7], already_in_stock=[2], malformed=[6])
    row = db.session.execute(
        db.text("SELECT added, repeated_in_text, already_in_stock, malformed FROM card_import ORDER BY id DESC")
    ).first()
    db.session.rollback()
    assert tuple(row) == (2, 2, 1, 1)
    assert bought(shop, 4) == ["OLD-1", "OLD-2", "NEW-1", "NEW-2"]


@pytest.mark.parametrize(
    ("pasted", "codes"),
    [
        ("\ufeffA-1\nA-2", ["A-1", "A-2"]),
        ("A-1\r\nA-2\r\n", ["A-1", "A-2"]),
        ("\r\n\r\n  A-1\t\r\n \r\nA-2", ["A-1", "A-2"]),
        ("账号 a@b.c 密码 密-1\nA-2", ["账号 a@b.c 密码 密-1", "A-2"]),
        ("user\tpassword\nA-2", ["user\tpassword", "A-2"]),
        ("a-1\nA-1", ["a-1", "A-1"]),
        ("<b>A-1</b>\n=1+1", ["<b>A-1</b>", "=1+1"]),
    ],
)
def test_it_takes_codes_as_they_are_pasted(shop, take_in, pasted, codes):
    """K07: BOM, CRLF, blank lines and blanks around a code; nothing inside of one is changed."""
    report = take_in(pasted)
    assert (report.added, report.malformed, report.repeated_in_text) == (2, [], [])
    assert bought(shop, 2) == codes


@pytest.mark.parametrize("line", ["A\x00B", "A\x07B", "A\u202eB", "A\u200bB", "x" * 2001, "x" * 1_000_000, "A\ufeffB"])
def test_it_refuses_a_line_and_keeps_the_rest(shop, take_in, line):
    """K07, I08: NUL, controls, marks that nobody sees, a line of a megabyte."""
    report = take_in(f"A-1\n{line}\nA-2")
    assert (report.added, report.malformed) == (2, [2])
    assert bought(shop, 2) == ["A-1", "A-2"]


def test_it_takes_the_longest_code_there_may_be(shop, take_in):
    assert take_in("x" * 2000).added == 1
    assert bought(shop, 1) == ["x" * 2000]


@pytest.mark.parametrize("pasted", ["", "\n\n", " \r\n\t", "\ufeff"])
def test_it_says_so_when_there_is_nothing_in_it(shop, take_in, pasted):
    with pytest.raises(Refusal) as refusal:
        take_in(pasted)
    assert refusal.value.field == "codes"
    assert shop.count("SELECT count(*) FROM card_import") == 1


def test_it_knows_a_code_again_after_it_was_sold(shop, take_in):
    take_in("A-1")
    assert bought(shop, 1) == ["A-1"]
    assert take_in("A-1") == stock.Report(0, [], [1], [])


def test_it_lets_two_products_have_the_same_code(shop, take_in):
    take_in("A-1")
    other_id = transaction(shop.product, "other", codes=0)
    sku_id = shop.count("SELECT id FROM sku WHERE product_id = :id", id=other_id)
    assert take_in("A-1", sku_id).added == 1


def test_it_takes_ten_thousand_lines_and_finds_each_double(take_in):
    """K07."""
    lines = [f"CODE-{number % 9000:05d}" for number in range(10_000)]
    report = take_in("\n".join(lines))
    assert (report.added, report.repeated_in_text) == (9000, list(range(9001, 10_001)))
    again = take_in("\n".join(lines))
    assert (again.added, len(again.already_in_stock), len(again.repeated_in_text)) == (0, 9000, 1000)


def test_it_takes_all_or_nothing_of_too_many(shop, take_in):
    with pytest.raises(Refusal) as refusal:
        take_in("\n".join(f"C{number}" for number in range(100_001)))
    assert refusal.value.field == "codes"
    assert shop.count("SELECT count(*) FROM card WHERE sku_id <> 1") == 0
