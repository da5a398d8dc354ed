"""second_factor: browsers that are not asked each time"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1d7e90b3c5a2"
down_revision: str | None = "9c4e1b7da253"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "trusted_browser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=256), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_trusted_browser_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trusted_browser"),
        sa.UniqueConstraint("public_id", name="uq_trusted_browser_public_id"),
        sa.UniqueConstraint(
            "user_id", "device_hash", name="uq_trusted_browser_user_id_device_hash"
        ),
    )
    op.create_index("ix_trusted_browser_expires_at", "trusted_browser", ["expires_at"])


def downgrade() -> None:
    op.drop_index("ix_trusted_browser_expires_at", table_name="trusted_browser")
    op.drop_table("trusted_browser")
