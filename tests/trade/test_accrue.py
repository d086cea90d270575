"""Commission: the worked examples E1 and E2, and who gets nothing."""

import pytest

from app.db import transaction
from app.money import share
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def test_two_levels_earn_ten_and_five_per_cent(shop):
    anna = shop.member("anna@example.com")
    boris, clara = Person("boris@example.com"), Person("13800138000")
    shop.buy(boris, via=anna)
    assert shop.wallet(anna).held_fen == 1000
    shop.buy(clara, via=boris)
    assert shop.wallet(anna).held_fen == 1500
    assert shop.wallet(boris).held_fen == 1000


def test_a_third_level_earns_nothing(shop):
    people = [shop.member("p0@example.com")]
    for number in range(1, 4):
        people.append(Person(f"p{number}@example.com"))
        shop.buy(people[-1], via=people[-2])
    before = shop.wallet(people[0]).held_fen
    assert before == 1500
    assert shop.count("SELECT max(level) FROM commission") == 2


@pytest.mark.parametrize(
    ("price_fen", "l1", "l2"),
    [(1, 0, 0), (5, 0, 0), (9, 0, 0), (10, 1, 0), (19, 1, 0), (20, 2, 1), (99, 9, 4), (100, 10, 5), (999, 99, 49)]
    + [(1990, 199, 99), (9990, 999, 499), (9999, 999, 499), (10000, 1000, 500), (20000, 2000, 1000)],
)
def test_each_level_is_rounded_down(shop, price_fen, l1, l2):
    transaction(shop.product, "odd", price_fen=price_fen)
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    shop.buy(Person("clara@example.com"), via=boris, slug="odd")
    assert (share(price_fen, 1000), share(price_fen, 500)) == (l1, l2)
    assert (shop.wallet(boris).held_fen, shop.wallet(anna).held_fen) == (l1, l2)
