"""The team costs the same however many people the shop has."""

import pytest
from sqlalchemy import event

from app import referral
from app.db import db
from tests.shop import Person


@pytest.fixture
def plans(shop):
    """What SQLite does for each SELECT of the ORM while the test looks at a team."""
    statements = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    def look(act):
        event.listen(db.engine, "before_cursor_execute", note)
        act()
        event.remove(db.engine, "before_cursor_execute", note)
        explained = [
            row.detail
            for statement, parameters in statements
            for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
        db.session.rollback()
        return explained

    return look


def test_no_table_is_read_as_a_whole(shop, plans):
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    shop.buy(Person("clara@example.com"), via=boris)
    node = shop.node(anna)
    plan = plans(lambda: referral.list_team(db.session, [node.id], node.pid))
    assert len(plan) > 5
    assert not [step for step in plan if step.startswith(("SCAN edge", "SCAN node", "SCAN tally"))]
