"""login: browsers that an account knows"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "91c3e7d40b52"
down_revision: str | None = "8b52e06f14c9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "known_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_known_device"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_known_device_user_id_user", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("user_id", "device_hash", name="uq_known_device_user_id_device_hash"),
    )
    op.create_index("ix_known_device_last_seen_at", "known_device", ["last_seen_at"])


def downgrade() -> None:
    op.drop_table("known_device")
