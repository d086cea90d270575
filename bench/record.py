"""What a callback writes, taken down statement by statement, so that the driver alone can write the same."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from app.statement import Statement

Write = tuple[str, Any, bool]
_READS = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN")
_RUN, _RUN_MANY = Statement.run, Statement.run_many


def record(engine: Engine, acts: Sequence[Callable[[], object]], path: Path) -> None:
    """Run `acts` one after the other, and keep in `path` what each of them wrote: a list of (SQL, values, whether many)."""
    kept: list[list[Write]] = []
    with _listening(engine, lambda write: kept[-1].append(write)):
        for act in acts:
            kept.append([])
            act()
    path.write_bytes(pickle.dumps(kept))


@contextmanager
def _listening(engine: Engine, keep: Callable[[Write], None]) -> Iterator[None]:
    def note(sql: str, values: Any, many: bool) -> None:
        is_read = sql.lstrip().startswith("WITH") and "SELECT" in sql and "INSERT" not in sql and "UPDATE" not in sql
        if not is_read and not sql.lstrip().startswith(_READS):
            keep((sql, values, many))

    def run(self: Statement, reader: Any, values: Mapping[str, Any] = {}) -> Any:
        note(self.text("sqlite", values), dict(self.bound(values)), False)
        return _RUN(self, reader, values)

    def run_many(self: Statement, tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        note(self.text("sqlite"), [dict(self.bound(row)) for row in rows], True)
        _RUN_MANY(self, tx, rows)

    def by_sqlalchemy(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        note(sql, values, many)

    Statement.run, Statement.run_many = run, run_many  # type: ignore[method-assign]
    event.listen(engine, "before_cursor_execute", by_sqlalchemy)
    try:
        yield
    finally:
        Statement.run, Statement.run_many = _RUN, _RUN_MANY  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", by_sqlalchemy)
