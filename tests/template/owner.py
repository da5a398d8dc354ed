"""What an owner does to a project before a feature comes in: a blueprint of their own, edits."""

import re
from pathlib import Path

FILES = {
    "app/shop/__init__.py": '''"""What is for sale."""

from flask import Flask

from app.core.feature import Feature

feature = Feature("shop", needs=("accounts",), title="Shop", summary="What is for sale.")


def init_app(app: Flask) -> None:
    """Register the pages."""
    from app.accounts.points import EXPORTS
    from app.shop import models, views

    app.register_blueprint(views.blueprint)
    EXPORTS.add(app, models.export)
''',
    "app/shop/models.py": '''"""The products."""

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import PLAIN
from app.extensions import db


class Product(db.Model):  # type: ignore[misc,name-defined]
    """Something for sale."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(info=PLAIN)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )


def export(user_id: int) -> list[str]:
    """Return what somebody sells."""
    return list(db.session.scalars(select(Product.name).where(Product.user_id == user_id)))
''',
    "app/shop/views.py": '''"""The browser's face."""

from flask import Blueprint, render_template

from app.core.access import public
from app.extensions import db
from app.shop.models import Product

blueprint = Blueprint("shop", __name__, url_prefix="/shop")
public(blueprint)


@blueprint.get("")
def window() -> str:
    """Show everything."""
    products = db.session.scalars(db.select(Product)).all()
    return render_template("shop/window.html", products=products)
''',
    "templates/shop/window.html": """{% extends "base.html" %}
{% block content %}{% for product in products %}<p>{{ product.name }}</p>{% endfor %}{% endblock %}
""",
    "tests/shop/test_window.py": '''"""The window."""

from tests.conftest import Browser


def test_it_is_open(browser: Browser) -> None:
    assert browser.get("/shop").status_code == 200
''',
    "migrations/versions/0u0000000001_shop.py": '''"""shop: products"""

import sqlalchemy as sa
from alembic import op

revision: str = "0u0000000001"
down_revision: str | None = "HEAD"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_product_user_id_user", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_product_user_id", "product", ["user_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("product")
''',
    "docs/tutorial/shop.md": "# Shop\n\nWhat is for sale.\n",
}


def head(project: Path) -> str:
    """Return the one revision that no migration follows."""
    chain = "".join(path.read_text("utf-8") for path in versions(project))
    revisions = re.findall(r'^revision: .*"(\w+)"', chain, re.MULTILINE)
    parents = re.findall(r'^down_revision: .*"(\w+)"', chain, re.MULTILINE)
    (last,) = set(revisions) - set(parents)
    return str(last)


def versions(project: Path) -> list[Path]:
    """Return the project's migrations."""
    return sorted((project / "migrations" / "versions").glob("*.py"))


def edit(project: Path, name: str, old: str, new: str) -> None:
    """Replace a text that stands in a file once."""
    text = (project / name).read_text("utf-8")
    assert text.count(old) == 1, f"{name}: {old}"
    (project / name).write_text(text.replace(old, new), "utf-8")


def make_it_theirs(project: Path) -> None:
    """Write a blueprint beside the generated ones, and edit what the features share."""
    last = head(project)
    for name, content in FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(content.replace("HEAD", last), "utf-8")
    edit(project, "app/features.py", "\n)\n", '\n    "shop",  # ours\n)\n')
    edit(project, "templates/base.html", "</footer>", '<p class="ours">Ours</p>\n  </footer>')
    links = (project / "templates" / "accounts" / "links.html").read_text("utf-8")
    ours = """<li><a href="{{ url_for('shop.window') }}">Shop</a></li>\n"""
    (project / "templates" / "accounts" / "links.html").write_text(ours + links + ours, "utf-8")
    edit(project, "pyproject.toml", 'version = "0.1.0"', 'version = "3.2.1"')
    edit(
        project,
        "pyproject.toml",
        "\n]\n\n[project.opt",
        '\n    "markdown>=3,<4",\n]\n\n[project.opt',
    )
    edit(project, "README.md", "## Run it", "Ours since 1999.\n\n## Run it")
    edit(
        project,
        ".env.example",
        "TRUSTED_PROXIES=0\n",
        "TRUSTED_PROXIES=0\n\n# Ours.\nSHOP_SIZE=9\n",
    )
