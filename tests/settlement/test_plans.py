"""What the release, a freeze and a refund ask the database is answered by an index, however much there is."""

import pytest

from app import settlement
from app.db import db, transaction
from tests.shop import Person
from tests.test_query_counts import counted

GROWING = (
    "commission",
    "schedule",
    "posting",
    "journal",
    "balance",
    "freeze",
    "reversal",
    "orders",
    "order_line",
    "node",
)


@pytest.fixture
def sold(shop):
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    return boris, [shop.buy(Person(f"c{number}@example.com"), via=boris) for number in range(2)]


def scanned(statements):
    """The steps of the plans that read a growing table from one end to the other."""
    found = []
    with db.engine.connect() as connection:
        for statement, parameters in statements:
            if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                found += [
                    (row[3], statement)
                    for row in plan
                    if row[3].split(" USING")[0] in {f"SCAN {table}" for table in GROWING}
                ]
    return found


@pytest.mark.parametrize("act", ["release", "on demand", "dispute", "person", "refund"])
def test_no_act_reads_a_growing_table_whole(shop, sold, act):
    boris, (first, _) = sold
    node_id, order_id, later = shop.node(boris).id, shop.order_id(first), shop.now + 8 * 86400
    acts = {
        "release": lambda: transaction(settlement.release_due, later),
        "on demand": lambda: transaction(settlement.release_for, [node_id], later),
        "dispute": lambda: transaction(settlement.freeze, "dispute:1", order_id=order_id, now=later),
        "person": lambda: transaction(settlement.freeze, "ban:1", payee_ids=[node_id], now=later),
        "refund": lambda: shop.refund(first, 5000),
    }
    with counted(parameters=True) as statements:
        acts[act]()
    assert len(statements) > 4
    assert scanned(statements) == []


def test_a_release_for_one_person_costs_the_same_however_much_is_settled(shop, sold):
    costs = []
    for _ in range(3):
        shop.buy(Person(f"d{len(costs)}@example.com"), via=sold[0])
        shop.now += 8 * 86400
        with counted() as statements:
            transaction(settlement.release_for, [shop.node(sold[0]).id], shop.now)
        costs.append(len(statements))
    assert costs[1] == costs[2] <= costs[0]
