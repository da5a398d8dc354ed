"""What happens to linked identities, and at providers."""

from dataclasses import dataclass

from app.core.events import AccountEvent, Event


@dataclass(frozen=True, kw_only=True)
class IdentityLinked(AccountEvent):
    """Somebody at a provider can open an account from now on."""

    title = "Provider linked"
    words = "Somebody at {provider_label} can open the account from now on."
    stored = ("provider", "provider_label")
    can_be_disowned = True

    provider: str
    provider_label: str


@dataclass(frozen=True, kw_only=True)
class IdentityUnlinked(AccountEvent):
    """Somebody at a provider cannot open an account any more.

    Args:
        keep: the session that goes on; None if none does.
    """

    title = "Provider unlinked"
    words = "{provider_label} does not open the account any more. All other sign-ins were ended."
    stored = ("provider", "provider_label")
    can_be_disowned = True

    provider: str
    provider_label: str
    keep: int | None


@dataclass(frozen=True, kw_only=True)
class ProviderRefused(Event):
    """A sign-in by a provider was refused.

    Args:
        reason: the name of the refusal.
    """

    title = "Sign-in by a provider refused"
    words = "What {provider} said, or did not say, let nobody in: {reason}."
    stored = ("provider", "reason")
    about_account = False

    provider: str
    reason: str
