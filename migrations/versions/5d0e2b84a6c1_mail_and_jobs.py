"""accounts: when a mail is due, given up, and when periodic work last began"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5d0e2b84a6c1"
down_revision: str | None = "3f1c9a7d2e40"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail") as batch:
        batch.add_column(sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index("ix_outbox_mail_next_try_at", ["next_try_at"])
    # What waits already is due: without a moment it would wait for ever.
    op.execute("UPDATE outbox_mail SET next_try_at = created_at WHERE sent_at IS NULL")
    op.create_table(
        "periodic_run",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_periodic_run"),
    )


def downgrade() -> None:
    op.drop_table("periodic_run")
    with op.batch_alter_table("outbox_mail") as batch:
        batch.drop_index("ix_outbox_mail_next_try_at")
        batch.drop_column("failed_at")
        batch.drop_column("next_try_at")
