"""example_things: example things

Revises: HEAD
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "REVISION"
down_revision: str | None = "HEAD"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "example_thing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_example_thing"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_example_thing_user_id_user", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("public_id", name="uq_example_thing_public_id"),
    )
    op.create_index("ix_example_thing_user_id_id", "example_thing", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("example_thing")
