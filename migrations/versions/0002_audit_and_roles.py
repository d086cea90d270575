"""the audit log; staff as manager, support and finance; when a session was proved last"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES_BEFORE = "role IN ('buyer', 'owner', 'admin', 'arbitrator')"
ROLES = "role IN ('buyer', 'owner', 'manager', 'support', 'finance', 'arbitrator')"
REFUSE_ON_SQLITE = """
CREATE TRIGGER audit_entry_refuses_{verb} BEFORE {verb} ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END
"""
REFUSE_ON_POSTGRESQL = """
CREATE TRIGGER audit_entry_refuses_{verb} BEFORE {verb} ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("now", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=20), nullable=False),
        sa.Column("origin_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_audit_entry_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "id"])
    op.create_index("ix_audit_entry_account", "audit_entry", ["account_id", "id"])
    op.create_index("ix_audit_entry_act", "audit_entry", ["act", "id"])
    op.create_index("ix_audit_entry_happened_at", "audit_entry", ["happened_at", "id"])
    op.create_table(
        "audit_origin",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("forget_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_origin_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_origin")),
    )
    op.create_index(op.f("ix_audit_origin_forget_at"), "audit_origin", ["forget_at"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in ("UPDATE", "DELETE") if on_sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute((REFUSE_ON_SQLITE if on_sqlite else REFUSE_ON_POSTGRESQL).format(verb=verb))
    rename_roles("admin", "manager", ROLES)
    # A session that is open says nothing of when its password was given: the next key or payout asks for it.
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("proved_at", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("session") as session:
        session.alter_column("proved_at", server_default=None)


def rename_roles(before: str, after: str, allowed: str) -> None:
    """Between the old check and the new one, or either would refuse the rows of the other."""
    with op.batch_alter_table("account") as account:
        account.drop_constraint(op.f("ck_account_role"), type_="check")
    for table, column in (("account", "role"), ("ticket", "purpose")):
        named = sa.table(table, sa.column(column))
        op.execute(named.update().where(named.c[column] == before).values({column: after}))
    with op.batch_alter_table("account") as account:
        account.create_check_constraint(op.f("ck_account_role"), allowed)


def downgrade() -> None:
    with op.batch_alter_table("session") as session:
        session.drop_column("proved_at")
    op.execute("UPDATE account SET role = 'manager' WHERE role IN ('support', 'finance')")
    rename_roles("manager", "admin", ROLES_BEFORE)
    op.drop_table("audit_origin")
    op.drop_table("audit_entry")
