"""What has to answer before this process can serve."""

import logging

from flask import current_app

log = logging.getLogger(__name__)


def unready_parts() -> list[str]:
    """Return the names of the parts that do not answer."""
    unready = []
    # feature: accounts
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with current_app.extensions["sqlalchemy"].engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("database not ready: %s", type(error).__name__)
        unready.append("database")
    # endfeature
    return unready
