"""api: the refresh tokens of a sign-in"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a6e4f1c2087d"
down_revision: str | None = "d2b8f06c41a7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "refresh_family",
        sa.Column("login_session_id", sa.Integer(), nullable=False),
        sa.Column("current_id", sa.String(length=32), nullable=False),
        sa.Column("spent_id", sa.String(length=32), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login_session_id", name="pk_refresh_family"),
        sa.ForeignKeyConstraint(
            ["login_session_id"],
            ["login_session.id"],
            name="fk_refresh_family_login_session_id_login_session",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("refresh_family")
