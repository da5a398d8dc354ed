"""Run in a generated project: its tables up, compared with the models, down, and up again.

One process, because five of the flask command take four seconds more, for each of many shapes.
"""

import sys

from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.extensions import db
from tests.conftest import SETTINGS

with create_app({**SETTINGS, "DATABASE_URL": sys.argv[1]}).app_context():
    for _ in range(2):
        upgrade()
        check()
        downgrade(revision="base")
        left = inspect(db.engine).get_table_names()
        if left != ["alembic_version"]:
            sys.exit(f"These tables stay behind: {', '.join(left)}")
