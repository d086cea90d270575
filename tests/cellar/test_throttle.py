"""Limits spent by hand, and who is counted."""

import pytest

from app import clock, throttle
from app.throttle import TooOften

NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def inside(app):
    with app.test_request_context(), clock.frozen(NOW):
        yield


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("rubbish", "unknown"),
    ],
)
def test_the_counted_address(app, client, counted):
    with app.test_request_context(environ_base={"REMOTE_ADDR": client}):
        assert throttle.address() == counted


def test_an_address_that_nobody_knows_is_still_counted(app):
    with app.test_request_context() as context:
        context.request.environ.pop("REMOTE_ADDR", None)
        context.request.remote_addr = None
        assert throttle.address() == "unknown"


def test_a_spent_limit_refuses_until_its_window_ends():
    for _ in range(3):
        throttle.spend("3/minute", "login", "anna")
    with pytest.raises(TooOften) as refused:
        throttle.spend("3/minute", "login", "anna")
    assert refused.value.status == 429
    assert refused.value.retry_after_seconds == 60
    assert refused.value.text() == "You tried too often. Wait 1 minute and try again."
    throttle.spend("3/minute", "login", "boris")
    with clock.frozen(NOW + 60):
        throttle.spend("3/minute", "login", "anna")


def test_the_tightest_of_several_limits_decides():
    throttle.spend("5/minute;1/hour", "x")
    with pytest.raises(TooOften) as refused:
        throttle.spend("5/minute;1/hour", "x")
    assert refused.value.retry_after_seconds == 3600


def test_looking_does_not_count():
    for _ in range(5):
        throttle.check("1/minute", "x")
    throttle.spend("1/minute", "x")
    with pytest.raises(TooOften):
        throttle.check("1/minute", "x")
    throttle.forgive("1/minute", "x")
    throttle.check("1/minute", "x")


def test_within_tells_instead_of_raising():
    assert [throttle.within("2/minute", "forged", "1.2.3.4") for _ in range(3)] == [True, True, False]


def test_broken_counters_do_not_stop_a_callback_and_do_stop_a_log_in(app, tmp_path):
    throttle.within("2/minute", "x")
    app.extensions["throttle"].storage.close()
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"limits.sqlite3{ending}").unlink(missing_ok=True)
    (tmp_path / "limits.sqlite3").mkdir()
    assert throttle.within("2/minute", "x") is True
    app.post("/log-in", endpoint="post /log-in")(lambda: throttle.spend("2/minute", "x") or "in")
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post("/log-in")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "1 hour"),
        (3601, "2 hours"),
    ],
)
def test_waiting_times_are_rounded_up(seconds, words):
    assert throttle.wait_in_words(seconds) == words
