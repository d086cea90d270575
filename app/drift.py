"""How far this machine's clock is from others': the Date that a provider's server sends with each answer is a clock that costs nothing."""

from email.utils import parsedate_to_datetime

from app import clock

# Callbacks of WeChat Pay are refused from five minutes on, and one-time codes from one.
WARN_SECONDS, FAIL_SECONDS = 60, 240
_heard: tuple[int, int] | None = None


def hear(date: str | None) -> None:
    """Take note of the Date header of an answer that came just now; what is no date says nothing."""
    global _heard
    now = clock.now()
    try:
        _heard = int(parsedate_to_datetime(date or "").timestamp()) - now, now
    except (TypeError, ValueError):
        return


def heard() -> tuple[int, int] | None:
    """(by how many seconds the others are ahead, when that was heard) in this process, None when nobody was heard."""
    return _heard
