"""when the keys of a channel, and the settings of an outlet, last worked"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("tested_at", sa.BigInteger(), nullable=True))
    op.add_column("outlet", sa.Column("tested_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("outlet", "tested_at")
    op.drop_column("channel", "tested_at")
