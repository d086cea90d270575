"""To listen to what is booked, entry by entry: for whoever wants to tell what an act does to the books."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Booked:
    """One entry as it was written: `legs` maps account to signed fen, debit positive."""

    kind: str
    legs: Mapping[str, int]


_HEARD: ContextVar[list[Booked] | None] = ContextVar("heard", default=None)


@contextmanager
def listen() -> Iterator[list[Booked]]:
    """The entries that this thread writes inside, in order. Reading them afterwards would find those of others, too."""
    heard: list[Booked] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def tell(kind: str, legs: Mapping[str, int]) -> None:
    """Say that an entry was written."""
    heard = _HEARD.get()
    if heard is not None:
        heard.append(Booked(kind, legs))
