# file of feature: accounts
"""Extensions the house shares; a feature's own extension lives in its folder."""

from typing import Any, cast

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import CursorResult, Delete, Update

from app.core.database import metadata

# Objects keep their values after a commit: reading a name for the answer costs no second query.
db = SQLAlchemy(metadata=metadata, session_options={"expire_on_commit": False})
migrate = Migrate(db=db, render_as_batch=True)
csrf = CSRFProtect()


def affected_rows(statement: Update | Delete) -> int:
    """Run a statement that changes rows in place and return how many it found.

    Objects already loaded are not looked at: the database decides who was first.
    """
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
