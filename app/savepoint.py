"""A savepoint: what runs in it is undone alone when it raises, and the transaction goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from app.statement import Statement

_SET = Statement("SAVEPOINT part")
_UNDO = Statement("ROLLBACK TO SAVEPOINT part")
_RELEASE = Statement("RELEASE SAVEPOINT part")


@contextmanager
def savepoint(tx: Connection) -> Iterator[None]:
    """Undo what is written inside when it raises, and raise it on. They nest: both databases mean the innermost of the name."""
    _SET.run(tx)
    try:
        yield
    except BaseException:
        _UNDO.run(tx)
        _RELEASE.run(tx)
        raise
    _RELEASE.run(tx)
