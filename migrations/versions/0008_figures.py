"""what each hour came to, counted as it happens, and what a line cost when it was sold"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    "placed_paid",
    "placed_unpaid",
    "paid_orders",
    "sold_fen",
    "refunded_fen",
    "known_fen",
    "known_refunded_fen",
    "cost_fen",
)
# The cost of what was sold before is not known.
COUNTED = """
INSERT INTO figure (hour, placed_paid, placed_unpaid, paid_orders, sold_fen, refunded_fen, known_fen, known_refunded_fen, cost_fen)
SELECT hour, sum(placed_paid), sum(placed_unpaid), sum(paid_orders), sum(sold_fen), sum(refunded_fen), 0, 0, 0 FROM (
  SELECT created_at / 3600 AS hour, CASE state WHEN 'paid' THEN 1 ELSE 0 END AS placed_paid,
    CASE state WHEN 'paid' THEN 0 ELSE 1 END AS placed_unpaid, 0 AS paid_orders, 0 AS sold_fen, 0 AS refunded_fen
  FROM orders WHERE state <> 'pending'
  UNION ALL SELECT paid_at / 3600, 0, 0, 1, total_fen, 0 FROM orders WHERE state = 'paid'
  UNION ALL SELECT created_at / 3600, 0, 0, 0, 0, amount_fen FROM refund WHERE state <> 'failed'
) AS sides GROUP BY hour
"""


def upgrade() -> None:
    op.add_column("order_line", sa.Column("cost_fen", sa.BigInteger(), nullable=True))
    op.create_table(
        "figure",
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.BigInteger() if name.endswith("fen") else sa.Integer(), nullable=False)
            for name in COLUMNS
        ),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_figure")),
    )
    op.execute(COUNTED)


def downgrade() -> None:
    op.drop_table("figure")
    op.drop_column("order_line", "cost_fen")
