"""A feature that a test adds to the application, as a project would add one of its own."""

import sys
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask

import app as package
from app.core.feature import Feature


def nothing(_: Flask) -> None:
    """Register nothing."""


def add_feature(
    monkeypatch: pytest.MonkeyPatch, feature: Feature, init_app: Callable[[Flask], None] = nothing
) -> None:
    """Put a feature at the end of FEATURES, for applications that are created from now on."""
    module = ModuleType(f"app.{feature.name}")
    module.__path__ = []
    vars(module).update(feature=feature, init_app=init_app)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(package, "FEATURES", [*package.FEATURES, feature.name])
