"""What happens to roles."""

from dataclasses import dataclass

from app.core.events import AccountEvent, Event


@dataclass(frozen=True, kw_only=True)
class RoleGranted(AccountEvent):
    """An account has one role more."""

    title = "Role given"
    words = "The account has the role {role} now."
    stored = ("role",)

    role: str


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(AccountEvent):
    """An account has one role less."""

    title = "Role taken"
    words = "The account has the role {role} no more."
    stored = ("role",)

    role: str


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """A role was made, or holds other permissions than before."""

    title = "Role changed"
    words = "The role {role} was made, or holds other permissions."
    stored = ("role", "permissions")
    about_account = False

    role: str
    permissions: list[str]


@dataclass(frozen=True, kw_only=True)
class RoleDeleted(Event):
    """A role is gone, and nobody has it."""

    title = "Role deleted"
    words = "Nobody has {role} any more."
    stored = ("role",)
    about_account = False

    role: str
