"""totp: authenticators and what they share, encrypted"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "4e83f2a90d6b"
down_revision: str | None = "1d7e90b3c5a2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "totp_authenticator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_totp_authenticator_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_totp_authenticator"),
        sa.UniqueConstraint("public_id", name="uq_totp_authenticator_public_id"),
    )
    op.create_index("ix_totp_authenticator_user_id", "totp_authenticator", ["user_id"])


def downgrade() -> None:
    op.drop_index("ix_totp_authenticator_user_id", table_name="totp_authenticator")
    op.drop_table("totp_authenticator")
