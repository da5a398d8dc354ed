"""Security headers on every answer."""

from flask import Flask, Response, current_app, request

# Bootstrap's style sheet holds small pictures as data: addresses, hence img-src.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def security_headers(app: Flask) -> dict[str, str]:
    """Return what every answer of an application says, if it does not say otherwise."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # Never no-referrer: on https the form token check compares the Referer.
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        # A page may show somebody's name; the back button of a shared computer must not.
        "Cache-Control": "no-store",
    }
    if app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def add_security_headers(response: Response) -> Response:
    """Add what an answer does not say for itself."""
    said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - not a dict: its keys come once a header
    if (request.endpoint or "").endswith("static"):
        said.add("cache-control")  # the files of every page may be kept
    for name, value in current_app.extensions["security_headers"].items():
        if name.lower() not in said:
            response.headers.add(name, value)
    return response


def init_app(app: Flask) -> None:
    """Add the headers after every request."""
    app.extensions["security_headers"] = security_headers(app)
    app.after_request(add_security_headers)
