"""the hash of a notice whose words are no longer kept"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("words_hash", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("notice", "words_hash")
