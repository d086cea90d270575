"""The payment inbox at the desk: everything as it came, found by its numbers, and what is done about it."""

import re
from html import unescape

import pytest
from markupsafe import escape

from app import payments, trade
from app.db import transaction
from app.payments import Notice, Verdict
from tests.admin.conftest import HOSTILE
from tests.shop import ADDRESS, KEY, Person
from tests.test_query_counts import cost, counted

pytestmark = pytest.mark.both_databases
CLARA, DAN = Person("clara@example.com"), Person("dan@example.com")
MOST_STATEMENTS = 9


@pytest.fixture
def stranded(shop):
    """Money for a payment that nobody knows of. Its notice is the first."""
    query = payments.sign_notice(
        shop.channel.settings, payment_number="OLD-1", trade_number="T-OLD", method="alipay", money="100.00"
    )
    assert shop.deliver(query) is Verdict.UNKNOWN
    return "/admin/notices/1"


def deliver(shop, query=b"", body=b"", content_type="", headers=None, channel=None):
    """A callback as it came over the wire."""
    notice = Notice("callback", "POST", content_type, query, body, ADDRESS, "req-77", headers or {})
    verdict = trade.receive(channel or shop.channel, notice, shop.now)
    return shop.count("SELECT max(id) FROM notice"), verdict


def rows(answer):
    return re.findall(r'<th scope="row"><a href="/admin/notices/(\d+)"', answer.text)


class TestTheList:
    @pytest.fixture
    def told(self, shop):
        """Five notices: an order that was paid and told of twice, a forged one, one that is unknown, and another order's."""
        placed = shop.place(CLARA)
        query = shop.notice(placed, trade_number="T-1")
        shop.deliver(query)
        shop.deliver(query)
        deliver(shop, b"sign=x")
        shop.deliver(
            payments.sign_notice(
                shop.channel.settings, payment_number="OLD", trade_number="T-2", method="alipay", money="1.00"
            )
        )
        shop.pay(shop.place(DAN, address="198.51.100.9"), trade_number="T-3")
        return placed

    def test_everything_stands_there_latest_first(self, olga, told):
        assert rows(olga.get("/admin/notices")) == ["5", "4", "3", "2", "1"]

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("verdict=accepted", ["5", "1"]),
            ("verdict=unknown&channel=sandbox", ["4"]),
            ("verdict=nonsense", ["5", "4", "3", "2", "1"]),
            ("channel=sandbox", ["5", "4", "3", "2", "1"]),
            ("q=T-2", ["4"]),
            ("q=T-1&verdict=duplicate", ["2"]),
            ("q=%00nothing", []),
        ],
    )
    def test_it_is_found_by_what_it_is(self, olga, told, search, found):
        assert rows(olga.get(f"/admin/notices?{search}")) == found

    @pytest.mark.parametrize("number", ["payment_number", "number"])
    def test_it_is_found_by_the_numbers_of_its_payment_and_its_order(self, olga, told, number):
        assert rows(olga.get(f"/admin/notices?q=%20{getattr(told, number).lower()}%20")) == ["2", "1"]

    def test_the_filters_stay_in_the_address_from_page_to_page(self, olga, shop):
        for number in range(45):
            deliver(shop, f"sign={number}".encode())
        seen, path = [], "/admin/notices?verdict=malformed&channel=sandbox"
        while path:
            page = olga.get(path)
            seen += [int(one) for one in rows(page)]
            found = re.search(r'href="(/admin/notices\?[^"]*before=[^"]+)"', page.text)
            path = unescape(found.group(1)) if found else None
            assert path is None or ("verdict=malformed" in path and "channel=sandbox" in path)
        assert seen == list(range(45, 0, -1))

    def test_no_page_costs_more_when_there_is_more(self, olga, shop, told):
        paths = ("/admin/notices", "/admin/notices?queue=1", "/admin/notices/4", f"/admin/notices?q={told.number}")
        few = [cost(olga, path)[0] for path in paths]
        for number in range(60):
            deliver(shop, f"sign={number}".encode())
            shop.deliver(
                payments.sign_notice(
                    shop.channel.settings, payment_number="O", trade_number=f"U{number}", method="alipay", money="1.00"
                )
            )
        assert [cost(olga, path)[0] for path in paths] == few
        assert max(few) <= MOST_STATEMENTS


class TestOne:
    def test_it_shows_what_came_as_it_came(self, olga, shop):
        notice_id, _ = deliver(shop, b"a=1", '{"钱": "1"}'.encode(), "application/json", {"wechatpay-nonce": "n-1"})
        page = olga.get(f"/admin/notices/{notice_id}").text
        for told in (
            "a=1",
            "{&#34;钱&#34;: &#34;1&#34;}",
            "POST application/json",
            "wechatpay-nonce: n-1",
            ADDRESS,
            "req-77",
        ):
            assert told in page

    @pytest.mark.parametrize("text", HOSTILE)
    def test_it_is_inert_whatever_it_says(self, olga, shop, text):
        """I01: in the query, in the body, in a header and in the reason."""
        notice_id, _ = deliver(shop, text.encode(), text.encode(), text[:100], {"stripe-signature": text})
        page = olga.get(f"/admin/notices/{notice_id}").text
        assert page.count(str(escape(text))) >= 3
        assert text not in page or text == str(escape(text))

    def test_bytes_that_are_no_text_are_spelled_out(self, olga, shop):
        notice_id, _ = deliver(shop, b"", b"\xff\x00\x1b[2J\xe2\x80\xaeevil")
        page = olga.get(f"/admin/notices/{notice_id}").text
        assert r"\xff\x00\x1b[2J\u202eevil" in page

    def test_a_key_of_ours_never_stands_there(self, olga, shop):
        """D06: though somebody sent it to us."""
        notice_id, _ = deliver(
            shop, f"key={KEY}".encode(), f"{{'key': '{KEY}'}}".encode(), "", {"stripe-signature": KEY}
        )
        page = olga.get(f"/admin/notices/{notice_id}").text
        assert KEY not in page
        assert page.count("••••••••") == 3

    @pytest.mark.parametrize("notice_id", ["99", "2147483648", "-1", "１", "x"])
    def test_what_is_not_there_is_404(self, olga, notice_id):
        assert olga.get(f"/admin/notices/{notice_id}").status_code == 404


class TestTheQueue:
    def test_what_waits_stands_there_and_on_the_first_page(self, olga, shop, stranded):
        assert rows(olga.get("/admin/notices?queue=1")) == ["1"]
        assert f'href="{stranded}"' in olga.get("/admin").text

    def test_attached_in_one_step(self, olga, form_of, shop, stranded):
        placed = shop.place(CLARA)
        form = form_of(stranded, f"{stranded}/attachment", order=placed.number.lower(), reason="截图")
        assert olga.post(f"{stranded}/attachment", form).status_code == 303
        assert shop.count("SELECT state FROM orders") == "paid"
        page = olga.get(stranded).text
        assert "截图" in page
        assert rows(olga.get("/admin/notices?queue=1")) == []
        actor = shop.count("SELECT actor FROM notice_decision")
        assert actor == f"account:{shop.count('SELECT max(id) FROM account')}"

    @pytest.mark.parametrize(
        ("typed", "field"),
        [({"order": ""}, "order"), ({"order": "NOSUCH"}, "order"), ({"reason": ""}, "attach-reason")],
    )
    def test_what_is_wrong_stands_beside_its_field(self, olga, form_of, shop, stranded, typed, field):
        placed = shop.place(CLARA)
        form = form_of(stranded, f"{stranded}/attachment", **{"order": placed.number, "reason": "x"} | typed)
        answer = olga.post(f"{stranded}/attachment", form)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        assert shop.count("SELECT state FROM orders") == "pending"

    @pytest.mark.parametrize("outcome", ["refunded", "closed"])
    def test_noted_with_a_reason(self, olga, form_of, shop, stranded, outcome):
        form = form_of(stranded, f"{stranded}/closing", outcome=outcome)
        assert olga.post(f"{stranded}/closing", form | {"reason": ""}).status_code == 422
        assert olga.post(f"{stranded}/closing", form | {"reason": "别家的单"}).status_code == 303
        assert shop.count("SELECT state FROM stray") == outcome
        assert olga.post(f"{stranded}/closing", form | {"reason": "again"}).status_code == 422

    def test_sent_back_through_the_channel(self, olga, form_of, shop, stranded):
        form = form_of(stranded, f"{stranded}/return", reason="无此单")
        assert olga.post(f"{stranded}/return", form).status_code == 303
        assert trade.send_returns(shop.now) == 1
        assert shop.count("SELECT state FROM stray") == "refunded"

    def test_no_outcome_but_those_that_are_offered(self, olga, form_of, shop, stranded):
        form = form_of(stranded, f"{stranded}/closing", outcome="open", reason="x")
        assert olga.post(f"{stranded}/closing", form).status_code == 422
        assert shop.count("SELECT state FROM stray") == "open"


class TestReplay:
    def test_it_is_judged_once_more_and_the_page_says_how(self, olga, form_of, shop, stranded):
        form = form_of(stranded, f"{stranded}/replay", reason="再看一次")
        answer = olga.post(f"{stranded}/replay", form)
        assert answer.status_code == 303
        assert answer.location.endswith("/admin/notices/1?replayed=unknown")
        assert shop.count("SELECT first_id FROM notice WHERE source = 'replay'") == 1
        assert olga.get(answer.location).status_code == 200

    def test_what_the_merchant_said_cannot_be(self, olga, shop, stranded):
        placed = shop.place(CLARA)
        told = {"reason": "x", "actor": "account:1", "address": "", "request_id": "", "now": shop.now}
        transaction(trade.attach, shop.count("SELECT id FROM stray"), placed.number, **told)
        assert "/replay" not in olga.get("/admin/notices/2").text
        assert olga.post("/admin/notices/2/replay", {"reason": "x"}).status_code == 404

    def test_no_act_by_looking(self, olga, shop, stranded):
        """D04."""
        for step in ("attachment", "closing", "return", "replay"):
            assert olga.get(f"{stranded}/{step}").status_code == 405
        with counted() as statements:
            olga.get(stranded)
        assert not [one for one in statements if not one.lstrip().upper().startswith(("SELECT", "WITH"))]
