"""The only clock: UTC epoch seconds, replaceable in tests and in the sample shop."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MINUTE = 60
HOUR = 3600
DAY = 86400


def _system() -> int:
    return int(time.time())


_source: Callable[[], int] = _system


def now() -> int:
    """The present instant in whole UTC epoch seconds."""
    return _source()


@contextmanager
def frozen(at: int) -> Iterator[None]:
    """Let time stand still at `at` (UTC epoch seconds) inside the block."""
    global _source
    previous, _source = _source, lambda: at
    try:
        yield
    finally:
        _source = previous
