"""Who is asking, and how they proved it: plain data that web, API and commands share."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import g
from werkzeug.local import LocalProxy

from app.core.house import house


@dataclass(frozen=True)
class Principal:
    """Somebody, or nobody, on whose behalf a use case runs.

    Args:
        user_id: the account; None for a stranger, or for a service account.
        name: what to call them on a page.
        method: how they are here, e.g. ``session``.
        login_session_id: the revocable row behind this request, if there is one.
        authenticated_at: when they last proved presence, in UTC.
        amr: the methods used for it, by the names of RFC 8176.
        scopes: what a limited credential allows.
    """

    user_id: int | None = None
    name: str = ""
    method: str = "none"
    login_session_id: int | None = None
    authenticated_at: datetime | None = None
    amr: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()

    @property
    def is_signed_in(self) -> bool:
        """Tell whether anybody has been recognised."""
        return self.method != "none"


STRANGER = Principal()


def find_principal() -> Principal:
    """Return the principal of this request, asking each authenticator once."""
    if "principal" not in g:
        found = (authenticate() for authenticate in house().authenticators)
        g.principal = next((principal for principal in found if principal), STRANGER)
    return cast(Principal, g.principal)


current_principal: Principal = cast(Principal, LocalProxy(find_principal))
