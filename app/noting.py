"""An act of the shop's people with its entry in the audit log: both come into being in one transaction, or neither does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from app import audit
from app.visit import who

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """What the log says of an act. `subject` may be made of what the act returns, where it has no number before."""

    act: str
    subject: str | Callable[[Any], str]
    was: Mapping[str, Any] = field(default_factory=dict)
    now: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def noted(line: Line, act: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """`act`, which then writes `line` too. One that says it changed nothing (False) leaves no line."""
    by = who()

    def both(tx: Connection, *args: P.args, **kwargs: P.kwargs) -> T:
        done = act(tx, *args, **kwargs)
        if done is not False:
            subject = line.subject if isinstance(line.subject, str) else line.subject(done)
            audit.record(tx, by, line.act, subject, was=line.was, now=line.now, reason=line.reason)
        return done

    return both


def compared(line: Line, look: Callable[[Connection], Mapping[str, Any]]) -> Callable[[Any], Any]:
    """Like `noted`, for a change: `look` tells how things are, before the act and after it."""
    by = who()

    def around(act: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
        def both(tx: Connection, *args: P.args, **kwargs: P.kwargs) -> T:
            was = dict(look(tx))
            done = act(tx, *args, **kwargs)
            now = dict(look(tx))
            subject = line.subject if isinstance(line.subject, str) else line.subject(done)
            audit.record(tx, by, line.act, subject, was=was, now=now, reason=line.reason)
            return done

        return both

    return around
