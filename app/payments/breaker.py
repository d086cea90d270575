"""A breaker: a provider that fails several times in a row is left alone for a while, so that it holds up nobody else."""

from collections import Counter

FAULTS = 5
PAUSE_SECONDS = 30


class Breaker:
    """Counts the faults of each channel. It lives in one process: it spares time, and decides nothing about money."""

    def __init__(self) -> None:
        self._faults: Counter[int] = Counter()
        self._paused_until: dict[int, int] = {}

    def is_paused(self, channel_id: int, now: int) -> bool:
        return now < self._paused_until.get(channel_id, 0)

    def note_fault(self, channel_id: int, now: int) -> None:
        """It did not answer. The fifth time in a row begins a pause."""
        self._faults[channel_id] += 1
        if self._faults[channel_id] >= FAULTS:
            self._faults[channel_id] = 0
            self._paused_until[channel_id] = now + PAUSE_SECONDS

    def forget(self) -> None:
        """Begin anew, as a process that was just started."""
        self._faults.clear()
        self._paused_until.clear()

    def note_answer(self, channel_id: int) -> None:
        self._faults[channel_id] = 0
