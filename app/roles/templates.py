"""What pages may ask: ``{% if can("users:write") %}``."""

from flask import Flask

from app.core.current import current_principal


def can(permission: str) -> bool:
    """Tell whether whoever asks for this page holds a permission.

    Raises:
        UnknownPermission: no feature declares it.
    """
    return current_principal.can(permission)


def configure(app: Flask) -> None:
    """Let templates ask for permissions; hiding a button guards nothing, the route does."""
    app.jinja_env.globals["can"] = can
