"""/admin/nodes/<pid>/rebinds: proposed by one, approved by another."""

from app import shop as shop_room
from app.db import db, transaction
from tests import journey
from tests.admin.conftest import PASSWORD
from tests.shop import Person
from tests.trade.disputing import judge
from tests.trade.test_rebind import granted
from tests.visitor import Visitor


def parent(shop, person):
    db.session.rollback()
    return shop.parent(person)


def test_one_proposes_and_another_approves(app, olga, shop):
    transaction(shop_room.change_settings, self_bps=0)
    boris, dora = shop.member("boris@example.com"), shop.member("dora@example.com")
    clara = Person("clara@example.com")
    number = granted(shop, dora, shop.buy(clara, via=boris))
    path = f"/admin/nodes/{shop.node(clara).pid}/rebinds"
    assert path in olga.get(path.removesuffix("/rebinds")).text
    form = {"case_number": number.lower(), "reason": "granted"}
    assert olga.post(path, form | {"reason": ""}).status_code == 422
    assert olga.post(path, form | {"case_number": "NOTHING"}).status_code == 422
    assert olga.post(path, form).status_code == 303
    page = olga.get(path).text
    assert 'value="approve"' not in page
    assert shop.node(dora).pid in page
    assert olga.post(f"{path}/1", {"act": "approve"}).status_code == 422
    assert parent(shop, clara) == shop.node(boris).id
    judge(shop, "ann@example.com", "manager")
    ann = journey.log_in(Visitor(app), "ann@example.com", PASSWORD)
    assert path in ann.get("/admin").text
    assert 'value="approve"' in ann.get(path).text
    assert ann.post(f"/admin/nodes/{shop.node(dora).pid}/rebinds/1", {"act": "approve"}).status_code == 404
    assert ann.post(f"{path}/1", {"act": "approve"}).status_code == 303
    assert parent(shop, clara) == shop.node(dora).id
    assert "o…a@example.com" in ann.get(path).text
    assert path not in ann.get("/admin").text
