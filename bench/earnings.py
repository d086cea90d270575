"""`python -m bench.earnings`: one distributor's earnings at 1,000 and at 1,000,000 commissions (SQLite, medians, in ms).

The rows are written by SQL, in the shape that the acts give them; what is measured are the real pages and acts.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import flask_migrate

from app import clock, create_app, ledger, referral, settlement, trade
from app.accounts import read_contact
from app.config import Config
from app.db import db, transaction
from app.shop import read_settings

SIZES = (1_000, 1_000_000)
ROUNDS = 31
NOW = 1_790_000_000
SERIES = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}) "
ROWS = (
    "INSERT INTO orders (number, secret_sealed, request_hash, state, contact_sealed, contact_index, person_index, address_index, "
    "currency, goods_fen, discount_fen, total_fen, locale, created_at, expires_at, paid_at, delivered_at, node_id) "
    "SELECT 'N' || i, x'00', x'00', 'paid', x'00', x'00', x'00', x'00', 'CNY', 10000, 0, 10000, 'zh_CN', {now} - i, {now}, "
    "{now} - i, {now} - i, 2 FROM n",
    "INSERT INTO order_line (order_id, sku_id, product_id, title, sku_name, quantity, unit_price_fen, subtotal_fen, discount_fen, "
    "base_fen, refunded_fen) SELECT i, 1, 1, 't', '', 1, 10000, 10000, 0, 10000, 0 FROM n",
    "INSERT INTO commission (order_id, line_id, level, payee_id, buyer_id, base_fen, rule, rate_bps, gross_fen, net_fen, "
    "matured_fen, frozen_held_fen, frozen_matured_fen, borne_fen, counted_fen, freezes, mature_at, due_at, version, created_at) "
    "SELECT i, i, 1, 1, 2, 10000, 'shop', 1000, 1000, 1000, CASE WHEN i > 10 THEN 1000 ELSE 0 END, 0, 0, 0, 0, 0, "
    "{now} + 86400, CASE WHEN i > 10 THEN NULL ELSE {now} + 86400 END, 1, {now} - i FROM n",
    "INSERT INTO schedule (line_id, order_id, base_fen, refunded_fen, kind, delivered_at, hold_days, used, forfeit_unused, "
    "midnight, pool_bps, funded_fen, pauses, due_at, version) SELECT i, i, 10000, 0, 'instant', {now} - i, 7, 0, false, false, "
    "0, 0, 0, NULL, 1 FROM n",
)


def _fill(size: int) -> int:
    """A distributor with `size` commissions, of which ten are still held. Returns the account's id."""
    settings = read_settings(db.session)
    accounts = [
        transaction(
            trade.register,
            contact=read_contact(f"{name}@example.com"),
            password_hash="x",
            invite_cookie=None,
            device_hash=name.encode(),
            settings=settings,
            now=NOW,
        )
        for name in ("anna", "boris")
    ]
    transaction(referral.qualify, 1, source="free_join", terms_version="1", now=NOW)

    def write(tx: object) -> None:
        run = tx.exec_driver_sql  # type: ignore[attr-defined]
        run(
            "INSERT INTO product (slug, title, summary, delivers, body_markdown, body_html, kind, state, hue, motif, "
            "commissionable, vesting, forfeit_unused, refund_window_days, position, created_at) "
            "VALUES ('p', 't', '', '', '', '', 'code', 'draft', 1, 'rings', true, 'instant', false, 0, 0, 1)"
        )
        run(
            "INSERT INTO sku (code, product_id, name, price_fen, min_quantity, max_quantity, position) "
            "VALUES ('c', 1, '', 10000, 1, 1, 0)"
        )
        for statement in ROWS:
            head, _, rest = statement.partition("SELECT")
            run(f"{head}{SERIES.format(size=size)}SELECT{rest.format(now=NOW)}")

    def with_series(tx: object) -> None:
        run = tx.exec_driver_sql  # type: ignore[attr-defined]
        pid = run("SELECT pid FROM node WHERE id = 1").scalar()
        ledger.post(
            tx,  # type: ignore[arg-type]
            "bench", "accrue",
            {ledger.COMMISSION: size * 1000, ledger.payee_account(ledger.HELD, pid): -10_000,
             ledger.payee_account(ledger.AVAILABLE, pid): 10_000 - size * 1000},
            now=NOW,
        )  # fmt: skip

    transaction(write)
    transaction(with_series)
    return accounts[0]


def _median_ms(act: Callable[[], object]) -> float:
    act()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def measure(size: int) -> dict[str, float]:
    """Median milliseconds of each measure, at `size` commissions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        config = Config(
            instance=path,
            testing=True,
            public_url="http://localhost",
            database_url=f"sqlite:///{path / 'shop.sqlite3'}",
        )
        app = create_app(config)
        with app.app_context(), clock.frozen(NOW):
            flask_migrate.upgrade()
            _fill(size)
            pid = db.session.execute(db.text("SELECT pid FROM node WHERE id = 1")).scalar_one()
            db.session.rollback()
            figures = {
                "balance": _median_ms(lambda: ledger.read_wallet(db.session, [pid])),
                "list, first page": _median_ms(lambda: referral.list_commissions(db.session, [1], pid)),
                "list, deep page": _median_ms(
                    lambda: referral.list_commissions(db.session, [1], pid, before=size // 2)
                ),
                "30 days": _median_ms(lambda: referral.list_days(db.session, [1], NOW)),
                "release, nothing due": _median_ms(lambda: transaction(settlement.release_for, [1], NOW)),
            }
            db.session.remove()
            db.engine.dispose()
        return figures


def main() -> None:
    few, many = (measure(size) for size in SIZES)
    print(f"{'':24}{SIZES[0]:>12,}{SIZES[1]:>14,}   ratio")
    for name, figure in few.items():
        print(f"{name:24}{figure:12.3f}{many[name]:14.3f}{many[name] / figure:8.2f}")


if __name__ == "__main__":
    sys.exit(main())
