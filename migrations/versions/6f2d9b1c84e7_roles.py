"""roles: roles, what they hold, and who has them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "6f2d9b1c84e7"
down_revision: str | None = "a6e4f1c2087d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_role"),
        sa.UniqueConstraint("name", name="uq_role_name"),
    )
    op.create_table(
        "role_permission",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("permission", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("role_id", "permission", name="pk_role_permission"),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name="fk_role_permission_role_id_role", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "role_grant",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "role_id", name="pk_role_grant"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_role_grant_user_id_user", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name="fk_role_grant_role_id_role", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_role_grant_role_id", "role_grant", ["role_id"])


def downgrade() -> None:
    op.drop_table("role_grant")
    op.drop_table("role_permission")
    op.drop_table("role")
