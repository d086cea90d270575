"""a second factor: the app on a phone, recovery codes, tokens that were used; what a session was opened with"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "authenticator",
        sa.Column("account_id", ID, autoincrement=False, nullable=False),
        sa.Column("offered_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seed_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(seed_sealed IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_authenticator_confirmed")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_authenticator_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "spent_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("forget_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_spent_token")),
    )
    op.create_index(op.f("ix_spent_token_forget_at"), "spent_token", ["forget_at"])
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("agent", sa.String(length=200), nullable=False, server_default=""))
        session.add_column(sa.Column("network", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("session") as session:
        session.alter_column("agent", server_default=None)
        session.alter_column("network", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("session") as session:
        session.drop_column("network")
        session.drop_column("agent")
    op.drop_table("spent_token")
    op.drop_table("recovery_code")
    op.drop_table("authenticator")
