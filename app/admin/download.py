"""A table as an answer, sent while it is read."""

from collections.abc import Iterator

from flask import Response, stream_with_context

from app.core import clock


def as_download(table: Iterator[str]) -> Response:
    """Return a table that the browser saves; its length is not known before its end.

    The hooks behind the request have run by the time it is sent, and the database session is
    gone with them: whoever writes the table has a connection of their own.
    """
    answer = Response(stream_with_context(table), mimetype="text/csv")
    name = f"security-log-{clock.now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
