"""An application made for these pages alone, from the settings of the example."""

from functools import cache
from io import StringIO

from dotenv import dotenv_values
from flask import Flask

from app import create_app
from app.core.environment import fresh_secret
from app.core.project import ROOT
from app.core.settings import EXAMPLE_SECRET


@cache
def application() -> Flask:
    """Return it, with a fresh secret wherever the example has none."""
    example = (ROOT / ".env.example").read_text("utf-8")
    while EXAMPLE_SECRET in example:
        example = example.replace(EXAMPLE_SECRET, fresh_secret(), 1)
    settings = {
        name: value or "" for name, value in dotenv_values(stream=StringIO(example)).items()
    }
    return create_app(settings)
