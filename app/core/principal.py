"""Who is asking, and how they proved it: plain data that web, API and commands share."""

from dataclasses import dataclass
from datetime import datetime

from app.core.registry import UnknownPermission, registry


class NoAccount(Exception):
    """A use case of people was called for a principal without an account."""


@dataclass(frozen=True)
class Principal:
    """Somebody, or nobody, on whose behalf a use case runs.

    Args:
        user_id: the account; None for a stranger, or for a service account.
        public_id: how the outside knows the account.
        name: what to call them on a page.
        email: the address of the account.
        method: how they are here, e.g. ``session``.
        login_session_id: the revocable row behind this request, if there is one.
        authenticated_at: when they last proved presence, in UTC.
        amr: the methods used for it, by the names of RFC 8176.
        scopes: what a limited credential allows.
        roles: the names of what they are here.
        permissions: what their roles allow.
    """

    user_id: int | None = None
    public_id: str = ""
    name: str = ""
    email: str = ""
    method: str = "none"
    login_session_id: int | None = None
    authenticated_at: datetime | None = None
    amr: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Tell whether anybody has been recognised, a person or a service."""
        return self.method != "none"

    @property
    def is_signed_in(self) -> bool:
        """Tell whether a person is here, by an account."""
        return self.is_known and self.user_id is not None

    @property
    def account_id(self) -> int:
        """Return the account.

        Raises:
            NoAccount: there is none.
        """
        if self.user_id is None:
            raise NoAccount
        return self.user_id

    def can(self, permission: str) -> bool:
        """Tell whether a role of theirs holds a permission.

        Raises:
            UnknownPermission: no feature declares it; a slip of the pen must not look like a no.
        """
        if permission not in registry().permissions:
            raise UnknownPermission(permission)
        return permission in self.permissions


STRANGER = Principal()
