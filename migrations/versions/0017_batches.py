"""batches of codes: what they cost, how far they are; codes that are taken off the shelf; when to tell that few are left"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ASIDE = sa.text("state IN ('faulty', 'binned')")
FREE = sa.text("state = 'available'")
WAITING = sa.text("taken_at IS NULL")
STATES_BEFORE = "state IN ('available', 'reserved', 'sold', 'faulty')"
STATES = "state IN ('available', 'reserved', 'sold', 'faulty', 'binned')"


def upgrade() -> None:
    with op.batch_alter_table("card") as card:
        card.drop_constraint(op.f("ck_card_state"), type_="check")
        card.create_check_constraint(op.f("ck_card_state"), STATES)
        card.add_column(sa.Column("cost_fen", sa.BigInteger(), nullable=True))
    # Serves whatever the index of available codes did, and the lists of the others too.
    op.drop_index("ix_card_available", "card")
    op.create_index("ix_card_listed", "card", ["sku_id", "state", "id"])
    op.create_index("ix_card_import", "card", ["import_id", "state", "id"])
    op.create_index("ix_card_aside", "card", ["state", "id"], sqlite_where=ASIDE, postgresql_where=ASIDE)
    with op.batch_alter_table("card_import") as batch:
        batch.add_column(sa.Column("note", sa.String(length=60), server_default="", nullable=False))
        batch.add_column(sa.Column("cost_fen", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("encoding", sa.String(length=10), server_default="utf-8", nullable=False))
        batch.add_column(sa.Column("lines", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("lines_done", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("finished_at", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE card_import SET finished_at = created_at, lines = added + repeated_in_text + already_in_stock + malformed, "
        "lines_done = added + repeated_in_text + already_in_stock + malformed"
    )
    with op.batch_alter_table("card_import") as batch:
        for name in ("note", "encoding", "lines", "lines_done"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "card_import_chunk",
        sa.Column("id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("codes_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("repeated", sa.Text(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("malformed", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["card_import.id"], name=op.f("fk_card_import_chunk_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_import_chunk")),
        sa.UniqueConstraint("import_id", "position", name=op.f("uq_card_import_chunk_import_id_position")),
    )
    op.create_index(
        "ix_card_import_chunk_waiting", "card_import_chunk", ["id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    with op.batch_alter_table("sku") as sku:
        sku.add_column(sa.Column("low_stock", sa.Integer(), server_default="5", nullable=False))
        sku.add_column(sa.Column("low_told_at", sa.BigInteger(), nullable=True))
    # By itself: in one batch SQLite would copy the rows without the default.
    with op.batch_alter_table("sku") as sku:
        sku.alter_column("low_stock", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("sku") as sku:
        sku.drop_column("low_told_at")
        sku.drop_column("low_stock")
    op.drop_table("card_import_chunk")
    with op.batch_alter_table("card_import") as batch:
        for name in ("finished_at", "lines_done", "lines", "encoding", "cost_fen", "note"):
            batch.drop_column(name)
    for name in ("ix_card_aside", "ix_card_import", "ix_card_listed"):
        op.drop_index(name, "card")
    op.create_index("ix_card_available", "card", ["sku_id", "id"], sqlite_where=FREE, postgresql_where=FREE)
    # A code of the bin is on no shelf: without a bin it counts as faulty.
    op.execute("UPDATE card SET state = 'faulty' WHERE state = 'binned'")
    with op.batch_alter_table("card") as card:
        card.drop_column("cost_fen")
        card.drop_constraint(op.f("ck_card_state"), type_="check")
        card.create_check_constraint(op.f("ck_card_state"), STATES_BEFORE)
