"""social: who at which provider opens which account"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "9c4e1b7da253"
down_revision: str | None = "6f2d9b1c84e7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "social_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_name", sa.String(length=320), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_social_identity_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_social_identity"),
        sa.UniqueConstraint("provider", "subject", name="uq_social_identity_provider_subject"),
        sa.UniqueConstraint("user_id", "provider", name="uq_social_identity_user_id_provider"),
    )


def downgrade() -> None:
    op.drop_table("social_identity")
