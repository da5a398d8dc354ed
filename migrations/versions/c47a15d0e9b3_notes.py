"""notes: notes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c47a15d0e9b3"
down_revision: str | None = "e1d4a7f03b6c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_note_user_id_user", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("public_id", name="uq_note_public_id"),
    )
    op.create_index("ix_note_user_id_changed_at", "note", ["user_id", "changed_at"])


def downgrade() -> None:
    op.drop_table("note")
