"""A chart of days as bars, in the units of its own picture: the server draws it, and nothing has to run."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 64
WIDTH = 8
STEP = 10


@dataclass(frozen=True)
class Bar:
    """One day."""

    x: int
    y: int
    height: int
    at: int
    fen: int


def bars(days: Sequence[tuple[int, int]]) -> list[Bar]:
    """`days` are (an instant of the day, fen), the oldest first. A day below nothing stands as low as one with nothing."""
    tallest = max((fen for _, fen in days), default=0)
    drawn = []
    for position, (at, fen) in enumerate(days):
        # A day that earned anything is seen, however small beside the best one.
        height = max(2, fen * HEIGHT // tallest) if fen > 0 else 1
        drawn.append(Bar(position * STEP, HEIGHT - height, height, at, fen))
    return drawn
