"""A feature declares itself once: what it is, before anything of it runs."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from app.core.settings import Setting


@dataclass(frozen=True)
class Periodic:
    """Work that the worker does again and again.

    Args:
        name: begins with the feature, e.g. ``accounts.tidy``.
        work: path of a function without arguments; it flushes and returns the rows it touched.
        minutes: from one run to the next.
        about: a sentence for the documents and for `flask jobs list`.
    """

    name: str
    work: str
    minutes: int
    about: str


@dataclass(frozen=True)
class Notice:
    """A mail, and the event that causes it.

    Args:
        event: the name of a signal in ``app.core.events``.
        mail: names the templates, e.g. ``accounts/mail/confirm``.
        recipient: whose inbox it goes to, in words for the documents.
        facts: path of a function that takes what the event says and returns what the templates
            need besides the account, or None when no mail is due. It may name another inbox than
            the account's: ``to``.
        carries_link: the use case writes it itself, because the link holds a secret and an event
            never does.
    """

    event: str
    mail: str
    recipient: str = "the address of the account"
    facts: str | None = None
    carries_link: bool = False


@dataclass(frozen=True)
class Permission:
    """Something that a role may allow.

    Args:
        name: the thing and what is done to it, e.g. ``users:write``.
        about: what it allows, for whoever puts roles together.
    """

    name: str
    about: str


@dataclass(frozen=True)
class Feature:
    """What must be known of a feature before anything of it runs.

    It is data: the generator reads the literals as text; settings, documents and `flask doctor`
    read it without an application. What the feature does is registered by ``init_app`` below it.

    Args:
        name: the folder, in all trees.
        needs: features that must come before it; a literal, the generator reads it as text.
        offered: ``always``, ``recommended`` or ``on request`` at generation; a literal too.
        title: what a person calls it.
        summary: one sentence for the home page and the documents.
        settings: what it reads from the environment.
        permissions: what roles may allow in it.
        notices: the mails it sends, each with its cause.
        periodic: what the worker does for it again and again.
    """

    name: str
    needs: tuple[str, ...] = ()
    offered: str = "always"
    title: str = ""
    summary: str = ""
    settings: tuple[Setting, ...] = ()
    permissions: tuple[Permission, ...] = ()
    notices: tuple[Notice, ...] = ()
    periodic: tuple[Periodic, ...] = ()

    def resolve(self, path: str) -> Any:
        """Import the object that a path of the declaration names."""
        module, _, name = path.partition(":")
        if not module.startswith("app."):
            module = f"app.{self.name}.{module}"
        return getattr(import_module(module), name)
