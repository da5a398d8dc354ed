"""A new feature is its folders and one line, and nothing else."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

FILES = {
    "app/greeting/__init__.py": '''"""Greets whoever is signed in."""

from flask import Flask

from app.core.feature import Feature

feature = Feature(
    "greeting",
    needs=("login",),
    offered="recommended",
    title="Greeting",
    summary="A page that greets you.",
)


def init_app(app: Flask) -> None:
    """Register the pages."""
    from app.accounts.points import EXPORTS
    from app.greeting import models, views

    app.register_blueprint(views.blueprint)
    EXPORTS.add(app, models.export)
''',
    "app/greeting/models.py": '''"""What was said."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db


class Greeting(db.Model):  # type: ignore[misc,name-defined]
    """One greeting."""

    __tablename__ = "greeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)


def export(user_id: int) -> list[int]:
    """Return what was said to a person."""
    return list(db.session.scalars(db.select(Greeting.id).where(Greeting.user_id == user_id)))
''',
    "app/greeting/views.py": '''"""The browser's face."""

from flask import Blueprint, render_template

from app.core.access import signed_in
from app.greeting.models import Greeting

blueprint = Blueprint("greeting", __name__, url_prefix="/greeting")
signed_in(blueprint)


@blueprint.get("")
def greet() -> str:
    """Greet."""
    return render_template("greeting/greet.html", table=Greeting.__tablename__)
''',
    "templates/greeting/greet.html": """{% extends "base.html" %}
{% block content %}<h1>Hello {{ current_principal.name }}</h1>{% endblock %}
""",
    "migrations/versions/0c0ffee00001_greetings.py": '''"""greeting: greetings"""

import sqlalchemy as sa
from alembic import op

revision: str = "0c0ffee00001"
down_revision: str | None = "HEAD"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "greeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_greeting"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_greeting_user_id_user", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_greeting_user_id", "greeting", ["user_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("greeting")
''',
    "tests/greeting/test_attacks.py": '''"""What must never happen to a greeting."""

from tests.conftest import Browser


def test_a_stranger_is_not_greeted(browser: Browser) -> None:
    assert browser.get("/greeting").status_code == 303


def test_a_guest_is_greeted(signed_in: Browser) -> None:
    assert "Hello Ada Lovelace" in signed_in.get("/greeting").text
''',
    "docs/tutorial/greeting.md": """# Greeting

## What you get

A page that greets you.

## Try it

Open it.

## How it works

It says hello.

## Attacks it stops

Strangers are not greeted.

## Attacks it does not stop

None.

## Change it

Say something else.

## Take it out

Remove its folders and its line.
""",
}


def add_greeting(root: Path) -> None:
    """Write the folders and the one line."""
    chain = "".join(p.read_text("utf-8") for p in (root / "migrations" / "versions").glob("*.py"))
    revisions = re.findall(r'^revision: .*"(\w+)"', chain, re.MULTILINE)
    parents = re.findall(r'^down_revision: .*"(\w+)"', chain, re.MULTILINE)
    (head,) = set(revisions) - set(parents)
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content.replace("HEAD", head), "utf-8")
    features = root / "app" / "features.py"
    listed = features.read_text("utf-8")
    assert listed.endswith("\n)\n")
    features.write_text(f'{listed[:-2]}    "greeting",  # after login\n)\n', "utf-8")


def test_it_needs_its_folders_and_one_line(
    changed_template: Path,
    run: Callable[..., subprocess.CompletedProcess[str]],
    git: Callable[..., str],
    cookiecutter: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> None:
    add_greeting(changed_template)
    here = {"PYTHONPATH": str(changed_template)}
    tests = ["tests/greeting", "tests/house", "tests/site", "-p", "no:cacheprovider", "-q"]
    tests += ["--quick"]
    passed = run([sys.executable, "-m", "pytest", *tests], changed_template, here)
    assert passed.returncode == 0, passed.stdout
    docs = ["-W", "-q", "docs", str(tmp_path / "html")]
    built = run([sys.executable, "-m", "sphinx", *docs], changed_template, here)
    assert built.returncode == 0, built.stderr

    git(changed_template, "add", "-A")
    git(changed_template, "commit", "-q", "-m", "greeting: greet")
    for choice, there in (("recommended", True), ("up to login", False)):
        out = tmp_path / choice.replace(" ", "-")
        out.mkdir()
        made = cookiecutter(changed_template, out, f"features={choice}")
        assert made.returncode == 0, made.stderr
        (project,) = out.iterdir()
        for name in FILES:
            assert (project / name).exists() == there, name
        assert ("greeting" in (project / "app/features.py").read_text("utf-8")) == there
