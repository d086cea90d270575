"""the shop's texts in versions, its logo, the questions of order forms and their answers, terms accepted with an order"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSE_ON_SQLITE = """
CREATE TRIGGER shop_text_refuses_{verb} BEFORE {verb} ON shop_text
BEGIN SELECT RAISE(ABORT, 'shop_text is append-only'); END
"""
REFUSE_ON_POSTGRESQL = """
CREATE TRIGGER shop_text_refuses_{verb} BEFORE {verb} ON shop_text
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "shop_text",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_shop_text_account_id")),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_shop_text")),
    )
    op.create_table(
        "logo",
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_logo")),
    )
    op.create_table(
        "question",
        sa.Column("id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label_zh", sa.String(length=40), nullable=False),
        sa.Column("label_en", sa.String(length=60), nullable=False),
        sa.Column("hint_zh", sa.String(length=120), nullable=False),
        sa.Column("hint_en", sa.String(length=160), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('text', 'number', 'choice', 'mail')", name=op.f("ck_question_kind")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_question_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_product_id"), "question", ["product_id"])
    op.add_column("orders", sa.Column("answers_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("orders", sa.Column("terms_version", sa.String(length=20), nullable=True))
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in ("UPDATE", "DELETE") if on_sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute((REFUSE_ON_SQLITE if on_sqlite else REFUSE_ON_POSTGRESQL).format(verb=verb))


def downgrade() -> None:
    op.drop_column("orders", "terms_version")
    op.drop_column("orders", "answers_sealed")
    op.drop_index(op.f("ix_question_product_id"), table_name="question")
    op.drop_table("question")
    op.drop_table("logo")
    op.drop_table("shop_text")
