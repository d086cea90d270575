"""Where one is logged in: seen in words, ended one by one or all at once."""

import re

import pytest

from app.storefront.agents import in_words
from tests import journey
from tests.visitor import Visitor

CONTACT = "boris@example.com"


@pytest.fixture
def boris(visitor):
    return journey.register(visitor, CONTACT)


def elsewhere(app, agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"):
    visitor = Visitor(app, address="203.0.113.77")
    visitor.headers["User-Agent"] = agent
    return journey.log_in(visitor, CONTACT)


def is_in(visitor):
    return visitor.get("/me/security").status_code == 200


def test_it_names_device_and_network_and_marks_this_one(app, boris):
    elsewhere(app)
    page = boris.get("/me/security").text
    assert "Windows 上的 Chrome" in page
    assert "203.0.113.0/24" in page
    assert "203.0.113.77" not in page
    assert page.count("badge-good") == 1


def test_one_is_ended_and_the_others_stay(app, boris):
    desk, phone = elsewhere(app), elsewhere(app)
    number = re.findall(r"/me/devices/(\d+)/removal", boris.get("/me/security").text)[0]
    assert boris.post(f"/me/devices/{number}/removal", page="/me/security").status_code == 303
    assert (is_in(desk), is_in(phone), is_in(boris)) == (True, False, True)
    assert boris.post(f"/me/devices/{number}/removal", page="/me/security").status_code == 404


def test_all_others_are_ended(app, boris):
    desk, phone = elsewhere(app), elsewhere(app)
    assert boris.post("/me/devices/removal", page="/me/security").status_code == 303
    assert (is_in(desk), is_in(phone), is_in(boris)) == (False, False, True)


def test_nobody_ends_anothers(app, boris):
    """Z02."""
    dan = journey.register(Visitor(app), "dan@example.com")
    assert dan.post("/me/devices/1/removal", page="/me/security").status_code == 404
    assert dan.post("/me/devices/99999999999999999999/removal", page="/me/security").status_code == 404
    assert is_in(boris)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "iPhone 上的 Safari",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0", "Android 上的 WeChat"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Mac 上的 Firefox"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130", "Windows 上的 Edge"),
        ("curl/8.5", "未知的浏览器"),
        ("<script>", "未知的浏览器"),
    ],
)
def test_a_browser_has_a_name(app, agent, words):
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        assert in_words(agent) == words
