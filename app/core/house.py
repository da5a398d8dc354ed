"""The house: what the features of one application have declared, taken in, in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast

from flask import Flask, current_app

from app.core.factor import SecondFactor  # feature: second_factor
from app.core.feature import (
    AccountLine,
    Feature,
    LoginStep,
    MenuLink,
    SignInOption,  # feature: social
)

# Of these a house has one each; a second one in a declaration is refused.
ENDPOINTS = ("sign_in", "reauthenticate", "account_page")
OBJECTS = (
    "arrival",
    "cookie_authenticator",
    "face",  # feature: api
    "factor_removal",  # feature: second_factor
    "principal_part",  # feature: roles
)


class DeclarationRefused(Exception):
    """A declaration contradicts the list of features or another declaration."""


# feature: roles
class UnknownPermission(Exception):
    """Somebody asks for a permission that no feature declares, so no role could ever hold it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"No feature declares the permission {what}.")


# endfeature
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
    # feature: second_factor
    second_factors: list[SecondFactor] = field(default_factory=list)
    factor_removal: Callable[..., None] | None = None
    # endfeature
    cookie_authenticator: Callable[[], Any] | None = None
    # feature: api
    face: Any = None
    authenticators: dict[str, Any] = field(default_factory=dict)
    # endfeature
    arrival: Callable[..., Any] | None = None
    sign_in: str | None = None
    # feature: social
    sign_in_options: list[Callable[[], Iterable[SignInOption]]] = field(default_factory=list)
    # endfeature
    reauthenticate: str | None = None
    account_page: str | None = None
    account_menu: list[MenuLink] = field(default_factory=list)
    account_lines: list[Callable[[Any], Iterable[AccountLine]]] = field(default_factory=list)
    notices: dict[str, list[HouseNotice]] = field(default_factory=dict)
    password_checks: list[Callable[[str], None]] = field(default_factory=list)
    kept_at_sign_in: list[str] = field(default_factory=list)
    exports: dict[str, Callable[[int], Any]] = field(default_factory=dict)
    erasures: list[Callable[[int], None]] = field(default_factory=list)
    # feature: roles
    permissions: dict[str, str] = field(default_factory=dict)
    principal_part: Any = None
    account_guards: list[Callable[[int], None]] = field(default_factory=list)
    # endfeature
    admin_menu: list[MenuLink] = field(default_factory=list)  # feature: admin
    readiness: list[Callable[[], Iterable[str]]] = field(default_factory=list)
    doctors: list[Callable[[], Iterable[str]]] = field(default_factory=list)
    doctor_words: list[Callable[[], Iterable[str]]] = field(default_factory=list)  # feature: social

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
        built.admin_menu += feature.admin_menu  # feature: admin
        _take_in_notices(built, feature)
        _take_in_roles(built, feature)  # feature: roles
        built.kept_at_sign_in += feature.kept_at_sign_in
        # feature: second_factor
        built.second_factors += [feature.part(path)() for path in feature.second_factors]
        # endfeature
        if feature.export:
            built.exports[feature.name] = feature.part(feature.export)
        _take_in_doors(built, feature)
    _take_in_programs(app, built)  # feature: api


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


# feature: roles
def _take_in_roles(built: House, feature: Feature) -> None:
    for permission in feature.permissions:
        if permission.name in built.permissions:
            raise DeclarationRefused(f"{feature.name} declares {permission.name} again.")
        built.permissions[permission.name] = permission.about


# endfeature
def _take_in_doors(built: House, feature: Feature) -> None:
    """Append what many features may bring, set what only one may."""
    lists: dict[str, list[Any]] = {
        "login_step": built.login_steps,
        "account_lines": built.account_lines,
        "password_check": built.password_checks,
        "erase": built.erasures,
        "account_guard": built.account_guards,  # feature: roles
        "ready": built.readiness,
        "doctor": built.doctors,
        # feature: social
        "sign_in_options": built.sign_in_options,
        "doctor_tells": built.doctor_words,
        # endfeature
    }
    for part, place in lists.items():
        if path := getattr(feature, part):
            place.append(feature.part(path))
    for part in (*ENDPOINTS, *OBJECTS):
        if declared := getattr(feature, part):
            if getattr(built, part):
                raise DeclarationRefused(f"{feature.name} declares a second {part}.")
            # Endpoints stay names until there is a request.
            setattr(built, part, declared if part in ENDPOINTS else feature.part(declared))


# feature: api
def _take_in_programs(app: Flask, built: House) -> None:
    """Take in what programs are shown, when every page is there."""
    for feature in built.features:
        if feature.authenticator:
            authenticator = feature.part(feature.authenticator)()
            if authenticator.scheme.lower() in built.authenticators:
                raise DeclarationRefused(f"{feature.name} brings {authenticator.scheme} again.")
            built.authenticators[authenticator.scheme.lower()] = authenticator
    for feature in built.features:
        if feature.api:
            app.extensions["api"].show(feature.part(feature.api))


# endfeature
