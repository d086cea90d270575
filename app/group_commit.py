"""Group commit: acts that wait for SQLite's one writer at once share a transaction, and so one flush to the disk.

Each has a savepoint of its own, so that a fault of one undoes nothing of another; and nobody is told of a result before the
commit. Whoever comes first leads: takes all that wait, runs them, and hands the lead on.
"""

import threading
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection

from app.db import db, transaction
from app.gate import PATIENCE_SECONDS, busy
from app.savepoint import savepoint

MOST_TOGETHER = 16
P = ParamSpec("P")
T = TypeVar("T")


class _Waiting:
    """An act that waits for its turn, with the context of whoever wants it."""

    def __init__(self, act: Callable[[Connection], Any]) -> None:
        self.act, self.context = act, copy_context()
        self.woken, self.is_done = threading.Event(), False
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self, tx: Connection) -> None:
        try:
            with savepoint(tx):
                self.result = self.context.run(self.act, tx)
        except Exception as error:  # noqa: BLE001 - it is raised where the act was asked for
            self.error = error


class _Group:
    """The acts that wait for one database file in this process."""

    def __init__(self) -> None:
        self.lock, self.is_led = threading.Lock(), False
        self.waiting: deque[_Waiting] = deque()

    def do(self, mine: _Waiting) -> None:
        """Return once `mine` is committed, or has failed."""
        with self.lock:
            self.waiting.append(mine)
            leads, self.is_led = not self.is_led, True
        if not leads:
            mine.woken.wait(PATIENCE_SECONDS)
            leads = self._is_my_lead(mine)
        if leads:
            self._lead(mine)
        else:
            # Somebody has taken it along, and tells when it is done.
            mine.woken.wait()

    def _is_my_lead(self, mine: _Waiting) -> bool:
        with self.lock:
            if mine.woken.is_set():
                return not mine.is_done
            if mine in self.waiting:
                self.waiting.remove(mine)
                raise busy()
            return False

    def _lead(self, mine: _Waiting) -> None:
        taken: list[_Waiting] = []
        try:
            transaction(self._run, taken)
        except BaseException as error:
            for one in taken:
                one.error = error
            raise
        finally:
            with self.lock:
                if mine in self.waiting:
                    # The writer's place was not to be had, so nobody was taken along.
                    self.waiting.remove(mine)
                for one in taken:
                    one.is_done = True
                    one.woken.set()
                if self.waiting:
                    self.waiting[0].woken.set()
                else:
                    self.is_led = False

    def _run(self, tx: Connection, taken: list[_Waiting]) -> None:
        # Only now, so that those come along who arrived while the place was waited for.
        with self.lock:
            taken.extend(self.waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self.waiting))))
        for one in taken:
            one.run(tx)


_groups: dict[str, _Group] = {}


def transaction_together(act: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`transaction(act, ...)`, which acts of other threads may share. It is for what comes in crowds: a provider's notices.

    PostgreSQL flushes what commits at once together by itself. Raises what the act raises; and if the transaction as a whole
    fails, all who shared it are told so.
    """
    if db.engine.dialect.name != "sqlite":
        return transaction(act, *args, **kwargs)
    # The thread that leads runs the act; what this one has read must not hold a view of before.
    db.session.rollback()
    mine = _Waiting(lambda tx: act(tx, *args, **kwargs))
    _groups.setdefault(str(db.engine.url.database), _Group()).do(mine)
    if mine.error is not None:
        raise mine.error
    return cast(T, mine.result)
