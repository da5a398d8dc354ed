"""A feature declares itself once: everything it adds to the house is read in one place.

Parts are named as text ("views:blueprint" is ``app.<feature>.views.blueprint``), so importing a
declaration imports nothing else: the generator, the documents and `flask doctor` can read what a
feature brings without running it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from app.core.settings import Setting


@dataclass(frozen=True)
class LoginStep:
    """Something a person must still do between proving who they are and being signed in.

    Args:
        key: names the step in the pending attempt, e.g. ``keep_account``.
        applies: takes the attempt; a question, so it changes nothing.
        endpoint: where the browser is sent to do it.
        # feature: api
        api_endpoint: where a program does it; None if it takes a browser.
        tells: takes the attempt and returns what a program must know besides, as members of the
            problem; None if this time it takes a browser.
        # endfeature
    """

    key: str
    applies: Callable[[Any], bool]
    endpoint: str
    # feature: api
    api_endpoint: str | None = None
    tells: Callable[[Any], dict[str, Any] | None] | None = None
    # endfeature


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
class MenuLink:
    """A line in the menu of somebody who is signed in.

    Args:
        label: what it says.
        endpoint: where it leads; it takes no arguments.
    """

    label: str
    endpoint: str


# feature: social
@dataclass(frozen=True)
class SignInOption:
    """A way in that begins with one press, beside the form for address and password.

    Args:
        name: the word that its endpoint takes as ``provider``, and its picture is called by.
        label: what the button says.
        endpoint: where it begins.
    """

    name: str
    label: str
    endpoint: str


# endfeature
@dataclass(frozen=True)
class AccountLine:
    """A line of the account page: how something stands, and where it is changed, if it can be.

    Args:
        label: what it is about.
        state: how it stands, in a few words.
        endpoint: where it is changed or seen; it takes no arguments.
        action: what the link to there says.
    """

    label: str
    state: str
    endpoint: str = ""
    action: str = ""


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


# feature: roles
@dataclass(frozen=True)
class Permission:
    """Something that a role may allow.

    Args:
        name: the thing and what is done to it, e.g. ``users:write``.
        about: what it allows, for whoever puts roles together.
    """

    name: str
    about: str


@dataclass(frozen=True, eq=False)
class PrincipalPart:
    """Something that every request must know of who asks, read freshly within the one query.

    Args:
        column: a scalar subquery, correlated to the account.
        read: from its value to fields of ``Principal``.
    """

    column: Any
    read: Callable[[Any], dict[str, Any]]


# endfeature
@dataclass(frozen=True)
class Feature:
    """Everything one feature adds to the house.

    Args:
        name: the folder, in all trees.
        needs: features that must come before it; a literal, the generator reads it as text.
        offered: ``always``, ``recommended`` or ``on request`` at generation; a literal too.
        title: what a person calls it.
        summary: one sentence for the home page and the documents.
        settings: what it reads from the environment.
        configure: functions of the application, called before its extensions.
        extensions: names in ``app.extensions``.
        blueprints: its routes.
        development_blueprints: routes that do not exist in production.
        commands: click groups, reached as ``flask <group>``.
        listeners: modules whose import subscribes to events.
        login_step: path of a LoginStep.
        # feature: second_factor
        second_factors: paths of SecondFactor classes.
        factor_removal: path of a function that takes a user, the key of a SecondFactor and a
            reason, takes the lost factor from the account, and tells its owner why.
        # endfeature
        cookie_authenticator: path of a function that finds the Principal behind a page's cookies.
        # feature: api
        face: path of a Face.
        authenticator: path of an Authenticator, for one scheme of the Authorization header.
        api: path of a blueprint that shows the feature to programs; taken in after all pages.
        # endfeature
        arrival: path of a function that lets somebody in who has just proved who they are.
        sign_in: the endpoint of the sign-in page.
        # feature: social
        sign_in_options: path of a function that returns a list of SignInOption.
        # endfeature
        reauthenticate: the endpoint of the page that asks for proof of presence again.
        account_page: the endpoint of the page that shows an account.
        account_menu: links for people who are signed in.
        account_lines: path of a function from a principal to a list of AccountLine.
        # feature: roles
        permissions: what roles may allow in it.
        principal_part: path of a PrincipalPart.
        account_guard: path of a function that takes a user's id and raises StillNeeded when the
            house cannot do without the account.
        # endfeature
        admin_menu: links for the administration; shown to who may follow them.  # feature: admin
        notices: the mails it sends, each with its cause.
        password_check: path of a function that takes a new password and raises PasswordRefused.
        kept_at_sign_in: keys of ``login_session.data`` that the next session of the same account
            in the same browser takes over.
        export: path of a function from a user's id to what the feature knows of them, for JSON.
        erase: path of a function that takes a user's id and removes what no foreign key would.
        ready: path of a function that returns the names of parts that do not answer.
        doctor: path of a function that returns sentences, each a fault with its cure.
        # feature: social
        doctor_tells: path of a function that returns sentences that somebody who sets the
            application up needs, and that are no faults.
        # endfeature
        periodic: what the worker does for it again and again.
    """

    name: str
    needs: tuple[str, ...] = ()
    offered: str = "always"
    title: str = ""
    summary: str = ""
    settings: tuple[Setting, ...] = ()
    configure: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    blueprints: tuple[str, ...] = ()
    development_blueprints: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    listeners: tuple[str, ...] = ()
    login_step: str | None = None
    # feature: second_factor
    second_factors: tuple[str, ...] = ()
    factor_removal: str | None = None
    # endfeature
    cookie_authenticator: str | None = None
    # feature: api
    face: str | None = None
    authenticator: str | None = None
    api: str | None = None
    # endfeature
    arrival: str | None = None
    sign_in: str | None = None
    sign_in_options: str | None = None  # feature: social
    reauthenticate: str | None = None
    account_page: str | None = None
    account_menu: tuple[MenuLink, ...] = ()
    account_lines: str | None = None
    # feature: roles
    permissions: tuple[Permission, ...] = ()
    principal_part: str | None = None
    account_guard: str | None = None
    # endfeature
    admin_menu: tuple[MenuLink, ...] = ()  # feature: admin
    notices: tuple[Notice, ...] = ()
    password_check: str | None = None
    kept_at_sign_in: tuple[str, ...] = ()
    export: str | None = None
    erase: str | None = None
    ready: str | None = None
    doctor: str | None = None
    doctor_tells: str | None = None  # feature: social
    periodic: tuple[Periodic, ...] = ()

    def part(self, path: str) -> Any:
        """Import the object that a path of the declaration names."""
        module, _, name = path.partition(":")
        if not module.startswith("app."):
            module = f"app.{self.name}.{module}"
        loaded = import_module(module)
        return getattr(loaded, name) if name else loaded
