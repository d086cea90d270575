"""claims of distributors and frozen commission are listed by themselves"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

FROZEN = sa.text("freezes > 0")


def upgrade() -> None:
    op.create_index("ix_dispute_kind", "dispute", ["kind", "id"])
    op.create_index(
        "ix_commission_frozen", "commission", ["payee_id", "id"], sqlite_where=FROZEN, postgresql_where=FROZEN
    )


def downgrade() -> None:
    op.drop_index("ix_commission_frozen", table_name="commission")
    op.drop_index("ix_dispute_kind", table_name="dispute")
