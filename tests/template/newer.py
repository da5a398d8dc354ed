"""The template a year later: a repair, a new column, a file more and one less, news of both."""

from collections.abc import Callable
from pathlib import Path

from tests.template.owner import edit

Git = Callable[..., str]
GONE, MOVED_IN = "app/login/forms_of_old.py", "app/login/wait.py"
REVISION = "0d00000000e1"
ENTRY = "Nobody stays signed in for longer than eight hours."
MIGRATION = f'''"""login: how often a browser came"""

import sqlalchemy as sa
from alembic import op

revision: str = "{REVISION}"
down_revision: str | None = "91c3e7d40b52"


def upgrade() -> None:
    op.add_column("known_device", sa.Column("times", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("known_device", "times")
'''


def begin(template: Path, git: Git) -> None:
    """Let a folder of the template hold what it will have lost a year later."""
    (template / GONE).write_text('"""Nothing any more."""\n', "utf-8")
    git(template, "add", "-A", "-f")
    git(template, "commit", "-q", "-m", "As it was")


def grow(template: Path, git: Git) -> str:
    """Let a year pass, and return its last commit."""
    (template / GONE).unlink()
    (template / MOVED_IN).write_text('"""How long somebody waits."""\n', "utf-8")
    hours = "timedelta(hours={}), timedelta(hours={})"
    edit(template, "app/login/service.py", hours.format(2, 24), hours.format(1, 8))
    edit(template, "templates/login/sign_in.html", "New here?", "Not here before?")
    edit(template, "templates/base.html", "<footer", '<footer id="foot"')
    edit(template, "CHANGELOG.md", "### Security\n\n", f"### Security\n\n- {ENTRY}\n")
    edit(template, "CHANGELOG.md", "### Added\n\n", "### Added\n\n- `login`: counts visits.\n")
    seen = "    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)\n"
    times = "    times: Mapped[int | None]\n"
    edit(template, "app/login/models.py", seen, seen + times)
    versions = template / "migrations" / "versions"
    (versions / f"{REVISION}_visits.py").write_text(MIGRATION, "utf-8")
    (next_one,) = (
        path
        for path in versions.glob("*.py")
        if 'down_revision: str | None = "91c3e7d40b52"' in path.read_text("utf-8")
        and REVISION not in path.name
    )
    place = f"migrations/versions/{next_one.name}"
    follows = 'down_revision: str | None = "{}"'
    edit(template, place, follows.format("91c3e7d40b52"), follows.format(REVISION))
    git(template, "add", "-A", "-f")
    git(template, "commit", "-q", "-m", "A year later")
    return git(template, "rev-parse", "HEAD").strip()
