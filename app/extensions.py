# file of feature: accounts
"""Extensions the house shares; a feature's own extension lives in its folder."""

from typing import Any, cast

from flask import Flask  # feature: login
from flask_login import LoginManager  # feature: login
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import CursorResult, Delete, Update

from app.core.database import metadata
from app.core.limits import RouteLimiter, client_network

# Objects keep their values after a commit: reading a name for the answer costs no second query.
db = SQLAlchemy(metadata=metadata, session_options={"expire_on_commit": False})
migrate = Migrate(db=db, render_as_batch=True)
csrf = CSRFProtect()
limiter = RouteLimiter(client_network)


# feature: login
class LazyLoginManager(LoginManager):  # type: ignore[misc]
    """Flask-Login without its template variable and its remember cookie.

    The one looks the user up for every page that is drawn, the error page for a database that
    does not answer included, which then fails in its turn; ``app.login`` gives templates the
    proxy. The other would sign somebody in past the door.
    """

    def init_app(self, app: Flask) -> None:
        """Take the application in, without a hook behind every answer."""
        app.login_manager = self  # type: ignore[attr-defined]


login_manager = LazyLoginManager()
# endfeature


def affected_rows(statement: Update | Delete) -> int:
    """Run a statement that changes rows in place and return how many it found.

    Objects already loaded are not looked at: the database decides who was first.
    """
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
