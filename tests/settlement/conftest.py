"""A distributor who has money available, and a cashier."""

import pytest

from tests.settlement.cashier import Cashier
from tests.shop import Person


@pytest.fixture
def cashier(shop):
    return Cashier(shop)


@pytest.fixture
def boris(shop, cashier):
    """Boris, who has 10 yuan available and said three days ago where they shall go."""
    boris = shop.member("boris@example.com", via=shop.member("anna@example.com"))
    boris_payee = cashier.payee(boris)
    assert boris_payee
    boris_sale = shop.buy(Person("clara@example.com"), via=boris)
    shop.pass_days(7)
    shop.sale = boris_sale
    return boris
