"""what each person brought and has, rolled up for the list of the network"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OWED = sa.text("debt_fen > 0")


def upgrade() -> None:
    op.create_table(
        "figure_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_mark")),
    )
    op.create_table(
        "node_figure",
        sa.Column("node_id", ID, autoincrement=False, nullable=False),
        sa.Column("sales_fen", sa.BigInteger(), nullable=False),
        sa.Column("sales_1_fen", sa.BigInteger(), nullable=False),
        sa.Column("sales_2_fen", sa.BigInteger(), nullable=False),
        sa.Column("buyers", sa.Integer(), nullable=False),
        sa.Column("refund_bps", sa.Integer(), nullable=False),
        sa.Column("available_fen", sa.BigInteger(), nullable=False),
        sa.Column("debt_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_node_figure_node_id")),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_node_figure")),
    )
    op.create_index("ix_node_figure_sales", "node_figure", ["sales_fen", "node_id"])
    op.create_index("ix_node_figure_available", "node_figure", ["available_fen", "node_id"])
    op.create_index("ix_node_figure_refund", "node_figure", ["refund_bps", "node_id"])
    op.create_index("ix_node_figure_debt", "node_figure", ["node_id"], sqlite_where=OWED, postgresql_where=OWED)


def downgrade() -> None:
    op.drop_table("node_figure")
    op.drop_table("figure_mark")
