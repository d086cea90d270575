"""A backup while buyers buy and callbacks arrive: what it holds is one instant, and its books balance (F12)."""

import re
import threading
from functools import partial

import pytest

from app.db import db
from tests.care.restoring import command, elsewhere
from tests.load.buyer import Buyer, all_at_once
from tests.load.gateway import call, callback, settings_of

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.xdist_group("load")]


def test_what_is_restored_balances(shop, server, instance, database, request, tmp_path):
    from app.db import transaction

    transaction(shop.product, "rush", codes=400)
    settings, ending = settings_of(shop), threading.Event()

    def trade(number):
        turns = 0
        while not ending.is_set() and turns < 60:
            buyer = Buyer(server.base, number * 1000 + turns)
            answer = buyer.order(buyer.form("rush"))
            if answer.status == 303:
                with db.engine.connect() as connection:
                    query = "SELECT payment.number FROM payment JOIN orders ON orders.id = order_id WHERE orders.number = :n"
                    paid = connection.execute(db.text(query), {"n": answer.location.split("/")[2]}).scalar()
                call(server.base, callback(settings, paid))
            buyer.close()
            turns += 1
        return turns

    app = server_app(shop)
    threads = threading.Thread(
        target=lambda: all_at_once([partial(in_app, app, trade, one) for one in range(1, 5)], threads=4)
    )
    threads.start()
    try:
        code, said = command("backup", instance=instance, database=database)
    finally:
        ending.set()
        threads.join()
    assert code == 0, said
    [archive] = (instance / "backups").glob("*.age")
    folder, url = elsewhere(request, tmp_path, database)
    key = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", said).group(0)
    code, told = command("restore", archive, instance=folder, database=url, said=key)
    assert code == 0, told
    assert "books      balance" in told
    assert shop.count("SELECT count(*) FROM orders WHERE state = 'paid'") > 5


def server_app(_shop):
    from flask import current_app

    return current_app._get_current_object()


def in_app(app, act, *arguments):
    with app.app_context():
        return act(*arguments)
