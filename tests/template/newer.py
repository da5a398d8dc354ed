"""The template a year later: a repair, a new column, a file more and one less, news of both."""

import json
from collections.abc import Callable
from pathlib import Path

from flask_gatehouse import record
from flask_gatehouse.answers import Answers
from flask_gatehouse.generate import render, write
from tests.template.owner import edit

Git = Callable[..., str]
GONE, MOVED_IN = "app/login/forms_of_old.py", "app/login/wait.py"
REVISION = "0d00000000e1"
ENTRY = "A browser that says a great deal of itself is cut short."
BEFORE, AFTER = "LONGEST_USER_AGENT = 256", "LONGEST_USER_AGENT = 200"
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
    edit(template, "app/login/service.py", BEFORE, AFTER)
    edit(template, "tests/login/test_attacks.py", "user_agent) == 256", "user_agent) == 200")
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


def write_project(template: Path, features: str, folder: Path, git: Git) -> Path:
    """Write a project into a folder and commit it, with the template's last commit on record."""
    told = {"description": "A shop.", "author": "Ada", "email": "ada@example.com"}
    told |= {"project_name": "My Shop", "project_slug": "my-shop", "licence": "MIT"}
    told["features"] = features
    for path, file in render(template, Answers.read(told, template)).files.items():
        write(folder / path, file)
    commit = git(template, "rev-parse", "HEAD").strip()
    context = {"cookiecutter": {**told, "_template": "gatehouse", "_commit": commit}}
    state = {"template": "gatehouse", "commit": commit, "checkout": None, "context": context}
    (folder / record.FILE).write_text(json.dumps({**state, "directory": None}), "utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Begin")
    return folder
