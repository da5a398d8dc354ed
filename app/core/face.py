"""The other face of the house: below one path it is asked by programs and answers programs.

Pages know people by a cookie that the browser sends by itself, so each form carries a token
against forgery. Programs send an Authorization header, which no other site can make a browser
send, so they need none. Each side takes only its own: that is the wall between them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from app.core.extension import ExtensionPoint
from app.core.principal import Principal


@dataclass(frozen=True)
class Face:
    """How the house is asked below a path, and how it answers there.

    Args:
        prefix: the path.
        authenticate: finds the Principal of a request, or None when it names nobody.
        refuse: turns any refusal or failure into an answer.
    """

    prefix: str
    authenticate: Callable[[], Principal | None]
    refuse: Callable[[Exception], Response]

    def takes(self, path: str) -> bool:
        """Tell whether a path is the prefix or below it."""
        return path == self.prefix or path.startswith(f"{self.prefix}/")


FACES = ExtensionPoint[Face]("core.face.FACES", Face)


def face_here() -> Face | None:
    """Return the face that this request is for; None where pages answer."""
    return next((face for face in FACES if face.takes(request.path)), None)


class CredentialsRefused(Exception):
    """What the Authorization header holds opens nothing.

    Attributes:
        code: why, in a word that does not change.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Authenticator(ABC):
    """One scheme of the Authorization header (RFC 9110, section 11.4).

    Attributes:
        scheme: its name, e.g. ``Basic``.
        about: how to come by such credentials, for the documents.
    """

    scheme: str
    about: str

    @abstractmethod
    def authenticate(self, credentials: str) -> Principal:
        """Return whom the credentials belong to.

        Raises:
            CredentialsRefused: they open nothing.
        """


AUTHENTICATORS = ExtensionPoint[Authenticator](
    "core.face.AUTHENTICATORS", Authenticator, key=lambda one: one.scheme.lower()
)
