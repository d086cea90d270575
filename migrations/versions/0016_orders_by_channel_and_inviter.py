"""orders are listed by the channel they were paid through, and by who brought them"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BROUGHT = sa.text("l1_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_payment_channel", "payment", ["channel_id", "order_id"])
    op.create_index(
        "ix_attribution_l1", "attribution", ["l1_id", "order_id"], sqlite_where=BROUGHT, postgresql_where=BROUGHT
    )


def downgrade() -> None:
    op.drop_index("ix_attribution_l1", table_name="attribution")
    op.drop_index("ix_payment_channel", table_name="payment")
