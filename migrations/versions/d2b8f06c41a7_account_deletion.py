"""profile: planned deletions"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d2b8f06c41a7"
down_revision: str | None = "91c3e7d40b52"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "account_deletion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account_deletion"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_account_deletion_user_id_user", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("user_id", name="uq_account_deletion_user_id"),
    )
    op.create_index("ix_account_deletion_erase_at", "account_deletion", ["erase_at"])


def downgrade() -> None:
    op.drop_table("account_deletion")
