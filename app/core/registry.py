"""The registry: the features of one application, checked against the list and registered."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import cast

from flask import Flask, current_app

from app.core.extension import ExtensionPoint, registering
from app.core.feature import Feature


class DeclarationRefused(Exception):
    """A declaration contradicts the list of features or another declaration."""


class UnknownPermission(Exception):
    """No feature declares this permission, so no role could ever hold it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"No feature declares the permission {what}.")


# Called when every feature is registered. They raise SettingsRefused, and nothing is served.
START_CHECKS = ExtensionPoint[Callable[[Flask], None]]("core.registry.START_CHECKS", callable)


@dataclass
class Registry:
    """What the features of one application declare.

    Args:
        features: in the order of FEATURES.
        permissions: what each declared permission allows, by its name.
    """

    features: tuple[Feature, ...]
    permissions: dict[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Return whether a feature is registered."""
        return any(feature.name == name for feature in self.features)


def registry() -> Registry:
    """Return the registry of the current application."""
    return cast(Registry, current_app.extensions["registry"])


def load_features(names: Iterable[str]) -> tuple[Feature, ...]:
    """Import the declarations, events among them, and check them against the list.

    Raises:
        DeclarationRefused: a name is twice in the list, a declaration has another name than its
            folder, or something needed does not come before.
    """
    loaded: dict[str, Feature] = {}
    for name in names:
        if name in loaded:
            raise DeclarationRefused(f"{name} is listed twice in app/features.py.")
        package = import_module(f"app.{name}")
        feature = cast(Feature, package.feature)
        if feature.name != name:
            raise DeclarationRefused(f"app/{name} declares itself as {feature.name}.")
        missing = [need for need in feature.needs if need not in loaded]
        if missing:
            raise DeclarationRefused(
                f"{name} needs {', '.join(missing)} before it in app/features.py."
            )
        loaded[name] = feature
        if "events" in _modules(package):
            import_module(f"app.{name}.events")
    return tuple(loaded.values())


def register_features(app: Flask, features: tuple[Feature, ...]) -> None:
    """Register each feature in order, and after it its bridges to the features before it.

    Raises:
        DeclarationRefused: a feature has no ``init_app``, two declare the same permission, or a
            bridge lies with the earlier of its two features.
        ContributionRefused: what a feature adds to an extension point is wrong.
        SettingsRefused: a feature finds settings wrong, now that it knows the others.
    """
    app.extensions["registry"] = Registry(features, _permissions(features))
    names = [feature.name for feature in features]
    for feature in features:
        package = import_module(f"app.{feature.name}")
        with registering(app, feature.name):
            _register(app, package)
            for bridge in bridges(package, names):
                _register(app, bridge)
    for _, check in START_CHECKS.by_feature(app):
        check(app)


def bridges(package: ModuleType, names: list[str]) -> Iterator[ModuleType]:
    """Yield the bridges of a feature: its modules that are named after other features, or several.

    Args:
        package: of the feature.
        names: of all features that are there, in their order.

    Raises:
        DeclarationRefused: one is named after a later feature, with which it must lie.
    """
    home = package.__name__.rpartition(".")[2]
    words = "|".join(name for name in names if name != home)
    name_of_bridge = re.compile(rf"({words})(_({words}))*")
    for module in _modules(package):
        if words and name_of_bridge.fullmatch(module):
            for later in names[names.index(home) + 1 :]:
                if f"_{later}_" in f"_{module}_":
                    raise DeclarationRefused(
                        f"{later} comes after {home} in app/features.py, so app/{home}/"
                        f"{module}.py belongs in app/{later}."
                    )
            yield import_module(f"{package.__name__}.{module}")


def _modules(package: ModuleType) -> list[str]:
    return [found.name for found in iter_modules(getattr(package, "__path__", ()))]


def _register(app: Flask, module: ModuleType) -> None:
    if not hasattr(module, "init_app"):
        raise DeclarationRefused(f"{module.__name__} has no init_app(app).")
    module.init_app(app)


def _permissions(features: tuple[Feature, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for feature in features:
        for permission in feature.permissions:
            if permission.name in found:
                raise DeclarationRefused(f"{feature.name} declares {permission.name} again.")
            found[permission.name] = permission.about
    return found
