"""Extension points: how features add to each other without knowing each other.

An extension point is a typed constant in the module of whoever asks. A feature that has something
to contribute imports it in its ``init_app`` and adds to it. So no module names a feature that may
be absent, and removing a feature's folder removes its extension points.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, cast

from flask import Flask, current_app

Contribution = TypeVar("Contribution")

# Keys of ``app.extensions``.
CONTRIBUTIONS = "contributions"
REGISTERING = "registering"


class ContributionRefused(Exception):
    """A contribution to an extension point is wrong; the message names the feature."""


@contextmanager
def registering(app: Flask, name: str) -> Iterator[None]:
    """Say on whose behalf contributions are added, until the end of the block.

    Args:
        app: the application that is being built.
        name: the feature.
    """
    app.extensions[REGISTERING] = name
    try:
        yield
    finally:
        del app.extensions[REGISTERING]


class ExtensionPoint(Generic[Contribution]):
    """What any number of features contribute to one purpose, in the order of FEATURES.

    Args:
        name: the module and the constant, e.g. ``login.LOGIN_STEPS``.
        kind: the class of a contribution, or ``callable``.
        key: from a contribution to what no two of them may share; by default, itself.
    """

    def __init__(
        self,
        name: str,
        kind: type | Callable[[object], bool],
        key: Callable[[Contribution], object] = lambda contribution: contribution,
    ) -> None:
        self.name = name
        self.kind = kind
        self.key = key

    def add(self, app: Flask, *contributions: Contribution) -> None:
        """Add what a feature contributes.

        Raises:
            ContributionRefused: one is of the wrong kind, or is there already.
        """
        by_feature = self.by_feature(app)
        feature = app.extensions.get(REGISTERING, "the application")
        for contribution in contributions:
            self._check(feature, contribution, by_feature)
            by_feature = (*by_feature, (feature, contribution))
        app.extensions.setdefault(CONTRIBUTIONS, {})[self] = by_feature
        app.extensions[self.name] = tuple(contribution for _, contribution in by_feature)

    def _check(
        self,
        feature: str,
        contribution: Contribution,
        present: tuple[tuple[str, Contribution], ...],
    ) -> None:
        if isinstance(self.kind, type):
            fits = isinstance(contribution, self.kind)
        else:
            fits = self.kind(contribution)
        if not fits:
            raise ContributionRefused(
                f"{feature}: {self.name} takes {_words(self.kind)}, not {contribution!r}."
            )
        key = self.key(contribution)
        for owner, other in present:
            if self.key(other) == key:
                raise ContributionRefused(
                    f"{feature}: {self.name} has {key!r} already, from {owner}."
                )

    def __iter__(self) -> Iterator[Contribution]:
        """Yield the contributions in the current application."""
        return iter(current_app.extensions.get(self.name, ()))

    def by_feature(self, app: Flask) -> tuple[tuple[str, Contribution], ...]:
        """Return each contribution with the name of the feature that added it."""
        known = app.extensions.get(CONTRIBUTIONS, {})
        return cast(tuple[tuple[str, Contribution], ...], known.get(self, ()))


class SingleExtensionPoint(ExtensionPoint[Contribution]):
    """What one feature contributes, if any does."""

    def _check(
        self,
        feature: str,
        contribution: Contribution,
        present: tuple[tuple[str, Contribution], ...],
    ) -> None:
        super()._check(feature, contribution, present)
        for other, _ in present:
            raise ContributionRefused(
                f"{feature}: {self.name} takes one contribution, and {other} has added it."
            )

    def get(self) -> Contribution | None:
        """Return the contribution in the current application; None if there is none."""
        return next(iter(self), None)


def _words(kind: Any) -> str:
    return "a function" if kind is callable else f"a {kind.__name__}"
