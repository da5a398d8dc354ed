"""admin: under which words an account is found"""

import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e1d4a7f03b6c"
down_revision: str | None = "b3e07c52d9f8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.String(length=320).with_variant(sa.String(length=320, collation="C"), "postgresql")
AT_A_TIME = 1000


def upgrade() -> None:
    entry = op.create_table(
        "directory_entry",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=5), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "field", name="pk_directory_entry"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_directory_entry_user_id_user", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_directory_entry_key_user_id", "directory_entry", ["key", "user_id"])
    user = sa.table("user", *map(sa.column, ("id", "email", "name")))
    after = 0
    while (
        rows := op.get_bind()
        .execute(sa.select(user).where(user.c.id > after).order_by(user.c.id).limit(AT_A_TIME))
        .all()
    ):
        op.bulk_insert(
            entry,
            [
                {"user_id": row.id, "field": field, "key": folded(getattr(row, field))}
                for row in rows
                for field in ("email", "name")
            ],
        )
        after = rows[-1].id


def folded(text: str) -> str:
    """Return a text as it is looked for; as it was when this was written."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", plain).strip()[:320]


def downgrade() -> None:
    op.drop_table("directory_entry")
