"""A feature declares itself once; the house takes the declarations in, in order.

Parts are named as text ("views:blueprint" is ``app.<feature>.views.blueprint``), so importing a
declaration imports nothing else: the generator, the documents and `flask doctor` can read what a
feature brings without running it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast

from flask import Flask, current_app

from app.core.settings import Setting


class DeclarationRefused(Exception):
    """A declaration contradicts the list of features or another declaration."""


@dataclass(frozen=True)
class LoginStep:
    """Something a person must still do between proving who they are and being signed in.

    Args:
        key: names the step in the pending attempt, e.g. ``totp``.
        applies: takes the attempt; a question, so it changes nothing.
        endpoint: where the browser is sent to do it.
    """

    key: str
    applies: Callable[[Any], bool]
    endpoint: str


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


@dataclass(frozen=True)
class AccountLine:
    """A line of the account page: how something stands, and where it is changed.

    Args:
        label: what it is about.
        state: how it stands, in a few words.
        endpoint: where it is changed or seen; it takes no arguments.
        action: what the link to there says.
    """

    label: str
    state: str
    endpoint: str
    action: str


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
        authenticator: path of a function that finds the Principal of a request, or None.
        arrival: path of a function that lets somebody in who has just proved who they are.
        sign_in: the endpoint of the sign-in page.
        reauthenticate: the endpoint of the page that asks for proof of presence again.
        account_menu: links for people who are signed in.
        account_lines: path of a function from a principal to a list of AccountLine.
        notices: the mails it sends, each with its cause.
        password_check: path of a function that takes a new password and raises PasswordRefused.
        kept_at_sign_in: keys of ``login_session.data`` that the next session of the same account
            in the same browser takes over.
        export: path of a function from a user's id to what the feature knows of them, for JSON.
        erase: path of a function that takes a user's id and removes what no foreign key would.
        ready: path of a function that returns the names of parts that do not answer.
        doctor: path of a function that returns sentences, each a fault with its cure.
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
    authenticator: str | None = None
    arrival: str | None = None
    sign_in: str | None = None
    reauthenticate: str | None = None
    account_menu: tuple[MenuLink, ...] = ()
    account_lines: str | None = None
    notices: tuple[Notice, ...] = ()
    password_check: str | None = None
    kept_at_sign_in: tuple[str, ...] = ()
    export: str | None = None
    erase: str | None = None
    ready: str | None = None
    doctor: str | None = None
    periodic: tuple[Periodic, ...] = ()

    def part(self, path: str) -> Any:
        """Import the object that a path of the declaration names."""
        module, _, name = path.partition(":")
        if not module.startswith("app."):
            module = f"app.{self.name}.{module}"
        loaded = import_module(module)
        return getattr(loaded, name) if name else loaded


@dataclass(frozen=True)
class HouseNotice:
    """A mail that the house itself writes when an event is heard.

    Args:
        mail: names the templates.
        facts: what the templates need, or None when no mail is due.
    """

    mail: str
    facts: Callable[..., dict[str, Any] | None]


@dataclass
class House:
    """What the features of one application have declared, ready for use."""

    features: tuple[Feature, ...]
    login_steps: list[LoginStep] = field(default_factory=list)
    authenticators: list[Callable[[], Any]] = field(default_factory=list)
    arrival: Callable[..., Any] | None = None
    sign_in: str | None = None
    reauthenticate: str | None = None
    account_menu: list[MenuLink] = field(default_factory=list)
    account_lines: list[Callable[[Any], Iterable[AccountLine]]] = field(default_factory=list)
    notices: dict[str, list[HouseNotice]] = field(default_factory=dict)
    password_checks: list[Callable[[str], None]] = field(default_factory=list)
    kept_at_sign_in: list[str] = field(default_factory=list)
    exports: dict[str, Callable[[int], Any]] = field(default_factory=dict)
    erasures: list[Callable[[int], None]] = field(default_factory=list)
    readiness: list[Callable[[], Iterable[str]]] = field(default_factory=list)
    doctors: list[Callable[[], Iterable[str]]] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Tell whether a feature is in this house."""
        return any(feature.name == name for feature in self.features)


def house() -> House:
    """Return the house of the current application."""
    return cast(House, current_app.extensions["house"])


def load_features(names: Iterable[str]) -> tuple[Feature, ...]:
    """Import the declarations and hold them against the list.

    Raises:
        DeclarationRefused: a name is twice in the list, a declaration has another name than its
            folder, or something needed does not come before.
    """
    loaded: dict[str, Feature] = {}
    for name in names:
        if name in loaded:
            raise DeclarationRefused(f"{name} is listed twice in app/features.py.")
        feature = cast(Feature, import_module(f"app.{name}").feature)
        if feature.name != name:
            raise DeclarationRefused(f"app/{name} declares itself as {feature.name}.")
        missing = [need for need in feature.needs if need not in loaded]
        if missing:
            raise DeclarationRefused(
                f"{name} needs {', '.join(missing)} before it in app/features.py."
            )
        loaded[name] = feature
    return tuple(loaded.values())


def take_in(app: Flask, features: tuple[Feature, ...]) -> None:
    """Give each feature its place in the application, in order."""
    built = House(features)
    app.extensions["house"] = built
    for feature in features:
        for path in feature.configure:
            feature.part(path)(app)
        for name in feature.extensions:
            getattr(import_module("app.extensions"), name).init_app(app)
        _take_in_routes(app, feature)
        for path in feature.listeners:
            feature.part(path)
        built.account_menu += feature.account_menu
        _take_in_notices(built, feature)
        built.kept_at_sign_in += feature.kept_at_sign_in
        if feature.export:
            built.exports[feature.name] = feature.part(feature.export)
        _take_in_doors(built, feature)


def _take_in_routes(app: Flask, feature: Feature) -> None:
    paths = feature.blueprints
    if app.config["APP_ENV"] == "development":
        paths += feature.development_blueprints
    for path in paths:
        app.register_blueprint(feature.part(path))
    for path in feature.commands:
        app.cli.add_command(feature.part(path))


def _take_in_notices(built: House, feature: Feature) -> None:
    for notice in feature.notices:
        if not notice.carries_link:
            facts = feature.part(notice.facts) if notice.facts else lambda **_: {}
            heard = built.notices.setdefault(notice.event, [])
            heard.append(HouseNotice(notice.mail, facts))


def _take_in_doors(built: House, feature: Feature) -> None:
    """Append what many features may bring, set what only one may."""
    lists: dict[str, list[Any]] = {
        "login_step": built.login_steps,
        "authenticator": built.authenticators,
        "account_lines": built.account_lines,
        "password_check": built.password_checks,
        "erase": built.erasures,
        "ready": built.readiness,
        "doctor": built.doctors,
    }
    for part, place in lists.items():
        if path := getattr(feature, part):
            place.append(feature.part(path))
    for part in ("sign_in", "reauthenticate", "arrival"):
        if declared := getattr(feature, part):
            if getattr(built, part):
                raise DeclarationRefused(f"{feature.name} declares a second {part}.")
            # Endpoints stay names until there is a request; the arrival is a function now.
            setattr(built, part, feature.part(declared) if part == "arrival" else declared)
