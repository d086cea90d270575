"""`doctor`: a line a thing, and an exit code that a timer can act on."""

import os

from app.commands.worker import run_job
from app.db import transaction


def doctor(app):
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, {
        line[6:26].strip(): line[:5].strip() for line in done.output.splitlines() if line[:5].strip()
    }


def test_a_shop_whose_worker_runs_is_not_broken(app, shop):
    code, lines = doctor(app)
    assert (code, lines["worker"]) == (1, "fail")
    assert run_job(app, "expire", "test")
    code, lines = doctor(app)
    assert code == 0, lines
    assert {
        lines[name] for name in ("worker", "keys", "books", "audit log", "database", "tables", "permissions", "disk")
    } == {"ok"}
    assert lines["address"] == lines["mail"] == lines["backup"] == "warn"


def test_books_that_do_not_balance_and_loose_keys_are_shown(app, shop, instance):
    run_job(app, "expire", "test")
    transaction(
        lambda tx: tx.exec_driver_sql(
            "INSERT INTO balance (account, amount_fen, version) VALUES ('income:sales', -1, 1)"
        )
    )
    os.chmod(instance / "keys" / "csrf", 0o644)
    code, lines = doctor(app)
    assert (code, lines["books"], lines["permissions"]) == (1, "fail", "fail")
    transaction(lambda tx: tx.exec_driver_sql("DELETE FROM balance WHERE account = 'income:sales'"))
    os.chmod(instance / "keys" / "csrf", 0o600)


def test_a_value_that_another_key_sealed_is_shown(app, shop):
    run_job(app, "expire", "test")
    transaction(
        lambda tx: tx.exec_driver_sql(
            "UPDATE card SET code_sealed = x'6b317c00112233445566778899aabbccddeeff' WHERE id = 1"
        )
    )
    assert doctor(app)[1]["keys"] == "fail"
