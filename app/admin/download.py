"""A table as an answer, sent while it is read."""

from collections.abc import Iterator

from flask import Response

from app.core import clock


def as_download(table: Iterator[str]) -> Response:
    """Return a table that the browser saves; its length is not known before its end.

    The request is over by the time it is sent, and its database session is gone with it: whoever
    writes the table has a connection of their own, and asks nothing of the request.
    """
    answer = Response(table, mimetype="text/csv")
    name = f"security-log-{clock.now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
