"""Flask-Login, without what this application does itself."""

from flask import Flask
from flask_login import LoginManager


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
