"""Pages of other sites: none may call the API from a browser, but those that are listed."""

from flask import Flask

from app.api.face import PREFIX

SECONDS = 600  # that a browser may remember what it was allowed


def configure(app: Flask) -> None:
    """Let the listed origins in. Without any, no header is sent and browsers keep pages out.

    Never with cookies: `/api` does not look at them.
    """
    origins = app.config["API_ORIGINS"]
    if not origins:
        return
    from flask_cors import CORS

    CORS(
        app,
        resources={rf"{PREFIX}/.*": {"origins": list(origins)}},
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After", "WWW-Authenticate", "X-Request-ID"],
        max_age=SECONDS,
        send_wildcard=False,
        always_send=False,
        vary_header=True,
    )
