"""security_log: events, and where they came from"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b3e07c52d9f8"
down_revision: str | None = "2b8f64d0a7e5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.String(length=32), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_security_event"),
        sa.UniqueConstraint("public_id", name="uq_security_event_public_id"),
    )
    for columns in (
        ["happened_at", "id"],
        ["account", "happened_at", "id"],
        ["kind", "happened_at", "id"],
        ["actor"],
    ):
        op.create_index(f"ix_security_event_{'_'.join(columns)}", "security_event", columns)
    op.create_table(
        "security_event_origin",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=256), nullable=False),
        sa.Column("whole_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name="pk_security_event_origin"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["security_event.id"],
            name="fk_security_event_origin_event_id_security_event",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_security_event_origin_whole_since", "security_event_origin", ["whole_since"]
    )


def downgrade() -> None:
    op.drop_table("security_event_origin")
    op.drop_table("security_event")
