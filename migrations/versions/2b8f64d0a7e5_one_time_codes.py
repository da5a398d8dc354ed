"""one_time_codes: where codes go, and those that wait to be typed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "2b8f64d0a7e5"
down_revision: str | None = "7a05d8e1f394"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "code_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_code_channel_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_code_channel"),
        sa.UniqueConstraint("user_id", "channel", name="uq_code_channel_user_id_channel"),
    )
    op.create_table(
        "sent_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_sent_code_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sent_code"),
        sa.UniqueConstraint(
            "user_id", "channel", "about", name="uq_sent_code_user_id_channel_about"
        ),
    )
    op.create_index("ix_sent_code_expires_at", "sent_code", ["expires_at"])
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_message"),
    )


def downgrade() -> None:
    op.drop_table("inbox_message")
    op.drop_index("ix_sent_code_expires_at", table_name="sent_code")
    op.drop_table("sent_code")
    op.drop_table("code_channel")
