"""notes on orders; an order is found by its product, its provider's number, its code, and by waiting for its goods"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS = sa.text("state = 'paid' AND delivered_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "order_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_note_order_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_order_note_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_note")),
    )
    op.create_index(op.f("ix_order_note_order_id"), "order_note", ["order_id"])
    op.create_index("ix_order_line_product", "order_line", ["product_id", "order_id"])
    op.create_index("ix_payment_trade", "payment", ["trade_number"])
    op.create_index("ix_card_code", "card", ["code_index"])
    op.create_index("ix_orders_undelivered", "orders", ["id"], sqlite_where=WAITS, postgresql_where=WAITS)


def downgrade() -> None:
    op.drop_index("ix_orders_undelivered", table_name="orders")
    op.drop_index("ix_card_code", table_name="card")
    op.drop_index("ix_payment_trade", table_name="payment")
    op.drop_index("ix_order_line_product", table_name="order_line")
    op.drop_table("order_note")
