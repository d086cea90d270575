"""letters to the holder of an account, such as a link for a new password"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEFORE = "audience IN ('merchant', 'buyer', 'distributor')"


def upgrade() -> None:
    change("audience IN ('merchant', 'buyer', 'distributor', 'account')")


def downgrade() -> None:
    op.execute("DELETE FROM letter WHERE audience = 'account'")
    change(BEFORE)


def change(allowed: str) -> None:
    with op.batch_alter_table("letter") as letter:
        letter.drop_constraint(op.f("ck_letter_audience"), type_="check")
        letter.create_check_constraint(op.f("ck_letter_audience"), allowed)
