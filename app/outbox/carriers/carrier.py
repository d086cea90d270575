"""What every carrier offers, and the plain values that pass between it and the shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.detail import Field
from app.errors import N_
from app.exchange import NotConnected, Reply, Unreachable, post_outward
from app.outbox.event import FOR_HANDS, PUBLIC

Settings = Mapping[str, Any]
Topics = Mapping[str, frozenset[str]]
NOBODY: frozenset[str] = frozenset()
WHOLE_SECONDS = 5.0


class Undelivered(Exception):
    """It was not sent. The words hold neither key nor address; `is_final` says that trying again is of no use."""

    def __init__(self, words: str, *, is_final: bool = False) -> None:
        super().__init__(words)
        self.is_final = is_final


@dataclass(frozen=True)
class Dispatch:
    """A letter, worded for its receiver: `data` for programs, the rest for people. `to` is a mail address, of mail alone.

    `url` is where the receiver sees more, `inward` the private networks that the operator opened to outlets.
    """

    number: str
    event: str
    happened_at: int
    now: int
    title: str
    text: str
    html: str = ""
    url: str = ""
    shop_name: str = ""
    to: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    inward: Sequence[str] = ()


class Carrier(Protocol):
    """A way to send. `settings` are one outlet's, as they were checked by `check_settings`."""

    name: str
    title: str
    # What it is for, one sentence, an English msgid.
    about: str
    fields: tuple[Field, ...]

    def check_settings(self, settings: Settings) -> dict[str, str]:
        """field -> what is wrong with it, as an English msgid; empty when the outlet can be used."""

    def topics(self, settings: Settings) -> Topics:
        """audience -> the events that go out here."""

    def send(self, settings: Settings, dispatch: Dispatch) -> None:
        """Send it, once. Raises Undelivered."""


def events_field(*, is_public: bool = False) -> Field:
    """The choice of events that the merchant is told of."""
    events = PUBLIC if is_public else PUBLIC | FOR_HANDS
    first = tuple(PUBLIC) if is_public else ("order.paid", "dispute.opened", *FOR_HANDS)
    return Field("events", N_("Tell me when"), kind="choices", options=tuple(events.items()), default=first)


def merchants_topics(settings: Settings) -> Topics:
    """For outlets that only the merchant reads."""
    return {"merchant": frozenset(settings.get("events") or ()), "buyer": NOBODY, "distributor": NOBODY}


def check_events(settings: Settings) -> dict[str, str]:
    return {} if settings.get("events") else {"events": N_("Please choose at least one.")}


def check_address(settings: Settings, name: str = "address") -> dict[str, str]:
    """An address that things are posted to: http or https, a host, and nobody's name or password in it."""
    text = str(settings.get(name) or "")
    whole = text.partition("://")
    is_web = whole[0] in ("http", "https") and whole[2] and "@" not in whole[2].partition("/")[0]
    if not is_web or len(text) > 300 or not text.isascii() or any(sign <= " " for sign in text) or "#" in text:
        return {name: N_("Please enter an address like https://example.com/notices.")}
    return {}


def check_key(settings: Settings, name: str, least: int = 8) -> dict[str, str]:
    """A key: one word, long enough to be one."""
    text = str(settings.get(name) or "")
    if len(text) < least or not text.isascii() or any(sign <= " " for sign in text):
        return {name: N_("This is not a key: it is too short, or holds spaces or other signs.")}
    return {}


def post(url: str, content: bytes, headers: Mapping[str, str], dispatch: Dispatch) -> Reply:
    """POST to where the merchant said, within five seconds. Raises Undelivered."""
    try:
        return post_outward(url, content, headers, whole_seconds=WHOLE_SECONDS, inward=dispatch.inward)
    except NotConnected as error:
        raise Undelivered(f"no connection: {error}") from None
    except Unreachable as error:
        raise Undelivered(str(error)) from None
