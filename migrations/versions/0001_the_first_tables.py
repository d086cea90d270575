"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = (
    "journal",
    "posting",
    "statement",
    "node_event",
    "payout_event",
    "reversal",
    "checkup",
    "entitlement_event",
    "notice_decision",
    "delivery_event",
)
REFUSE_ON_SQLITE = """
CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
REFUSE_ON_POSTGRESQL = """
CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
FUNCTION_ON_POSTGRESQL = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def refuse_changes() -> None:
    """Money rows are corrected by further rows: the database itself refuses UPDATE and DELETE, and TRUNCATE where it exists."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(FUNCTION_ON_POSTGRESQL)
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE") if on_sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
            op.execute((REFUSE_ON_SQLITE if on_sqlite else REFUSE_ON_POSTGRESQL).format(table=table, verb=verb))


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("role IN ('buyer', 'owner', 'admin', 'arbitrator')", name=op.f("ck_account_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "balance",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount_fen <= 0 OR NOT (account LIKE 'liab:held:%' OR account LIKE 'liab:avail:%' OR account LIKE 'liab:frozen:%' OR account LIKE 'liab:payout_pending:%')",
            name=op.f("ck_balance_bucket"),
        ),
        sa.CheckConstraint("amount_fen >= 0 OR NOT account LIKE 'asset:clawback_due:%'", name=op.f("ck_balance_debt")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_balance")),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("fk_category_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("name", name=op.f("uq_category_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=30), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("settings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fee_bps", sa.Integer(), nullable=False),
        sa.Column("buyer_fee_bps", sa.Integer(), nullable=False),
        sa.Column("hold_days", sa.Integer(), nullable=True),
        sa.Column("least_fen", sa.BigInteger(), nullable=True),
        sa.Column("most_fen", sa.BigInteger(), nullable=True),
        sa.Column("devices", sa.String(length=8), nullable=False),
        sa.Column("unique_amounts", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("devices IN ('all', 'pc', 'mobile')", name=op.f("ck_channel_devices")),
        sa.CheckConstraint("buyer_fee_bps BETWEEN 0 AND 1000", name=op.f("ck_channel_buyer_fee")),
        sa.CheckConstraint("fee_bps BETWEEN 0 AND 1000", name=op.f("ck_channel_fee")),
        sa.CheckConstraint("hold_days BETWEEN 0 AND 90", name=op.f("ck_channel_hold")),
        sa.CheckConstraint("least_fen >= 0 AND most_fen >= least_fen", name=op.f("ck_channel_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("slug", name=op.f("uq_channel_slug")),
    )
    op.create_table(
        "checkup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkup")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_journal_key")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_order_number"), ["order_number"], unique=False)

    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed')", name=op.f("ck_message_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("subject", name=op.f("uq_message_subject")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_due",
            ["kind", "next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "outlet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=12), nullable=False),
        sa.Column("carrier", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("topics", sa.String(length=400), nullable=False),
        sa.Column("settings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("slug", name=op.f("uq_outlet_slug")),
    )
    with op.batch_alter_table("outlet", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outlet_enabled",
            ["enabled"],
            unique=False,
            sqlite_where=sa.text("enabled"),
            postgresql_where=sa.text("enabled"),
        )
        batch_op.create_index(
            "uq_outlet_mail",
            ["carrier"],
            unique=True,
            sqlite_where=sa.text("carrier = 'mail'"),
            postgresql_where=sa.text("carrier = 'mail'"),
        )

    op.create_table(
        "rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("scope_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("renewal", sa.Boolean(), nullable=False),
        sa.Column("rate_bps", sa.Integer(), nullable=True),
        sa.Column("fixed_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "scope IN ('shop', 'category', 'product', 'tier', 'product_tier')", name=op.f("ck_rate_scope")
        ),
        sa.CheckConstraint("(rate_bps IS NULL) <> (fixed_fen IS NULL)", name=op.f("ck_rate_one")),
        sa.CheckConstraint("fixed_fen >= 0", name=op.f("ck_rate_fixed")),
        sa.CheckConstraint("level IN (1, 2)", name=op.f("ck_rate_level")),
        sa.CheckConstraint("rate_bps BETWEEN 0 AND 3000", name=op.f("ck_rate_rate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate")),
        sa.UniqueConstraint(
            "scope",
            "scope_id",
            "tier_id",
            "level",
            "renewal",
            name=op.f("uq_rate_scope_scope_id_tier_id_level_renewal"),
        ),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "tier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("min_sales_fen", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("min_sales_fen >= 0", name=op.f("ck_tier_min_sales")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier")),
        sa.UniqueConstraint("min_sales_fen", name=op.f("uq_tier_min_sales_fen")),
        sa.UniqueConstraint("name", name=op.f("uq_tier_name")),
    )
    op.create_table(
        "transfer_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("settings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_account")),
        sa.UniqueConstraint("provider", name=op.f("uq_transfer_account_provider")),
    )
    op.create_table(
        "bill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_bill_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(), nullable=False),
        sa.Column("person_index", sa.LargeBinary(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_identity_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("value_index", name=op.f("uq_identity_value_index")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_person_index"), ["person_index"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'pending') = (next_at IS NOT NULL)", name=op.f("ck_letter_pending")),
        sa.CheckConstraint("audience IN ('merchant', 'buyer', 'distributor')", name=op.f("ck_letter_audience")),
        sa.CheckConstraint("state IN ('pending', 'sent', 'failed', 'dropped')", name=op.f("ck_letter_state")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_letter_outlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "event",
            "about",
            "audience",
            "account_id",
            "outlet_id",
            name=op.f("uq_letter_event_about_audience_account_id_outlet_id"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_due", ["state", "next_at", "id"], unique=False)
        batch_op.create_index("ix_letter_state", ["state", "id"], unique=False)

    op.create_table(
        "node",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pid", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_index", sa.LargeBinary(), nullable=True),
        sa.Column("person_index", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("qualified_at", sa.BigInteger(), nullable=True),
        sa.Column("terms_version", sa.String(length=20), nullable=True),
        sa.Column("terms_at", sa.BigInteger(), nullable=True),
        sa.Column("first_paid_at", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('none', 'qualified', 'suspended', 'banned')", name=op.f("ck_node_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_node_account_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["node.id"], name=op.f("fk_node_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
        sa.UniqueConstraint("contact_index", name=op.f("uq_node_contact_index")),
        sa.UniqueConstraint("pid", name=op.f("uq_node_pid")),
    )
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_node_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_node_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_node_person_index"), ["person_index"], unique=False)

    op.create_table(
        "payee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_index", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payee_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
        sa.UniqueConstraint("number", name=op.f("uq_payee_number")),
    )
    with op.batch_alter_table("payee", schema=None) as batch_op:
        batch_op.create_index("ix_payee_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_payee_index", ["account_index"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("journal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_posting_amount")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_posting_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index("ix_posting_account", ["account", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_journal_id"), ["journal_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=160), nullable=False),
        sa.Column("delivers", sa.String(length=160), nullable=False),
        sa.Column("body_markdown", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("hue", sa.Integer(), nullable=False),
        sa.Column("motif", sa.String(length=20), nullable=False),
        sa.Column("commissionable", sa.Boolean(), nullable=False),
        sa.Column("hold_days", sa.Integer(), nullable=True),
        sa.Column("vesting", sa.String(length=10), nullable=False),
        sa.Column("validity_days", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=True),
        sa.Column("forfeit_unused", sa.Boolean(), nullable=False),
        sa.Column("renewal_group", sa.String(length=40), nullable=True),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("refund_window_days", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(vesting = 'use_count') = (uses IS NOT NULL)", name=op.f("ck_product_use_count")),
        sa.CheckConstraint(
            "NOT forfeit_unused OR (vesting = 'use_count' AND validity_days IS NOT NULL)",
            name=op.f("ck_product_forfeit"),
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'archived')", name=op.f("ck_product_state")),
        sa.CheckConstraint("vesting <> 'instant' OR validity_days IS NULL", name=op.f("ck_product_instant")),
        sa.CheckConstraint("vesting <> 'validity' OR validity_days IS NOT NULL", name=op.f("ck_product_validity")),
        sa.CheckConstraint(
            "vesting IN ('instant', 'validity', 'use_count', 'first_use')", name=op.f("ck_product_vesting")
        ),
        sa.CheckConstraint("hold_days BETWEEN 0 AND 90", name=op.f("ck_product_hold_days")),
        sa.CheckConstraint("refund_window_days BETWEEN 0 AND 90", name=op.f("ck_product_refund_window_days")),
        sa.CheckConstraint("renewal_months BETWEEN 1 AND 120", name=op.f("ck_product_renewal_months")),
        sa.CheckConstraint("uses BETWEEN 1 AND 100000", name=op.f("ck_product_uses")),
        sa.CheckConstraint("validity_days BETWEEN 1 AND 3650", name=op.f("ck_product_validity_days")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_product_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index("ix_product_category", ["category_id", "state", "position", "id"], unique=False)
        batch_op.create_index("ix_product_listing", ["state", "position", "id"], unique=False)
        batch_op.create_index("ix_product_renewal", ["renewal_group"], unique=False)

    op.create_table(
        "receiving_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_receiving_code_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_code")),
        sa.UniqueConstraint("channel_id", "method", name=op.f("uq_receiving_code_channel_id_method")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ticket_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ticket_token_hash")),
    )
    op.create_table(
        "wish",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_wish_account_id")),
        sa.PrimaryKeyConstraint("account_id", "topic", name=op.f("pk_wish")),
    )
    op.create_table(
        "bill_difference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("trade_number", sa.String(length=64), nullable=True),
        sa.Column("payment_number", sa.String(length=64), nullable=True),
        sa.Column("their_fen", sa.BigInteger(), nullable=True),
        sa.Column("our_fen", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('not_here', 'not_there', 'amount')", name=op.f("ck_bill_difference_kind")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_difference_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_difference")),
    )
    with op.batch_alter_table("bill_difference", schema=None) as batch_op:
        batch_op.create_index("ix_bill_difference_bill", ["bill_id", "id"], unique=False)

    op.create_table(
        "device",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_device_node_id")),
        sa.PrimaryKeyConstraint("node_id", "device_hash", name=op.f("pk_device")),
    )
    op.create_table(
        "earning_day",
        sa.Column("payee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payee_id"], ["node.id"], name=op.f("fk_earning_day_payee_id")),
        sa.PrimaryKeyConstraint("payee_id", "day", "level", name=op.f("pk_earning_day")),
    )
    op.create_table(
        "edge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("click_id", sa.String(length=20), nullable=True),
        sa.CheckConstraint("child_id <> parent_id", name=op.f("ck_edge_no_loop")),
        sa.ForeignKeyConstraint(["child_id"], ["node.id"], name=op.f("fk_edge_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["node.id"], name=op.f("fk_edge_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edge")),
        sa.UniqueConstraint("child_id", "sequence", name=op.f("uq_edge_child_id_sequence")),
    )
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.create_index(
            "ix_edge_parent",
            ["parent_id", "id"],
            unique=False,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.create_index(
            "uq_edge_open",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_link_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("code", name=op.f("uq_link_code")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(
            "uq_link_live",
            ["node_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "node_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_node_event_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_event")),
    )
    with op.batch_alter_table("node_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_node_event_node_id"), ["node_id"], unique=False)

    op.create_table(
        "node_payee",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payee_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_node_payee_node_id")),
        sa.PrimaryKeyConstraint("node_id", "payee_index", name=op.f("pk_node_payee")),
    )
    with op.batch_alter_table("node_payee", schema=None) as batch_op:
        batch_op.create_index("ix_node_payee_index", ["payee_index"], unique=False)

    op.create_table(
        "node_sales",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("sales_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_node_sales_node_id")),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_node_sales")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_index", sa.LargeBinary(), nullable=False),
        sa.Column("person_index", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goods_fen", sa.BigInteger(), nullable=False),
        sa.Column("discount_fen", sa.BigInteger(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_orders_paid")),
        sa.CheckConstraint("state IN ('pending', 'paid', 'expired', 'cancelled')", name=op.f("ck_orders_state")),
        sa.CheckConstraint("total_fen = goods_fen - discount_fen AND total_fen >= 0", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_orders_account_id")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_orders_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_orders_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_contact_index"), ["contact_index"], unique=False)
        batch_op.create_index(
            "ix_orders_due",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index("ix_orders_node", ["node_id", "id"], unique=False)
        batch_op.create_index("ix_orders_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "ix_orders_unpaid_address",
            ["address_index"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index(
            "ix_orders_unpaid_contact",
            ["contact_index"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "payout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("tax_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'processing', 'paid', 'failed', 'rejected', 'cancelled', 'returned')",
            name=op.f("ck_payout_state"),
        ),
        sa.CheckConstraint("amount_fen > 0 AND fee_fen >= 0 AND tax_fen >= 0", name=op.f("ck_payout_amount")),
        sa.CheckConstraint("amount_fen > fee_fen + tax_fen", name=op.f("ck_payout_fee")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payout_account_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["payee.id"], name=op.f("fk_payout_payee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("number", name=op.f("uq_payout_number")),
    )
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.create_index("ix_payout_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_payout_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_payout_open",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('requested', 'approved', 'processing', 'failed')"),
            postgresql_where=sa.text("state IN ('requested', 'approved', 'processing', 'failed')"),
        )

    op.create_table(
        "rebind",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'done', 'withdrawn')", name=op.f("ck_rebind_state")),
        sa.CheckConstraint("second_by <> proposed_by", name=op.f("ck_rebind_four_eyes")),
        sa.ForeignKeyConstraint(["child_id"], ["node.id"], name=op.f("fk_rebind_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["node.id"], name=op.f("fk_rebind_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebind")),
    )
    with op.batch_alter_table("rebind", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rebind_child_id"), ["child_id"], unique=False)
        batch_op.create_index(
            "uq_rebind_case",
            ["case_number"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'done')"),
            postgresql_where=sa.text("state IN ('proposed', 'done')"),
        )
        batch_op.create_index(
            "uq_rebind_child",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "sighting",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("network_index", sa.LargeBinary(), nullable=False),
        sa.Column("agent_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_sighting_node_id")),
        sa.PrimaryKeyConstraint("node_id", "network_index", "agent_hash", name=op.f("pk_sighting")),
    )
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sighting_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "sku",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("cost_fen", sa.BigInteger(), nullable=True),
        sa.Column("min_quantity", sa.Integer(), nullable=False),
        sa.Column("max_quantity", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("min_quantity >= 1 AND max_quantity >= min_quantity", name=op.f("ck_sku_quantity")),
        sa.CheckConstraint("price_fen BETWEEN 1 AND 100000000", name=op.f("ck_sku_price")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_sku_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku")),
        sa.UniqueConstraint("code", name=op.f("uq_sku_code")),
    )
    with op.batch_alter_table("sku", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sku_product_id"), ["product_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("payee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("buyer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["node.id"], name=op.f("fk_tally_buyer_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["node.id"], name=op.f("fk_tally_payee_id")),
        sa.PrimaryKeyConstraint("payee_id", "buyer_id", "level", name=op.f("pk_tally")),
    )
    op.create_table(
        "accrual_pending",
        sa.Column(
            "order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_accrual_pending_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_accrual_pending")),
    )
    with op.batch_alter_table("accrual_pending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accrual_pending_next_at"), ["next_at"], unique=False)

    op.create_table(
        "attribution",
        sa.Column(
            "order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("click_id", sa.String(length=20), nullable=True),
        sa.Column("refusal", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("l1_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("l2_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("network_index", sa.LargeBinary(), nullable=True),
        sa.Column("agent_hash", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["node.id"], name=op.f("fk_attribution_candidate_id")),
        sa.ForeignKeyConstraint(["l1_id"], ["node.id"], name=op.f("fk_attribution_l1_id")),
        sa.ForeignKeyConstraint(["l2_id"], ["node.id"], name=op.f("fk_attribution_l2_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_attribution_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_attribution")),
    )
    with op.batch_alter_table("attribution", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attribution_seen",
            ["seen_at"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NOT NULL"),
            postgresql_where=sa.text("seen_at IS NOT NULL"),
        )

    op.create_table(
        "card_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("repeated_in_text", sa.Integer(), nullable=False),
        sa.Column("already_in_stock", sa.Integer(), nullable=False),
        sa.Column("malformed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_card_import_account_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_card_import_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_import")),
    )
    with op.batch_alter_table("card_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_import_sku_id"), ["sku_id"], unique=False)

    op.create_table(
        "click",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("weak", sa.Boolean(), nullable=False),
        sa.Column("address_prefix", sa.String(length=48), nullable=True),
        sa.Column("agent_hash", sa.LargeBinary(), nullable=True),
        sa.Column("device_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_click_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click")),
    )
    with op.batch_alter_table("click", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_click_happened_at"), ["happened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_click_link_id"), ["link_id"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("wanted_fen", sa.BigInteger(), nullable=True),
        sa.Column("last_refund_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer_until", sa.BigInteger(), nullable=False),
        sa.Column("evidence_until", sa.BigInteger(), nullable=True),
        sa.Column("appeal_until", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.Column("offer_fen", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decision_fen", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("opener_accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("shop_accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("appealed_by", sa.String(length=12), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state NOT IN ('final', 'withdrawn'))", name=op.f("ck_dispute_closed")
        ),
        sa.CheckConstraint(
            "decision IN ('buyer', 'seller', 'split', 'adjust', 'refused')", name=op.f("ck_dispute_decision")
        ),
        sa.CheckConstraint("kind <> 'distributor' OR node_id IS NOT NULL", name=op.f("ck_dispute_opener")),
        sa.CheckConstraint("kind IN ('buyer', 'provider', 'distributor', 'flag')", name=op.f("ck_dispute_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'evidence', 'decided', 'appeal', 'final', 'withdrawn')", name=op.f("ck_dispute_state")
        ),
        sa.CheckConstraint("decision_fen IS NULL OR decision_fen >= 0", name=op.f("ck_dispute_decision_fen")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_dispute_node_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_dispute_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("number", name=op.f("uq_dispute_number")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dispute_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_dispute_node", ["node_id", "id"], unique=False)
        batch_op.create_index("ix_dispute_order", ["order_id", "id"], unique=False)
        batch_op.create_index("ix_dispute_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_dispute_claim",
            ["order_id", "node_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL AND kind = 'distributor'"),
            postgresql_where=sa.text("closed_at IS NULL AND kind = 'distributor'"),
        )
        batch_op.create_index(
            "uq_dispute_order",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL AND kind IN ('buyer', 'provider')"),
            postgresql_where=sa.text("closed_at IS NULL AND kind IN ('buyer', 'provider')"),
        )

    op.create_table(
        "flag",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.CheckConstraint("kind IN ('network', 'mailbox', 'burst', 'refunds')", name=op.f("ck_flag_kind")),
        sa.CheckConstraint("state IN ('open', 'cleared', 'upheld')", name=op.f("ck_flag_state")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_flag_order_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["node.id"], name=op.f("fk_flag_payee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("order_id", "kind", name=op.f("uq_flag_order_id_kind")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index(
            "ix_flag_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "order_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("sku_name", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_fen", sa.BigInteger(), nullable=False),
        sa.Column("subtotal_fen", sa.BigInteger(), nullable=False),
        sa.Column("discount_fen", sa.BigInteger(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("base_fen = subtotal_fen - discount_fen AND base_fen >= 0", name=op.f("ck_order_line_base")),
        sa.CheckConstraint("refunded_fen BETWEEN 0 AND base_fen", name=op.f("ck_order_line_refunded")),
        sa.CheckConstraint("subtotal_fen = quantity * unit_price_fen", name=op.f("ck_order_line_subtotal")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_order_line_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_order_id"), ["order_id"], unique=False)

    op.create_table(
        "pause",
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_pause_order_id")),
        sa.PrimaryKeyConstraint("cause", name=op.f("pk_pause")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("matched_fen", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("trade_number", sa.String(length=64), nullable=True),
        sa.Column("pay_url", sa.String(length=2000), nullable=True),
        sa.Column("qr_text", sa.String(length=2000), nullable=True),
        sa.Column("scheme_url", sa.String(length=2000), nullable=True),
        sa.Column("reference", sa.String(length=128), nullable=True),
        sa.Column("facts", sa.String(length=2000), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("query_at", sa.BigInteger(), nullable=True),
        sa.Column("known_as", sa.String(length=64), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'paid')", name=op.f("ck_payment_state")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_payment_channel_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("channel_id", "trade_number", name=op.f("uq_payment_channel_id_trade_number")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_matched",
            ["channel_id", "matched_fen"],
            unique=True,
            sqlite_where=sa.text("matched_fen IS NOT NULL"),
            postgresql_where=sa.text("matched_fen IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_payment_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "ix_payment_paid",
            ["channel_id", "paid_at"],
            unique=False,
            sqlite_where=sa.text("paid_at IS NOT NULL"),
            postgresql_where=sa.text("paid_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_payment_query",
            ["channel_id", "query_at"],
            unique=False,
            sqlite_where=sa.text("query_at IS NOT NULL"),
            postgresql_where=sa.text("query_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_payment_unpaid",
            ["created_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "payout_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_event_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_event")),
    )
    with op.batch_alter_table("payout_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_event_payout_id"), ["payout_id"], unique=False)

    op.create_table(
        "payout_part",
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pid", sa.String(length=16), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_part_payout_id")),
        sa.PrimaryKeyConstraint("payout_id", "pid", name=op.f("pk_payout_part")),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed', 'doubtful')", name=op.f("ck_refund_state")),
        sa.CheckConstraint("way IN ('gateway', 'hand', 'provider')", name=op.f("ck_refund_way")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_refund_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("number", name=op.f("uq_refund_number")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_refund_state", ["state", "id"], unique=False)

    op.create_table(
        "card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("sold_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('reserved', 'sold')) = (order_id IS NOT NULL) OR state = 'faulty'", name=op.f("ck_card_owner")
        ),
        sa.CheckConstraint("state IN ('available', 'reserved', 'sold', 'faulty')", name=op.f("ck_card_state")),
        sa.ForeignKeyConstraint(["import_id"], ["card_import.id"], name=op.f("fk_card_import_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_card_order_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_card_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("sku_id", "code_index", name=op.f("uq_card_sku_id_code_index")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(
            "ix_card_available",
            ["sku_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'available'"),
            postgresql_where=sa.text("state = 'available'"),
        )
        batch_op.create_index(
            "ix_card_order",
            ["order_id"],
            unique=False,
            sqlite_where=sa.text("order_id IS NOT NULL"),
            postgresql_where=sa.text("order_id IS NOT NULL"),
        )

    op.create_table(
        "chargeback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dispute_number", sa.String(length=64), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_chargeback_channel_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_chargeback_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback")),
        sa.UniqueConstraint("channel_id", "dispute_number", name=op.f("uq_chargeback_channel_id_dispute_number")),
    )
    op.create_table(
        "commission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("buyer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("rate_bps", sa.Integer(), nullable=True),
        sa.Column("fixed_fen", sa.BigInteger(), nullable=True),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.Column("net_fen", sa.BigInteger(), nullable=False),
        sa.Column("matured_fen", sa.BigInteger(), nullable=False),
        sa.Column("frozen_held_fen", sa.BigInteger(), nullable=False),
        sa.Column("frozen_matured_fen", sa.BigInteger(), nullable=False),
        sa.Column("cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("borne_fen", sa.BigInteger(), nullable=False),
        sa.Column("counted_fen", sa.BigInteger(), nullable=False),
        sa.Column("freezes", sa.Integer(), nullable=False),
        sa.Column("mature_at", sa.BigInteger(), nullable=False),
        sa.Column("matured_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(rate_bps IS NULL) <> (fixed_fen IS NULL)", name=op.f("ck_commission_rule")),
        sa.CheckConstraint("gross_fen > 0 AND net_fen BETWEEN 0 AND gross_fen", name=op.f("ck_commission_net")),
        sa.CheckConstraint("level IN (1, 2)", name=op.f("ck_commission_level")),
        sa.CheckConstraint(
            "matured_fen >= 0 AND frozen_held_fen >= 0 AND frozen_matured_fen >= 0 AND matured_fen + frozen_held_fen + frozen_matured_fen <= net_fen",
            name=op.f("ck_commission_parts"),
        ),
        sa.CheckConstraint("payee_id <> buyer_id", name=op.f("ck_commission_payee")),
        sa.ForeignKeyConstraint(["buyer_id"], ["node.id"], name=op.f("fk_commission_buyer_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_commission_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_commission_order_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["node.id"], name=op.f("fk_commission_payee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission")),
        sa.UniqueConstraint("line_id", "level", name=op.f("uq_commission_line_id_level")),
    )
    with op.batch_alter_table("commission", schema=None) as batch_op:
        batch_op.create_index(
            "ix_commission_due",
            ["payee_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_commission_held",
            ["payee_id", "id"],
            unique=False,
            sqlite_where=sa.text("matured_fen < net_fen"),
            postgresql_where=sa.text("matured_fen < net_fen"),
        )
        batch_op.create_index(batch_op.f("ix_commission_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_commission_payee", ["payee_id", "id"], unique=False)
        batch_op.create_index(
            "ix_commission_reduced",
            ["payee_id"],
            unique=False,
            sqlite_where=sa.text("net_fen < gross_fen"),
            postgresql_where=sa.text("net_fen < gross_fen"),
        )

    op.create_table(
        "entitlement",
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
        sa.Column("validity_days", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=True),
        sa.Column("uses_left", sa.Integer(), nullable=True),
        sa.Column("activated_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('validity', 'use_count', 'first_use')", name=op.f("ck_entitlement_kind")),
        sa.CheckConstraint("uses_left BETWEEN 0 AND uses", name=op.f("ck_entitlement_uses")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_entitlement_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_entitlement_order_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_entitlement")),
    )
    with op.batch_alter_table("entitlement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entitlement_order_id"), ["order_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_evidence_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("number", name=op.f("uq_evidence_number")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_dispute_id"), ["dispute_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("content_type", sa.String(length=120), nullable=False),
        sa.Column("headers", sa.String(length=4000), nullable=False),
        sa.Column("query", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.String(length=48), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("trade_number", sa.String(length=64), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.String(length=20), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_notice_channel_id")),
        sa.ForeignKeyConstraint(["first_id"], ["notice.id"], name=op.f("fk_notice_first_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_notice_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_channel", ["channel_id", "id"], unique=False)
        batch_op.create_index("ix_notice_payment", ["payment_id", "id"], unique=False)
        batch_op.create_index("ix_notice_trade", ["trade_number", "id"], unique=False)
        batch_op.create_index("ix_notice_verdict", ["verdict", "id"], unique=False)

    op.create_table(
        "payment_claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digits", sa.String(length=6), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("verdict IN ('came', 'missing')", name=op.f("ck_payment_claim_verdict")),
        sa.CheckConstraint("(settled_at IS NULL) = (verdict IS NULL)", name=op.f("ck_payment_claim_settled")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_claim_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_claim")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_claim_payment_id")),
    )
    with op.batch_alter_table("payment_claim", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_claim_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "refund_line",
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_refund_line_amount")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_refund_line_line_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_line_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", "line_id", name=op.f("pk_refund_line")),
    )
    op.create_table(
        "repayment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refund_number", sa.String(length=64), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trade_number", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_repayment_channel_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_repayment_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repayment")),
        sa.UniqueConstraint("channel_id", "refund_number", name=op.f("uq_repayment_channel_id_refund_number")),
    )
    with op.batch_alter_table("repayment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_repayment_parked",
            ["payment_id"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.create_table(
        "schedule",
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=False),
        sa.Column("hold_days", sa.Integer(), nullable=False),
        sa.Column("validity_days", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("activated_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("forfeit_unused", sa.Boolean(), nullable=False),
        sa.Column("midnight", sa.Boolean(), nullable=False),
        sa.Column("pool_bps", sa.Integer(), nullable=False),
        sa.Column("funded_fen", sa.BigInteger(), nullable=False),
        sa.Column("pauses", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('instant', 'validity', 'use_count', 'first_use')", name=op.f("ck_schedule_kind")),
        sa.CheckConstraint("pauses >= 0 AND used >= 0", name=op.f("ck_schedule_counts")),
        sa.CheckConstraint("refunded_fen BETWEEN 0 AND base_fen", name=op.f("ck_schedule_refunded")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_schedule_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_schedule_order_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_schedule")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index(
            "ix_schedule_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_schedule_order_id"), ["order_id"], unique=False)

    op.create_table(
        "delivery_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("old_card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("new_card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["new_card_id"], ["card.id"], name=op.f("fk_delivery_event_new_card_id")),
        sa.ForeignKeyConstraint(["old_card_id"], ["card.id"], name=op.f("fk_delivery_event_old_card_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_delivery_event_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_event")),
    )
    with op.batch_alter_table("delivery_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_event_order_id"), ["order_id"], unique=False)

    op.create_table(
        "entitlement_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["entitlement.line_id"], name=op.f("fk_entitlement_event_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement_event")),
    )
    with op.batch_alter_table("entitlement_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entitlement_event_line_id"), ["line_id"], unique=False)

    op.create_table(
        "freeze",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("commission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["commission_id"], ["commission.id"], name=op.f("fk_freeze_commission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freeze")),
    )
    with op.batch_alter_table("freeze", schema=None) as batch_op:
        batch_op.create_index("ix_freeze_commission", ["commission_id"], unique=False)
        batch_op.create_index(
            "uq_freeze_open",
            ["cause", "commission_id"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "notice_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_decision_notice_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_notice_decision_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_decision")),
    )
    with op.batch_alter_table("notice_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_decision_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "reversal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("commission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("frozen_held_fen", sa.BigInteger(), nullable=False),
        sa.Column("held_fen", sa.BigInteger(), nullable=False),
        sa.Column("frozen_matured_fen", sa.BigInteger(), nullable=False),
        sa.Column("available_fen", sa.BigInteger(), nullable=False),
        sa.Column("debt_fen", sa.BigInteger(), nullable=False),
        sa.Column("borne_fen", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["commission_id"], ["commission.id"], name=op.f("fk_reversal_commission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reversal")),
    )
    with op.batch_alter_table("reversal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reversal_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_reversal_commission_id"), ["commission_id"], unique=False)

    op.create_table(
        "statement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "kind IN ('opened', 'message', 'answer', 'offer', 'acceptance', 'silence', 'decision', 'appeal', 'final', 'withdrawn')",
            name=op.f("ck_statement_kind"),
        ),
        sa.CheckConstraint(
            "side IN ('opener', 'shop', 'arbitrator', 'provider', 'clock')", name=op.f("ck_statement_side")
        ),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_statement_dispute_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["evidence.id"], name=op.f("fk_statement_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_dispute_id"), ["dispute_id"], unique=False)

    op.create_table(
        "stray",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("trade_number", sa.String(length=64), nullable=True),
        sa.Column("payment_number", sa.String(length=64), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("is_booked", sa.Boolean(), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refund_number", sa.String(length=20), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'refunding', 'doubtful', 'attached', 'refunded', 'closed')", name=op.f("ck_stray_state")
        ),
        sa.CheckConstraint(
            "NOT is_booked OR (amount_fen > 0 AND trade_number IS NOT NULL)", name=op.f("ck_stray_booked")
        ),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_stray_channel_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_stray_notice_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_stray_order_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_stray_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray")),
        sa.UniqueConstraint("channel_id", "trade_number", name=op.f("uq_stray_channel_id_trade_number")),
        sa.UniqueConstraint("refund_number", name=op.f("uq_stray_refund_number")),
    )
    with op.batch_alter_table("stray", schema=None) as batch_op:
        batch_op.create_index("ix_stray_notice", ["notice_id"], unique=False)
        batch_op.create_index("ix_stray_payment", ["payment_id"], unique=False)
        batch_op.create_index("ix_stray_state", ["state", "id"], unique=False)

    refuse_changes()


def downgrade() -> None:
    with op.batch_alter_table("stray", schema=None) as batch_op:
        batch_op.drop_index("ix_stray_state")
        batch_op.drop_index("ix_stray_payment")
        batch_op.drop_index("ix_stray_notice")

    op.drop_table("stray")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_dispute_id"))

    op.drop_table("statement")
    with op.batch_alter_table("reversal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reversal_commission_id"))
        batch_op.drop_index(batch_op.f("ix_reversal_case"))

    op.drop_table("reversal")
    with op.batch_alter_table("notice_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_decision_notice_id"))

    op.drop_table("notice_decision")
    with op.batch_alter_table("freeze", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_freeze_open", sqlite_where=sa.text("lifted_at IS NULL"), postgresql_where=sa.text("lifted_at IS NULL")
        )
        batch_op.drop_index("ix_freeze_commission")

    op.drop_table("freeze")
    with op.batch_alter_table("entitlement_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entitlement_event_line_id"))

    op.drop_table("entitlement_event")
    with op.batch_alter_table("delivery_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_event_order_id"))

    op.drop_table("delivery_event")
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedule_order_id"))
        batch_op.drop_index(
            "ix_schedule_due",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.drop_table("schedule")
    with op.batch_alter_table("repayment", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_repayment_parked",
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.drop_table("repayment")
    op.drop_table("refund_line")
    with op.batch_alter_table("payment_claim", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_payment_claim_waiting",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.drop_table("payment_claim")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_verdict")
        batch_op.drop_index("ix_notice_trade")
        batch_op.drop_index("ix_notice_payment")
        batch_op.drop_index("ix_notice_channel")

    op.drop_table("notice")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_dispute_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("entitlement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entitlement_order_id"))

    op.drop_table("entitlement")
    with op.batch_alter_table("commission", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_commission_reduced",
            sqlite_where=sa.text("net_fen < gross_fen"),
            postgresql_where=sa.text("net_fen < gross_fen"),
        )
        batch_op.drop_index("ix_commission_payee")
        batch_op.drop_index(batch_op.f("ix_commission_order_id"))
        batch_op.drop_index(
            "ix_commission_held",
            sqlite_where=sa.text("matured_fen < net_fen"),
            postgresql_where=sa.text("matured_fen < net_fen"),
        )
        batch_op.drop_index(
            "ix_commission_due",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.drop_table("commission")
    op.drop_table("chargeback")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_card_order",
            sqlite_where=sa.text("order_id IS NOT NULL"),
            postgresql_where=sa.text("order_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_card_available",
            sqlite_where=sa.text("state = 'available'"),
            postgresql_where=sa.text("state = 'available'"),
        )

    op.drop_table("card")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index("ix_refund_state")
        batch_op.drop_index(batch_op.f("ix_refund_order_id"))

    op.drop_table("refund")
    op.drop_table("payout_part")
    with op.batch_alter_table("payout_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_event_payout_id"))

    op.drop_table("payout_event")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_payment_unpaid",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(
            "ix_payment_query",
            sqlite_where=sa.text("query_at IS NOT NULL"),
            postgresql_where=sa.text("query_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_payment_paid",
            sqlite_where=sa.text("paid_at IS NOT NULL"),
            postgresql_where=sa.text("paid_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_payment_order_id"))
        batch_op.drop_index(
            "ix_payment_matched",
            sqlite_where=sa.text("matched_fen IS NOT NULL"),
            postgresql_where=sa.text("matched_fen IS NOT NULL"),
        )

    op.drop_table("payment")
    op.drop_table("pause")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_line_order_id"))

    op.drop_table("order_line")
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_flag_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )

    op.drop_table("flag")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dispute_order",
            sqlite_where=sa.text("closed_at IS NULL AND kind IN ('buyer', 'provider')"),
            postgresql_where=sa.text("closed_at IS NULL AND kind IN ('buyer', 'provider')"),
        )
        batch_op.drop_index(
            "uq_dispute_claim",
            sqlite_where=sa.text("closed_at IS NULL AND kind = 'distributor'"),
            postgresql_where=sa.text("closed_at IS NULL AND kind = 'distributor'"),
        )
        batch_op.drop_index("ix_dispute_state")
        batch_op.drop_index("ix_dispute_order")
        batch_op.drop_index("ix_dispute_node")
        batch_op.drop_index(
            "ix_dispute_due", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )

    op.drop_table("dispute")
    with op.batch_alter_table("click", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_click_link_id"))
        batch_op.drop_index(batch_op.f("ix_click_happened_at"))

    op.drop_table("click")
    with op.batch_alter_table("card_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_import_sku_id"))

    op.drop_table("card_import")
    with op.batch_alter_table("attribution", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attribution_seen",
            sqlite_where=sa.text("seen_at IS NOT NULL"),
            postgresql_where=sa.text("seen_at IS NOT NULL"),
        )

    op.drop_table("attribution")
    with op.batch_alter_table("accrual_pending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accrual_pending_next_at"))

    op.drop_table("accrual_pending")
    op.drop_table("tally")
    with op.batch_alter_table("sku", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sku_product_id"))

    op.drop_table("sku")
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sighting_seen_at"))

    op.drop_table("sighting")
    with op.batch_alter_table("rebind", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rebind_child",
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.drop_index(
            "uq_rebind_case",
            sqlite_where=sa.text("state IN ('proposed', 'done')"),
            postgresql_where=sa.text("state IN ('proposed', 'done')"),
        )
        batch_op.drop_index(batch_op.f("ix_rebind_child_id"))

    op.drop_table("rebind")
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payout_open",
            sqlite_where=sa.text("state IN ('requested', 'approved', 'processing', 'failed')"),
            postgresql_where=sa.text("state IN ('requested', 'approved', 'processing', 'failed')"),
        )
        batch_op.drop_index("ix_payout_state")
        batch_op.drop_index("ix_payout_account")

    op.drop_table("payout")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_orders_unpaid_contact",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(
            "ix_orders_unpaid_address",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index("ix_orders_state")
        batch_op.drop_index("ix_orders_node")
        batch_op.drop_index(
            "ix_orders_due", sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'")
        )
        batch_op.drop_index(batch_op.f("ix_orders_contact_index"))
        batch_op.drop_index("ix_orders_account")

    op.drop_table("orders")
    op.drop_table("node_sales")
    with op.batch_alter_table("node_payee", schema=None) as batch_op:
        batch_op.drop_index("ix_node_payee_index")

    op.drop_table("node_payee")
    with op.batch_alter_table("node_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_node_event_node_id"))

    op.drop_table("node_event")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_link_live", sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL")
        )

    op.drop_table("link")
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_edge_open", sqlite_where=sa.text("valid_to IS NULL"), postgresql_where=sa.text("valid_to IS NULL")
        )
        batch_op.drop_index(
            "ix_edge_parent", sqlite_where=sa.text("valid_to IS NULL"), postgresql_where=sa.text("valid_to IS NULL")
        )

    op.drop_table("edge")
    op.drop_table("earning_day")
    op.drop_table("device")
    with op.batch_alter_table("bill_difference", schema=None) as batch_op:
        batch_op.drop_index("ix_bill_difference_bill")

    op.drop_table("bill_difference")
    op.drop_table("wish")
    op.drop_table("ticket")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_session_account_id"))

    op.drop_table("session")
    op.drop_table("receiving_code")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index("ix_product_renewal")
        batch_op.drop_index("ix_product_listing")
        batch_op.drop_index("ix_product_category")

    op.drop_table("product")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_journal_id"))
        batch_op.drop_index("ix_posting_account")

    op.drop_table("posting")
    with op.batch_alter_table("payee", schema=None) as batch_op:
        batch_op.drop_index("ix_payee_index")
        batch_op.drop_index("ix_payee_account")

    op.drop_table("payee")
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_node_person_index"))
        batch_op.drop_index(batch_op.f("ix_node_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_node_account_id"))

    op.drop_table("node")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_state")
        batch_op.drop_index("ix_letter_due")

    op.drop_table("letter")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_person_index"))
        batch_op.drop_index(batch_op.f("ix_identity_account_id"))

    op.drop_table("identity")
    op.drop_table("bill")
    op.drop_table("transfer_account")
    op.drop_table("tier")
    op.drop_table("setting")
    op.drop_table("rate")
    with op.batch_alter_table("outlet", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_outlet_mail", sqlite_where=sa.text("carrier = 'mail'"), postgresql_where=sa.text("carrier = 'mail'")
        )
        batch_op.drop_index("ix_outlet_enabled", sqlite_where=sa.text("enabled"), postgresql_where=sa.text("enabled"))

    op.drop_table("outlet")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_due", sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'")
        )

    op.drop_table("message")
    op.drop_table("lease")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_order_number"))

    op.drop_table("journal")
    op.drop_table("checkup")
    op.drop_table("channel")
    op.drop_table("category")
    op.drop_table("balance")
    op.drop_table("account")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
