# file of feature: accounts
"""When mail leaves: once the answer is out, from this process or from the worker."""

from functools import partial

from flask import Flask, Response, current_app, g

from app.core import jobs


def deliver_after_answer(response: Response) -> Response:
    """See to delivery once the answer is out, so that nobody waits for a mail server.

    Waiting would also tell which addresses get a mail. In production the request only wakes the
    worker; in development it delivers by itself, if there is a server to deliver to.
    """
    if g.get("mail_posted") and current_app.config["SMTP_URL"]:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        production = app.config["APP_ENV"] == "production"
        response.call_on_close(partial(jobs.wake if production else _deliver, app))
    return response


def _deliver(app: Flask) -> None:
    from app.core.delivery import deliver_due  # smtplib and ssl, only where they are used

    with app.app_context():
        deliver_due()


def configure(app: Flask) -> None:
    """See to delivery after each request that posted; the development inbox needs none."""
    app.after_request(deliver_after_answer)
