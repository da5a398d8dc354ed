"""Problems: every refusal and failure below /api is one JSON object (RFC 9457).

``code`` is what programs decide by. It never changes, while titles and details may.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException, SecurityError

from app.core.access import (
    NotAllowed,
    ReauthenticationRequired,
    SignInRequired,
)
from app.core.errors import Busy, TooManyAttempts
from app.core.face import AUTHENTICATORS, CredentialsRefused

MEDIA_TYPE = "application/problem+json"

# What the framework itself refuses, by status.
FRAMEWORK = {
    400: ("bad_request", "The request did not arrive as expected."),
    403: ("forbidden", "You are known, but this is not for you."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    406: ("not_acceptable", "This address answers in JSON."),
    408: ("request_timeout", "The request took too long to arrive."),
    413: ("too_large", "Send less than one megabyte."),
    415: ("unsupported_media_type", "Send JSON, and say so: Content-Type: application/json."),
    422: ("validation_failed", "Some of what was sent cannot be taken."),
    429: ("too_many_attempts", "Wait a little, then try again."),
    500: ("internal_error", "Something broke on our side. It has been noted."),
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """Return a problem.

    Args:
        status: of HTTP.
        code: what programs decide by.
        detail: what is wrong and what helps, for the person who reads it.
        headers: further headers.
        **members: further members, such as ``errors``: sentences by the name of a field.
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **members,
    }
    return Response(json.dumps(body), status, headers, content_type=MEDIA_TYPE)


@dataclass(frozen=True)
class Refusal:
    """An exception of a use case, and the problem it becomes.

    Args:
        error: the kind of exception.
        status: of HTTP.
        code: what programs decide by.
        detail: the sentence; None takes the exception's own.
        field: the field it is about, if it is about one.
    """

    error: type[Exception]
    status: int
    code: str
    detail: str | None = None
    field: str | None = None

    def answer(self, error: Exception) -> Response:
        """Return the problem of an exception."""
        detail = self.detail or str(error)
        headers = {"WWW-Authenticate": challenge()} if self.status == 401 else None
        if self.field is None:
            return problem(self.status, self.code, detail, headers=headers)
        return problem(self.status, self.code, detail, errors={self.field: [detail]})


def refuse(error: Exception) -> Response:
    """Turn any refusal or failure of the house into a problem."""
    answer = next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)
    return answer(error)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(error.get_response().get_data(), status)
    phrase = HTTPStatus(status).phrase
    code, detail = FRAMEWORK.get(status, (phrase.lower().replace(" ", "_"), phrase))
    # What the parser of requests found wrong stands in the exception, by place and field.
    found = getattr(error, "data", None) or {}
    members = {"errors": _by_field(found["messages"])} if "messages" in found else {}
    kept = ("Allow", "Retry-After")
    headers = {name: value for name, value in error.get_headers() if name in kept}
    return problem(
        status, found.get("code", code), found.get("detail", detail), headers=headers, **members
    )


def _by_field(messages: Mapping[str, Any]) -> Any:
    """Leave out the place ("json", "query"): a name is in one place only."""
    return next(iter(messages.values()), {})


def _not_allowed(error: NotAllowed) -> Response:
    return problem(403, error.reason, error.description or "")


def _sign_in_first(_: SignInRequired) -> Response:
    return problem(
        401,
        "credentials_missing",
        "Send an Authorization header. POST /api/v1/auth/token gives you an access token.",
        headers={"WWW-Authenticate": challenge()},
    )


def _credentials_refused(error: CredentialsRefused) -> Response:
    named = challenge(error.code if error.code == "invalid_token" else None)
    return problem(401, error.code, str(error), headers={"WWW-Authenticate": named})


def challenge(error: str | None = None) -> str:
    """Return what WWW-Authenticate says: each scheme that is taken here (RFC 6750, section 3)."""
    realm = 'realm="api"' + (f', error="{error}"' if error else "")
    return ", ".join(f"{one.scheme} {realm}" for one in AUTHENTICATORS)


def _prove_presence(_: ReauthenticationRequired) -> Response:
    detail = "Prove that you are there: POST /api/v1/auth/reauthenticate."
    return problem(403, "reauthentication_required", detail)


def _too_many_attempts(error: TooManyAttempts) -> Response:
    return problem(
        429,
        "too_many_attempts",
        f"Wait {error.retry_after} seconds, then try again.",
        headers={"Retry-After": str(error.retry_after)},
    )


def _busy(_: Busy) -> Response:
    detail = "Too many people at once. Try again in a few seconds."
    return problem(503, "busy", detail, headers={"Retry-After": "3"})


def _untrusted_host(_: SecurityError) -> Response:
    return problem(400, "unknown_host", "This host name is not served here.")


ANSWERS: dict[type[Exception], Callable[[Any], Response]] = {
    HTTPException: _http_error,
    SecurityError: _untrusted_host,
    SignInRequired: _sign_in_first,
    NotAllowed: _not_allowed,
    CredentialsRefused: _credentials_refused,
    ReauthenticationRequired: _prove_presence,
    TooManyAttempts: _too_many_attempts,
    Busy: _busy,
}
