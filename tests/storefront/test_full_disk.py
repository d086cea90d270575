"""A full disk stops new orders before it stops callbacks."""

import shutil

import pytest

from app import disk
from tests import journey
from tests.shop import Person


def test_the_last_megabytes_belong_to_callbacks(shop, visitor, monkeypatch):
    placed = shop.place(Person("anna@example.com"))
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=disk.RESERVE_BYTES - 1))
    with pytest.raises(AssertionError, match="its disk is full|磁盘"):
        journey.order(visitor, "bo@example.com")
    assert shop.count("SELECT count(*) FROM orders") == 1
    assert shop.pay(placed).value == "accepted"
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=disk.RESERVE_BYTES))
    assert journey.order(visitor, "bo@example.com")
