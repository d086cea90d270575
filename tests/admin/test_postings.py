"""/admin/nodes/…/postings: each posting of a bucket with the balance after it, page by page, with what it was for."""

import re

import pytest

from app import ledger
from app import shop as shop_room
from app.db import db, transaction


@pytest.fixture
def anna(shop):
    transaction(shop_room.change_settings, self_bps=0)
    anna = shop.member("a@example.com")
    clara = shop.member("c@example.com", via=anna)
    for _ in range(3):
        shop.buy(clara)
    shop.refund(shop.buy(clara), 5000)
    return anna


@pytest.mark.both_databases
def test_the_balance_goes_along_from_page_to_page(shop, anna):
    pid, before, seen = shop.node(anna).pid, None, []
    while True:
        found, before = ledger.list_postings(db.session, ledger.HELD, pid, before=before, limit=2)
        seen += [(one.amount_fen, one.balance_fen) for one in found]
        if before is None:
            break
    assert seen == [(-500, 3500), (1000, 4000), (1000, 3000), (1000, 2000), (1000, 1000)]


def test_the_page_links_what_it_was_for(olga, shop, anna):
    page = f"/admin/nodes/{shop.node(anna).pid}/postings"
    text = olga.get(f"{page}?bucket=held").text
    shop.pass_days(40)
    assert "/admin/orders/" in olga.get(page).text
    assert len(re.findall(r"/admin/orders/\w+", text)) == 5
    assert olga.get(page).status_code == olga.get(f"{page}?bucket=odd&part=odd&before=odd").status_code == 200
