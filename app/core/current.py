"""Who is asking in this request: found out when it is first needed, and once."""

from collections.abc import Callable
from typing import cast

from flask import g
from werkzeug.local import LocalProxy

from app.core.extension import SingleExtensionPoint
from app.core.face import face_here
from app.core.principal import STRANGER, Principal

# Finds the principal behind the cookies of a page; None if they name nobody.
COOKIE_AUTHENTICATOR = SingleExtensionPoint[Callable[[], Principal | None]](
    "core.current.COOKIE_AUTHENTICATOR", callable
)


def find_principal() -> Principal:
    """Return the principal of this request, asking once.

    Pages use the session cookie only. An interface below a path of its own ignores cookies.
    """
    if "principal" not in g:
        face = face_here()
        authenticate = face.authenticate if face else COOKIE_AUTHENTICATOR.get()
        g.principal = (authenticate() if authenticate else None) or STRANGER
    return cast(Principal, g.principal)


current_principal: Principal = cast(Principal, LocalProxy(find_principal))
