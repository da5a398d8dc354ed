"""Run in a generated project: its tables up, compared with the models, down, and up again.

In the process that holds the rules against the project, because to import the application once
more takes as long as all of this, for each of many selections.
"""

from pathlib import Path

from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.extensions import db
from tests.conftest import SETTINGS


def test_the_tables_go_up_and_down_and_are_those_of_the_models(tmp_path: Path) -> None:
    with create_app(
        {**SETTINGS, "DATABASE_URL": f"sqlite:///{tmp_path}/migrated.db"}
    ).app_context():
        for _ in range(2):
            upgrade()
            check()
            downgrade(revision="base")
            assert inspect(db.engine).get_table_names() == ["alembic_version"]
